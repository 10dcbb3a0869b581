"""HTML of a mail as the Markdown that its writer would have typed: sanitised first, then turned into text.

What comes out is typed text like any other and goes through the same sanitiser as what a form sends.
"""

import re
from html import unescape
from html.parser import HTMLParser

import nh3

from .limits import MOST_TAGS

HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
BLOCKS = {"p", "div", "ul", "ol", "table", "tr", "blockquote", "pre", *HEADINGS}
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "s": "~~", "del": "~~"}
APART = {"p", "ul", "ol", "table", "blockquote", "pre", *HEADINGS}
TAGS = BLOCKS | set(MARKS) | {"a", "br", "hr", "li", "td", "th"}
# Where Outlook begins what it quotes; others mark quotations with blockquote.
OUTLOOK = re.compile(
    r"""<[a-z]{1,10}\s[^<>]{0,300}?\bid\s?=\s?["']?(?:x_)?(?:divRplyFwdMsg|appendonsend|stopSpelling)\b"""
)
ORIGINAL = "-----Original Message-----"
ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
BLANK_LINES = re.compile(r"\n{3,}")
MOST_QUOTED = 20


def text_of_html(html):
    """What a reader of this HTML would see, as Markdown."""
    if html.count("<") > MOST_TAGS:
        return unescape(ANY_TAG.sub(" ", html))
    html = OUTLOOK.sub(rf"<p>{ORIGINAL}</p>\g<0>", html)
    clean = nh3.clean(
        html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None,
        clean_content_tags={"script", "style", "title", "head"}, strip_comments=True,
    )  # fmt: skip
    writer = Writer()
    writer.feed(clean)
    writer.close()
    return writer.text()


class Writer(HTMLParser):
    """Writes text for well-formed HTML; a quotation is written apart and then put behind its signs."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.layers = [[]]
        self.links, self.lists, self.inside_pre = [], [], 0

    def text(self):
        while len(self.layers) > 1:
            self._end_quotation()
        return tidy("".join(self.layers[0]))

    def handle_starttag(self, tag, attrs):
        if tag in APART:
            self._write("\n\n")
        elif tag in BLOCKS or tag == "li":
            self._new_line()
        if tag == "blockquote" and len(self.layers) <= MOST_QUOTED:
            self.layers.append([])
        elif tag == "br":
            self._write("\n")
        elif tag == "hr":
            self._write("\n\n---\n\n")
        elif tag == "pre":
            self.inside_pre += 1
            self._write("```\n")
        elif tag in HEADINGS:
            self._write(HEADINGS[tag])
        elif tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._write("  " * max(len(self.lists) - 1, 0) + self._bullet())
        elif tag in {"td", "th"} and not self._ends_line():
            self._write(" ")
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.layers[-1])))
        elif tag in MARKS and not self.inside_pre:
            self._write(MARKS[tag])

    def handle_endtag(self, tag):
        if tag == "blockquote" and len(self.layers) > 1:
            self._end_quotation()
        elif tag == "pre" and self.inside_pre:
            self.inside_pre -= 1
            self._new_line()
            self._write("```\n\n")
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag == "a" and self.links:
            self._end_link(*self.links.pop())
        elif tag in MARKS and not self.inside_pre:
            self._end_mark(MARKS[tag])
        if tag in APART:
            self._write("\n\n")
        elif tag in BLOCKS or tag == "li":
            self._new_line()

    def handle_data(self, data):
        data = data.replace("\u200b", "").replace("\ufeff", "")
        if not self.inside_pre:
            data = re.sub(r"[ \t\n\r\f\xa0]+", " ", data)
            if data == " " and self._ends_line():
                return
            data = data.lstrip(" ") if self._ends_line() else data
        self._write(data)

    def _write(self, text):
        if text:
            self.layers[-1].append(text)

    def _ends_line(self):
        return not self.layers[-1] or self.layers[-1][-1].endswith("\n")

    def _new_line(self):
        if not self._ends_line():
            self._write("\n")

    def _bullet(self):
        if self.lists and self.lists[-1] is not None:
            self.lists[-1] += 1
            return f"{self.lists[-1]}. "
        return "- "

    def _end_quotation(self):
        quoted = tidy("".join(self.layers.pop()))
        self._write("\n" + "\n".join(f"> {line}".rstrip() for line in quoted.split("\n")) + "\n")

    def _end_link(self, href, start):
        layer = self.layers[-1]
        words = "".join(layer[start:])
        shown = " ".join(words.split())
        if not href or not shown or "\n\n" in words:
            return
        bare = shown.rstrip("/") in {href.rstrip("/"), href.split("//", 1)[-1].rstrip("/")}
        shown = shown.replace("[", "").replace("]", "")
        del layer[start:]
        layer.append(href if bare else f"[{shown}]({href.replace(' ', '%20').replace('(', '%28').replace(')', '%29')})")

    def _end_mark(self, mark):
        """Close emphasis; what stands around nothing is taken out, and spaces go outside."""
        layer = self.layers[-1]
        if layer and layer[-1] == mark:
            layer.pop()
            return
        held = layer.pop() if layer else ""
        bare = held.rstrip()
        self._write(bare + mark + held[len(bare) :])


def tidy(text):
    lines = [line.rstrip() if not line.endswith("-- ") else "-- " for line in text.split("\n")]
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
