"""Changes to the parsed tree before it is sanitised.

This is the one place for links that depend on the platform, such as @ada or #N-7/c3: find them here in the
texts of the tree, outside `a`, `code` and `math`. Never edit the HTML afterwards.
"""

import re
from xml.etree import ElementTree

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
FOOTNOTE = re.compile(r"#?(fn|fnref)(\d*):(.*)", re.DOTALL)
TASK = re.compile(r"\s*\[([ xX])\]\s")


class Platform(Treeprocessor):
    """Give headings, images, tables, footnotes and task lists the form that they have on this platform."""

    digest = ""  # set for each text: keeps the anchors of two comments on one page apart

    def run(self, root):
        self.footnotes = {}
        for parent in list(root.iter()):
            for position, child in enumerate(parent):
                if child.tag == "img":
                    parent[position] = _image_as_link(child)
                elif child.tag == "table":
                    parent[position] = _in_a_scrolling_box(child)
        for element in root.iter():
            self._settle(element)
        for link in root.iter("a"):
            _unwrap_inner_links(link)

    def _settle(self, element):
        tag = element.tag
        if tag in HEADINGS:
            element.tag = HEADINGS[tag]
        elif tag == "pre":
            element.set("tabindex", "0")  # long lines scroll, and scrolling must work by keyboard
        elif tag == "li":
            _show_task(element)
        elif tag in ("th", "td") and element.get("align"):
            element.set("class", element.attrib.pop("align"))
        elif tag == "div" and element.get("class") == "footnote":
            element.set("class", "footnotes")
        elif tag == "a" and element.get("class") == "footnote-backref":
            element.set("aria-label", "Back to the text")
        self._settle_anchors(element)

    def _settle_anchors(self, element):
        for name in ("id", "href"):
            value = element.get(name)
            match = FOOTNOTE.fullmatch(value) if value else None
            if match:
                element.set(name, ("#" if name == "href" else "") + self._anchor(*match.groups()))

    def _anchor(self, kind, repeat, label):
        number = self.footnotes.setdefault(label, len(self.footnotes) + 1)
        return f"{kind}-{self.digest}-{number}" + (f"-{repeat}" if repeat else "")


def _image_as_link(image):
    """Pictures from elsewhere would tell a stranger who reads this page: show where they are instead."""
    address = image.get("src", "")
    link = ElementTree.Element("a", {"href": address})
    link.text = AtomicString(image.get("alt") or address)
    link.tail = image.tail
    return link


def _in_a_scrolling_box(table):
    box = ElementTree.Element("div", {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": "Table"})
    box.append(table)
    box.tail, table.tail = table.tail, None
    return box


def _show_task(item):
    """Put a box in front of "[ ] open" and "[x] done"; a sign, not a form field that nobody can use."""
    holder = item
    if not (item.text or "").strip() and len(item) and item[0].tag == "p":
        holder = item[0]
    match = TASK.match(holder.text or "")
    if not match:
        return
    done = match[1] != " "
    box = ElementTree.Element("span", {"class": "task", "role": "img", "aria-label": "Done" if done else "Not done"})
    box.text = "☑" if done else "☐"
    box.tail = " " + holder.text[match.end() :]
    holder.text = None
    holder.insert(0, box)


def _unwrap_inner_links(link):
    """A link cannot hold a link: a picture that was one is shown by its words."""
    for inner in list(link.iter("a"))[1:]:
        inner.tag = "span"
        inner.attrib.clear()
