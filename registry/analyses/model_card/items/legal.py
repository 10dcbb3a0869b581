"""Under which licence it may be used, and what to cite."""

import re

from ..evidence import Evidence, content, thin
from ..licence import find_licences
from ..substance import words_in


def licence(card):
    """A licence id in the front matter suffices; “other” without a name or link is thin."""
    for found in find_licences(card):
        yield Evidence(found.strength, found.start, found.end)


PAPER_URL = re.compile(
    r"arxiv\.org|doi\.org|aclweb\.org|aclanthology|openreview\.net|semanticscholar|proceedings"
    r"|papers?\.(?:nips|neurips)|\.pdf\b|ieeexplore|dl\.acm\.org|biorxiv|medrxiv|springer|sciencedirect"
    r"|nature\.com|paperswithcode\.com/paper|hal\.|/publications?/|lrec-conf|isca-speech|researchgate"
    r"|/papers?/",
    re.IGNORECASE,
)
OWN_PAPER = re.compile(
    r"\b(?:our|this|the|accompanying|associated|original|companion|related"
    r"|official) (?:[\w-]+ ){0,2}(?:papers?|article|preprint|publication|work|report)\b|\b(?:was|were|is"
    r"|are) (?:first )?(?:introduced|proposed|presented|described|released)"
    r"|described in|introduced in|presented in|proposed in|details? (?:are|can be|is) .{0,30}(?:in|at|here)"
    r"|paper presenting|paper ?:|\bpaper link\b|technical report|please cite|blog ?post and|accepted (?:at"
    r"|in|to)"
    r"|\bcorresponding to the paper|from the paper|associated with|method described|\bpublished (?:at|in)\b"
    r"|in the paper|see .{0,20}paper|nuestro (?:artículo|paper)|nosso artigo|notre article|unserem? paper"
    r"|наш\w* стать|论文|論文|논문",
    re.IGNORECASE,
)
ADAPTED = re.compile(r"fine-?tuned?\b|finetuned\b|fine-?tuning of|distilled|quantized|ported", re.IGNORECASE)
NON_PAPER = re.compile(
    r"model cards for model reporting|1810\.03993|lessons from archives|1912\.10389|1910\.09700"
    r"|quantifying the carbon",
    re.IGNORECASE,
)


def citation(card):
    """An entry or a link to this model's paper; only papers of the method or the base model are thin."""
    adapted = is_adapted(card)
    for entry in card.entries:
        named = entry.fields.get("title") and entry.fields.get("author") and "..." not in entry.key
        yield content(entry) if named and (not adapted or is_own_entry(card, entry)) else thin(entry)
    for unit in card.prose:
        yield from cited_in(unit, adapted)
    for section in card.sections_on("citation"):
        yield thin(section)


def cited_in(unit, adapted):
    under = (
        unit.section.own and "citation" in unit.section.topics and not unit.section.within("training_data")
    )
    if NON_PAPER.search(unit.raw) and not re.search(r"\bour\b|diffusion models described", unit.plain):
        return
    links = [url for _, _, _, url in unit.links if PAPER_URL.search(url)]
    labelled = [
        url for _, _, label, url in unit.links if re.search(r"\bpaper\b|论文|論文", label, re.IGNORECASE)
    ]
    about_data = re.search(
        r"\b(?:data ?set|corpus|trained (?:on|with|using)|metric|tokenizer|objective|optimizer)\b",
        unit.plain,
        re.IGNORECASE,
    )
    if under and (
        links
        or labelled
        or re.search(r"\[[^\]]*paper[^\]]*\]\[|arxiv[: ]\d{4}\.\d+", unit.raw, re.IGNORECASE)
    ):
        yield (
            thin(unit)
            if adapted and unit.section.level < 8 and not re.search(r"\bour\b|cite", unit.plain, re.I)
            else content(unit)
        )
    elif links and words_in(unit.plain) <= 6 and not adapted and re.search(r"\bpaper\b", unit.plain, re.I):
        yield content(unit)
    elif under and any(words_in(label) >= 4 for _, _, label, _ in unit.links) and not adapted:
        yield content(unit)
    elif under and unit.section.level == 8 and words_in(unit.plain) >= 5 and not unit.pointer:
        yield content(unit)
    elif under and re.search(r"\b(?:19|20)\d\d\b", unit.plain) and words_in(unit.plain) >= 8 and not adapted:
        yield content(unit)
    elif (links or labelled) and re.search(
        r"\bour (?:\w+ ){0,2}(?:paper|publication|article|preprint|work)\b|paper presenting", unit.plain, re.I
    ):
        yield content(unit)
    elif (links or labelled) and OWN_PAPER.search(unit.plain) and not adapted and not about_data:
        yield content(unit)
    elif links and not re.search(r"\b(?:we (?:use|also use)|follow)\b", unit.plain, re.I):
        yield thin(unit)


def is_adapted(card):
    """Whether the card says of itself that it adapts another's model."""
    if card.title and re.search(r"fine-?tuned|finetuned", card.title.title, re.IGNORECASE):
        return True
    first = [unit for unit in card.prose if words_in(unit.plain) >= 5][:2]
    return any(
        re.search(r"^.{0,160}\bfine-?tuned\b|^.{0,160}\bfinetuned\b", unit.plain, re.IGNORECASE)
        for unit in first
    )


def is_own_entry(card, entry):
    """Whether an entry is offered as this model's own: asked for, or sharing the model's name."""
    text = card.text[max(0, entry.start - 400) : entry.start].lower()
    if re.search(r"\bour\b|cite (?:us|this|as)|if you (?:use|find)|please cite|\bcit(?:e|ing|ation)\b", text):
        return True
    title = card.title.title.lower() if card.title else ""
    words = {w for w in re.findall(r"[a-z][a-z0-9]{3,}", entry.fields.get("title", "").lower())}
    return bool(
        words & set(re.findall(r"[a-z][a-z0-9]{3,}", title)) - {"model", "bert", "base", "language", "large"}
    )
