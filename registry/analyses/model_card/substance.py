"""Whether words say something: plain text of Markdown, placeholders, mere pointers."""

import re

LINK = re.compile(r"!?\[([^\]]{0,500})\](?:\([^)\s\[]{0,1000}(?:\s[^)]{0,200})?\)|\[[^\]]{0,80}\])")
IMAGE = re.compile(r"!\[[^\]]{0,500}\]\([^)\[]{0,1000}\)|<img\b[^>]{0,4000}>")
TAG = re.compile(r"</?[A-Za-z][^>]{0,1000}>")
INLINE_LINK = re.compile(r"(?<!!)\[([^\]]{0,500})\]\(<?([^)\s>\[]{1,1000})>?(?:\s[^)]{0,200})?\)")
URL = re.compile(r"<?\bhttps?://[^\s)>\]]{1,2000}>?")
EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)|~~|`{1,3}")
LEAD = re.compile(r"^[ \t>]*(?:(?:[-*+•–]|\d{1,3}[.)])[ \t]+)?(?:\[[ xX]\][ \t]+)?")
SHORTCODE = re.compile(r":[a-z_]{3,40}:")

PLACEHOLDERS = re.compile(
    r"more information needed|information needed|\|missing\||to ?be ?(?:added|done|completed|determined"
    r"|announced|filled)"
    r"|\bto-?do\b(?!list)|\btbd\b|\btba\b|\bfixme\b|coming soon|work in progress|^in progress\b|forthcoming"
    r"|^missing\b|\bmissing [a-z]+_[a-z]+\b|probably need to be grabbed|lorem ipsum|under construction"
    r"|fill (?:this )?in"
    r"|^this model (?:is intended for the use of|has (?:has )?the(?:se|following)? ?(?:limitations"
    r"|following privacy concerns))\W*$"
    r"|^\W*(?:n/?a|none|unknown|not (?:yet )?(?:specified|available|provided|stated)|-+|\.{3,}|…|xxx+"
    r"|\?+)\W*$"
    r"|^\[[^\]\n]{2,80}\]$|^<[^>\n]{2,60}>$|\{\{.{0,300}\}\}|\[(?:your|insert|add|model|name|date"
    r"|version)[^\]]{0,60}\]"
    r"|^(?:optional|placeholder|empty|template)\W*$|^describe the data you used"
    r"|^provide examples of latent issues"
    r"|you can embed local or remote images|^you can include sample code which"
    r"|^preprocessing, hardware used, hyperparameters"
    r"|^this section (?:describes|provides|addresses|identifies|lists|is (?:for|meant)|defines|contains"
    r"|should|discusses)"
    r"|^(?:it )?provides information for anyone|^(?:this section )?.{0,40}is relevant for anyone who wants"
    r"|^click (?:here )?to expand|^use the code below to get started|^a completer|^à compléter"
    r"|^por completar|^a definir"
    r"|^pendiente|^en cours|^zu ergänzen|^folgt|^daha sonra|^segera hadir|^待补充|^待完善|^暂无|^未完"
    r"|^準備中|^작성 중"
    r"|^скоро",
    re.IGNORECASE,
)
POINTER = re.compile(
    r"(?:for |you can find |find )?(?:more|further|additional|full|all the|detailed|training"
    r"|the)?\s*(?:information|details?|reading)"
    r"|(?:please )?(?:see|refer(?: to)?|check(?: ?out)?|consult|visit|read|look at|find)\b"
    r"|(?:can be|is|are) (?:found|described|available|given|provided|reported|detailed|explained"
    r"|listed)\b.{0,60}(?:\bin\b|\bat\b|here|on)"
    r"|(?:siehe|voir|véase|ver|veja|vedi|参见|请参阅|詳細は|см\.|подробнее)",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]{2,}", re.UNICODE)
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def plain(raw: str) -> str:
    """The words of a piece of Markdown, on one line."""
    text = raw
    # Each pattern is tried only where its closing part occurs: openers alone would cost much for nothing.
    if "](" in text or "][" in text:
        text = LINK.sub(r"\1", IMAGE.sub(" ", text))
    if ">" in text:
        text = TAG.sub(" ", IMAGE.sub(" ", text))
    text = SHORTCODE.sub(" ", text)
    text = re.sub(r"\n[ \t]*>?[ \t]*", " ", LEAD.sub("", text))
    text = EMPHASIS.sub("", text.replace("&nbsp;", " ").replace("\\_", "_"))
    return re.sub(r"\s+", " ", text).strip(" \ufeff")


def words_in(text: str) -> int:
    """Words, where each two characters of a script without spaces count as one."""
    return len(WORD.findall(CJK.sub(" ", text))) + len(CJK.findall(text)) // 2


def is_placeholder(text: str) -> bool:
    """Nothing, a stand-in for text to come, or a template's own instruction."""
    stripped = text.strip(" .:;*_-–—()[]|>#\t")
    if not stripped or not re.search(r"\w", stripped):
        return True
    match = PLACEHOLDERS.search(text.strip(" *_>"))
    # A long sentence that merely mentions what is to come still says something.
    return bool(match) and words_in(text) - words_in(match[0]) <= 9


def is_pointer(raw: str, text: str) -> bool:
    """A link or a mention of another place and nothing else to learn."""
    without = re.sub(r"\s+", " ", URL.sub(" ", LINK.sub(" ", raw)))
    if words_in(without) <= 2:
        return bool(URL.search(raw) or LINK.search(raw)) and words_in(text) <= 8
    match = POINTER.search(text)
    return (
        bool(match)
        and match.start() < 60
        and words_in(text) <= 24
        and not re.search(r"\d{2,}(?!\d*[-/.]\d)", without)
    )


def links_in(raw: str) -> list[tuple[int, int, str, str]]:
    """(start, end, label, url) of each link and bare address."""
    found = [(m.start(), m.end(), m[1], m[2]) for m in INLINE_LINK.finditer(raw)] if "](" in raw else []
    rest = list(raw)
    for start, end, _, _ in found:
        rest[start:end] = " " * (end - start)
    for match in URL.finditer("".join(rest)) if "://" in raw else ():
        found.append((match.start(), match.end(), "", match[0].strip("<>").rstrip(".,;:'\"")))
    return sorted(found)
