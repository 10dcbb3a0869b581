"""The last step before storing: an explicit allow-list, so nothing a parser lets through reaches a page."""

import re

import nh3

from registry.core.markdown.limits import MAX_LEVELS, TooDeep

MATHML = frozenset(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover "
    "mtable mtr mtd mstyle mpadded mphantom menclose mmultiscripts mprescripts".split()
)
HTML = frozenset(
    "p br hr h3 h4 h5 h6 ul ol li blockquote pre code em strong del a table thead tbody tr th td div sup span".split()
)
MATH_ATTRIBUTES = frozenset(
    "display displaystyle scriptlevel stretchy fence form separator accent accentunder movablelimits "
    "largeop symmetric mathvariant linethickness columnalign minsize maxsize lspace rspace width "
    "notation".split()
)
ATTRIBUTES = {
    "a": {"href", "id", "class", "aria-label"},
    "li": {"id"},
    "sup": {"id"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "span": {"class", "role", "aria-label"},
    "code": {"class"},
    "th": {"class"},
    "td": {"class"},
    **{tag: set(MATH_ATTRIBUTES) for tag in MATHML},
}
CLASSES = {
    "a": {"footnote-ref", "footnote-backref"},
    "div": {"scroll", "footnotes"},
    "span": {"task"},
    "th": {"left", "center", "right"},
    "td": {"left", "center", "right"},
}
FIXED = {
    "tabindex": {"0"},
    "role": {"group", "img"},
    "aria-label": {"Table", "Formula", "Done", "Not done", "Back to the text"},
}
ANCHOR = r"fn(?:ref)?-[0-9a-f]{8}-[0-9]{1,5}(?:-[0-9]{1,5})?"
LANGUAGE = re.compile(r"language-[a-z0-9][a-z0-9+#._-]{0,30}|math", re.ASCII)
MATH_VALUE = re.compile(r"[+-]?[0-9]{0,2}(?:\.[0-9]{1,4})?(?:em|ex|mu|px|pt)?|[a-z][a-z -]{0,40}", re.ASCII)
ID = re.compile(ANCHOR)
# Kept: absolute web and mail addresses, pages of this site, anchors made here. A path may not start
# with two slashes or a backslash, which browsers read as another host.
IN_HREF = r"[^\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
HREF = re.compile(rf"(?:https?://|mailto:){IN_HREF}+|/(?![/\\]){IN_HREF}*|#{ANCHOR}", re.IGNORECASE)
START = re.compile(r"[0-9]{1,9}")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
VOID = frozenset({"br", "hr", "img", "input"})


def sanitise(html):
    """Refuse what nests too deep, then keep only allowed elements, attributes and addresses."""
    if nesting(html) > MAX_LEVELS:
        raise TooDeep
    return _cleaner.clean(html)


def nesting(html):
    """How many elements are open at once at most, by one pass over the tags."""
    depth = deepest = 0
    for closing, name in TAG.findall(html):
        if name in VOID:
            continue
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest


def _allowed(tag, attribute, value):
    return value if _value_is_allowed(tag, attribute, value) else None


def _value_is_allowed(tag, attribute, value):
    if attribute == "href":
        return HREF.fullmatch(value)
    if attribute == "id":
        return ID.fullmatch(value)
    if attribute == "class":
        return LANGUAGE.fullmatch(value) if tag == "code" else value in CLASSES.get(tag, ())
    if attribute == "start":
        return START.fullmatch(value)
    if attribute in FIXED:
        return value in FIXED[attribute]
    if attribute == "rel":
        return True  # written by nh3 itself
    return tag in MATHML and MATH_VALUE.fullmatch(value)


_cleaner = nh3.Cleaner(
    tags=set(HTML | MATHML),
    clean_content_tags={"script", "style"},
    attributes=ATTRIBUTES,
    attribute_filter=_allowed,
    link_rel="nofollow ugc noopener",
    url_schemes={"http", "https", "mailto"},
    strip_comments=True,
)
