"""The licence a card states: where, in which words, and which SPDX identifier they mean."""

import re
from dataclasses import dataclass

from .evidence import CONTENT, THIN
from .spdx import NAMED, spdx_of
from .substance import words_in

MENTION = re.compile(
    r"licen[sc]|lizenz|licencia|licença|licenza|лицензи|许可|授权|ライセンス|라이[선센]스|lisans|lisensi",
    re.IGNORECASE,
)
OF_DATA = re.compile(
    r"\b(?:data ?sets?|data|corpus|corpora|images?|texts?|articles|code(?:base)?|photos|wikipedia"
    r"|paper)\b(?! (?:and|&) (?:the )?(?:models?|weights)).{0,80}\blicen[sc]",
    re.IGNORECASE,
)
OF_MODEL = re.compile(r"\b(?:models?|weights|checkpoints?)\b", re.IGNORECASE)
UNDER = re.compile(
    r"(?:licensed|licenced|released|distributed|available|provided|published|licence|license"
    r"|covered)\b.{0,40}?\bunder\b(?: the| an?)? (.{2,80}?)(?:[.;]|$|,? which| and can| for )",
    re.IGNORECASE,
)
PART = re.compile(
    r"\b(?:model )?(code|weights|data|models?(?! weights))\b[^.,;]{0,40}\bunder (?:the "
    r"|an? )?([\w+. -]{2,40}?)(?: licen[sc]e)?(?=[,;]| and |\.?$|\. )",
    re.IGNORECASE,
)
UNSTATED = re.compile(r"^(?:unknown|other|none|n/?a|tbd|to be determined|\?+|-+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Licence:
    """A stated licence; `strength` says whether a reader learns which one it is."""

    value: str | None
    strength: str
    start: int
    end: int
    source: str  # front matter, field, section or sentence

    @property
    def spdx(self):
        return spdx_of(self.value) if self.value else None


def find_licences(card) -> list[Licence]:
    """Every statement of the model's licence, front matter first, then fields, sections and sentences."""
    found = [*in_front_matter(card), *under_headings(card), *in_sentences(card)]
    rank = {"front matter": 0, "field": 1, "section": 2, "sentence": 3}
    return sorted(
        found, key=lambda licence: (licence.strength != CONTENT, rank[licence.source], licence.start)
    )


def in_front_matter(card):
    front_matter = card.front_matter
    key = next((k for k in ("license", "licence", "licenses") if k in front_matter.data), None)
    if key is None:
        return
    span = front_matter.span(key) or (front_matter.start, front_matter.end)
    stated = front_matter.data[key]
    values = [
        str(v) for v in (stated if isinstance(stated, list) else [stated]) if isinstance(v, (str, int, float))
    ]
    value = ", ".join(v.strip() for v in values if v.strip())
    extra = front_matter.get("license_name", "license_link")
    if value.lower() == "other" and isinstance(extra, str):
        yield Licence(extra, CONTENT, *span, "front matter")
    elif not value or UNSTATED.match(value):
        yield Licence(value or None, THIN, *span, "front matter")
    else:
        yield Licence(value[:200], CONTENT, *span, "front matter")


def under_headings(card):
    for section in card.sections_on("licence"):
        source = "field" if section.level == 8 else "section"
        units = [u for u in card.units_of(section) if not u.empty]
        if not units:
            yield Licence(None, THIN, section.start, section.end, source)
        for unit in units[:3]:
            value = stated_in(unit, section)
            # The field's own words are its value; a section's sentence needs a name in it.
            yield Licence(value, CONTENT if value else THIN, unit.start, unit.end, source)


def stated_in(unit, section):
    text = re.sub(r"\s*\((?:link|see[^)]*|here)\)", "", unit.plain).strip(" .")
    parts = PART.findall(unit.plain)
    if len(parts) >= 2:
        return ", ".join(
            f"{name_in(f'under {words}') or words.strip(' .')} ({part.lower()})" for part, words in parts
        )
    if section.level == 8 and words_in(text) <= 14:
        return None if UNSTATED.match(text) else text[:200]
    named = NAMED.search(unit.plain)
    if named and words_in(text) > 3:
        return name_in(unit.plain)
    under = UNDER.search(unit.plain)
    if under:
        return under[1].strip()
    return text[:200] if text and not unit.pointer and words_in(text) <= 30 else None


def in_sentences(card):
    for unit in card.prose:
        if "licence" in unit.section.topics and unit.section.own or "citation" in unit.section.topics:
            continue
        if not MENTION.search(unit.plain) or (OF_DATA.search(unit.plain) and not OF_MODEL.search(unit.plain)):
            continue
        if unit.section.own and "training_data" in unit.section.topics and not OF_MODEL.search(unit.plain):
            continue
        value = name_in(unit.plain)
        if value:
            yield Licence(value, CONTENT, unit.start, unit.end, "sentence")
        elif re.search(
            r"\b(?:our|the|this|model|bloom|its) licen[sc]e\b|see .{0,30}licen[sc]e|licensed",
            unit.plain,
            re.IGNORECASE,
        ):
            yield Licence(None, THIN, unit.start, unit.end, "sentence")


def name_in(text):
    names = list(dict.fromkeys(match[0].strip(" ,-") for match in NAMED.finditer(text)))
    return ", ".join(re.sub(r"^the ", "", name) for name in names)[:200] or None
