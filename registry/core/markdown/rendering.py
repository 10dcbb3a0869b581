"""Markdown to safe HTML in one call, without a time limit: `registry.core.markdown.render` adds that."""

import html
import re
import threading
from hashlib import blake2s

import markdown
from markdown.serializers import to_html_string

from registry.core.markdown.limits import TooDeep
from registry.core.markdown.links import BARE_URL, MAIL, MENTION, BareUrl, MailAddress, Mention
from registry.core.markdown.maths import INLINE, FormulaBlock, InlineFormula, formula, scrolling
from registry.core.markdown.sanitiser import sanitise
from registry.core.markdown.tree import Platform

PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
LANGUAGE = re.compile(r"[a-z0-9][a-z0-9+#._-]{0,30}", re.ASCII)
# What must not be in stored text, and what would make a reader see another order of the letters than a
# compiler does (Trojan Source): shown instead of obeyed.
SIGNS = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160), 0xFFFE, 0xFFFF)}
SIGNS |= {code: "\N{REPLACEMENT CHARACTER}" for code in range(0xD800, 0xE000)}
SIGNS |= {0x2028: "\n", 0x2029: "\n", 0x85: "\n", 0x0B: "\n", 0x0C: "\n"}
SIGNS |= {
    code: f"⟦{name}⟧"
    for code, name in zip(
        (*range(0x202A, 0x202F), *range(0x2066, 0x206A)),
        ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"),
        strict=True,
    )
}
REFERENCE = re.compile(r"&#(?:[xX]0*[0-9a-fA-F]{1,6}|0*[0-9]{1,7});?")
del SIGNS[0x09], SIGNS[0x0A], SIGNS[0x0D]

_local = threading.local()


def convert(text, people=frozenset()):
    """Render Markdown, with links for `people` who are named by handle; raises TooDeep for what nests without end."""
    parser = _parser()
    parser.inlinePatterns["mention"].people = people
    text = visible(text)
    parser.treeprocessors["platform"].digest = blake2s(text.encode(), digest_size=4).hexdigest()
    try:
        return sanitise(REFERENCE.sub(_visible_reference, parser.convert(text)))
    except RecursionError:
        raise TooDeep from None
    except BaseException:
        _local.parser = None  # whatever went wrong may have left traces in it
        raise
    finally:
        parser.reset()


def plain(text):
    """The text as it was typed, in paragraphs: for what cannot be rendered as Markdown."""
    paragraphs = PARAGRAPHS.split(visible(text).strip("\n"))
    lines = (html.escape(paragraph, quote=False).replace("\n", "<br>\n") for paragraph in paragraphs)
    return sanitise("\n".join(f"<p>{paragraph}</p>" for paragraph in lines if paragraph.strip()))


def visible(text):
    """One kind of line ending, and a visible sign for each character that must not take effect."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(SIGNS)


def _visible_reference(match):
    """The same for a character that was written as a number, such as &#8238;."""
    char = html.unescape(match[0])
    shown = " " if char == "\r" else char.translate(SIGNS)
    return match[0] if shown == char else shown


def _parser():
    parser = getattr(_local, "parser", None)
    if parser is None:
        parser = _local.parser = _build()
    return parser


def _build():
    parser = markdown.Markdown(
        extensions=[
            "tables",
            "footnotes",
            "sane_lists",
            "nl2br",
            "pymdownx.betterem",
            "pymdownx.tilde",
            "pymdownx.superfences",
        ],
        extension_configs={
            "tables": {"use_align_attribute": True},
            "footnotes": {"PLACE_MARKER": "\x02none\x03"},
            "pymdownx.betterem": {"smart_enable": "all"},
            "pymdownx.tilde": {"subscript": False},
            "pymdownx.superfences": {"relaxed_headers": True, "custom_fences": FENCES},
        },
        output_format="html",
    )
    parser.preprocessors.deregister("html_block")
    parser.inlinePatterns.deregister("html")
    parser.inlinePatterns.deregister("automail")
    parser.ESCAPED_CHARS.append("$")
    # Below code spans, above escapes, so that \{ inside a formula stays TeX.
    parser.inlinePatterns.register(InlineFormula(INLINE, parser), "formula", 185)
    parser.inlinePatterns.register(MailAddress(MAIL, parser), "mail", 112)
    parser.inlinePatterns.register(BareUrl(BARE_URL, parser), "bare_url", 111)
    parser.inlinePatterns.register(Mention(MENTION, parser), "mention", 110)
    parser.parser.blockprocessors.register(FormulaBlock(parser.parser), "formula", 85)
    parser.treeprocessors.register(Platform(parser), "platform", -1)  # after everything that makes elements
    return parser


def _code(src, language, class_name, options, md, **_):
    name = (language or "").lower()
    attribute = f' class="language-{name}"' if LANGUAGE.fullmatch(name) else ""
    return f'<pre tabindex="0"><code{attribute}>{html.escape(src, quote=False)}\n</code></pre>'


def _formula_fence(src, language, class_name, options, md, **_):
    return to_html_string(scrolling(formula(src, "block")))


def _accept(language, inputs, options, attrs, md):
    return True  # titles, line numbers and the like after the language are read and left out


FENCES = [
    {"name": "*", "class": "", "format": _code, "validator": _accept},
    {"name": "math", "class": "", "format": _formula_fence, "validator": _accept},
]
