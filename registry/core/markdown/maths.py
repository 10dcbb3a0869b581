"""TeX formulas as presentational MathML, which browsers show without script; what fails is shown as typed."""

import html
import re
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from registry.core.markdown.sanitiser import MATH_ATTRIBUTES, MATHML

MAX_TEX = 1_000
MAX_LEVELS = 30
# A dollar opens a formula if no letter, digit or dollar stands before it and no blank after it; it closes one
# if no blank stands before it and no digit after it. So "$5 and $6" and "US$5/$10" stay prices.
INLINE = r"(?<![\w$\\])\$(\$?)(?![\s$])([^$\x02\x03]{1,1000})(?<!\s)\$\1(?![\w$])"
BLOCK = re.compile(r"\$\$([^$]{1,1000})\$\$", re.DOTALL)
PROSE = re.compile(r"(?<![\\\w])[^\W\d_]{2,}\s|\s[^\W\d_]{2,}(?!\w)")
TEX_SIGN = re.compile(r"[\\^_={}<>+]")
BLANK_LINE = re.compile(r"\n\s*\n")


def formula(tex, display="inline"):
    """An element for a formula: MathML, or the TeX itself in a code element when it cannot be converted."""
    try:
        element = _convert(tex, display)
    except Exception:  # the converter raises KeyError, IndexError and others besides its own errors
        return _as_typed(tex)
    return element


def scrolling(element):
    """A box around a displayed formula that a keyboard can scroll."""
    box = ElementTree.Element("div", {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": "Formula"})
    box.append(element)
    return box


class InlineFormula(InlineProcessor):
    """$…$ and $$…$$ within a line of text."""

    def handleMatch(self, match, data):  # noqa: N802 - the name is Python-Markdown's
        tex = match[2]
        if _is_prose(tex) or BLANK_LINE.search(tex):
            return None, None, None
        return formula(tex, "block" if match[1] else "inline"), match.start(), match.end()


class FormulaBlock(BlockProcessor):
    """$$…$$ as a paragraph of its own, over one line or several."""

    def test(self, parent, block):
        return block.startswith("$$") and BLOCK.fullmatch(block.rstrip()) is not None

    def run(self, parent, blocks):
        tex = BLOCK.fullmatch(blocks.pop(0).rstrip())[1]
        parent.append(scrolling(formula(tex, "block")))


def _is_prose(tex):
    """Whether words stand between the dollars: "$5 for one, 3$" is about money."""
    return not TEX_SIGN.search(tex) and PROSE.search(tex) is not None


def _convert(tex, display):
    if len(tex) > MAX_TEX or not tex.strip():
        raise ValueError("no formula of a usable length")
    tex = tex.replace("{aligned}", "{align*}")  # the converter knows only the starred name
    element = convert_to_element(tex.strip(), display=display)
    element.attrib.pop("xmlns", None)
    _check(element, 0)
    return element


def _check(element, level):
    """Refuse elements outside the allow-list, drop other attributes, keep Markdown off the texts."""
    if element.tag not in MATHML or level > MAX_LEVELS:
        raise ValueError(element.tag)
    for name in set(element.attrib) - MATH_ATTRIBUTES:
        del element.attrib[name]
    if element.text:
        # The converter writes its symbols as character references.
        element.text = AtomicString(html.unescape(element.text))
    for child in element:
        _check(child, level + 1)


def _as_typed(tex):
    code = ElementTree.Element("code", {"class": "math"})
    code.text = AtomicString(tex)
    return code
