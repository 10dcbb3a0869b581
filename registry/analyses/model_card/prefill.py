"""What a card offers to an entry's form: each value with the passage it was taken from, nothing guessed."""

import re

from .front_matter import FrontMatter
from .items import judge
from .items.identity import CARD_TALK, DATE, DOING, MODEL, TASK_TAGS
from .items.legal import NON_PAPER
from .items.people import AFFILIATED, MAKER, NAME, is_made_by
from .languages import find_languages
from .licence import find_licences
from .link_targets import kind_of, name_of, target_of
from .reading import read_card
from .substance import words_in

MAX_SUMMARY = 600
MAX_LINKS = 20
LABELS = {
    "description": "what it is",
    "developer": "who made it",
    "date_version": "its date or version",
    "licence": "its licence",
    "citation": "what to cite",
    "contact": "where to ask",
    "intended_use": "what it is for",
    "out_of_scope": "what it is not for",
    "limitations": "where it fails",
    "bias_risks": "bias and risks",
    "mitigation": "what was done about risks",
    "training_data": "its training data",
    "training_procedure": "how it was trained",
    "evaluation_data": "its evaluation data",
    "results": "its results",
    "disaggregated": "results by group",
    "environment": "its energy use",
    "usage_code": "how to load it",
}


def prefill(text: str) -> dict:
    """Proposed values for an entry; `spans` says for each where in the card it stands."""
    card = read_card(text)
    items = judge(card)
    spans = {}
    proposal = {
        "title": title_of(card, spans),
        "summary": summary_of(card, spans),
        "kind": "model",
        "variants": variants_of(card, spans),
        "licence": licence_of(card, spans),
        "links": links_of(card, spans),
        "date": date_of(card, spans),
        "developer": developer_of(card, spans),
        "languages": find_languages(card),
    }
    proposal["understood"] = understood(proposal, items)
    proposal["not_understood"] = not_understood(proposal, items, card.front_matter)
    proposal["spans"] = spans
    return proposal


def keep(spans, name, start, end):
    spans.setdefault(name, []).append({"start": start, "end": end})


def title_of(card, spans):
    """The first heading, without “Model card for”; else the front matter's name."""
    named = card.front_matter.get("model_name", "title")
    for section in card.sections:
        title = re.sub(
            r"^(?:the )?model card(?: for)?\b[\s:–—-]*|[\s:–—-]*\bmodel card$",
            "",
            section.title,
            flags=re.IGNORECASE,
        )
        title = re.sub(r"^the ", "", title.strip(" #*:-"), flags=re.IGNORECASE)
        if re.search(r"https?://|\{\{", title) or re.fullmatch(
            r"model name|model id|readme", title, re.IGNORECASE
        ):
            continue
        if section.level <= 2 and title and not section.own:
            keep(spans, "title", section.start, section.end)
            return title[:200]
        if section.own:
            break
    if isinstance(named, str):
        keep(spans, "title", *(card.front_matter.span("model_name", "title") or (0, 0)))
        return named[:200]
    return ""


def summary_of(card, spans):
    """The first sentence that says what the model is, and the next of the same section if there is room."""
    units = [u for u in card.prose if words_in(u.plain) >= 5 and not u.pointer and tells(u.section)]
    units = [u for u in units if u.kind == "sentence"] + [u for u in units if u.kind == "item"]
    for i, unit in enumerate(units):
        text = CARD_TALK.sub(" ", unit.plain)
        if MODEL.search(text) and DOING.search(text) and not unit.plain.endswith(":"):
            summary, last = unit.plain[:MAX_SUMMARY], unit
            following = units[i + 1] if i + 1 < len(units) else None
            if words_in(summary) < 12 and following and following.section is unit.section:
                joined = f"{summary} {following.plain}"
                summary, last = (joined, following) if len(joined) <= MAX_SUMMARY else (summary, unit)
            keep(spans, "summary", unit.start, last.end)
            return summary
    return ""


SIZE = re.compile(
    r"(?<![\w.])\d+(?:\.\d+)?\s?(?:B|M|K|billion|million)(?=[ -]param|[ -]?parameter| model"
    r"|\b(?=[^\n]{0,40}param))"
)


def tells(section):
    """Whether a section may say what the model is: one on no item, or on description or use."""
    return not section.topics or bool(section.topics & {"description", "intended_use"})


def variants_of(card, spans):
    """Checkpoints that a table or list of models names, with their sizes."""
    found = {}
    for table in card.tables:
        header = [cell.lower() for cell in table.rows[0][2]] if table.rows else []
        column = next((i for i, cell in enumerate(header) if re.search(r"param|size", cell)), None)
        if column is None or not header or not re.search(r"size|model|name|variant|version", header[0]):
            continue
        for start, end, cells in table.rows[1:40]:
            note = cells[column] if column and column < len(cells) else ""
            if cells and cells[0] and len(cells[0]) <= 80 and re.search(r"\d", note or cells[0]):
                if cells[0] not in found:
                    keep(spans, "variants", start, end)
                found.setdefault(cells[0], {"name": cells[0], "aliases": [], "note": note[:200]})
    if not found:
        for unit in card.prose:
            for match in SIZE.finditer(unit.plain):
                name = re.sub(r"\s?billion", "B", re.sub(r"\s?million", "M", match[0])).replace(" ", "")
                if name not in found and "training_data" not in unit.section.topics:
                    keep(spans, "variants", unit.start, unit.end)
                    found[name] = {"name": name, "aliases": [], "note": ""}
    return list(found.values())[:40]


def licence_of(card, spans):
    licences = [licence for licence in find_licences(card) if licence.value]
    if not licences:
        return ""
    keep(spans, "licence", licences[0].start, licences[0].end)
    return licences[0].spdx or licences[0].value


def links_of(card, spans):
    """Links to the paper, code, weights and the like, in the order of the card, each target once."""
    found, seen = [], set()
    for unit in card.units:
        for start, end, label, url in unit.links:
            kind, target = kind_of(label, url), target_of(url)
            if not kind or not url.startswith(("http://", "https://")) or target in seen or NON_PAPER.search(url):
                continue
            seen.add(target)
            found.append({"kind": kind, "title": name_of(label, url), "url": url[:500]})
            keep(spans, "links", unit.start + start, unit.start + end)
            if len(found) == MAX_LINKS:
                return found
    return found


MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def date_of(card, spans):
    """The date of release or making as YYYY, YYYY-MM or YYYY-MM-DD; never the card's “last updated”."""
    stated = card.front_matter.get("date", "release_date")
    if isinstance(stated, str) and re.fullmatch(r"\d{4}(?:-\d\d){0,2}", stated):
        keep(spans, "date", *(card.front_matter.span("date", "release_date") or (0, 0)))
        return stated
    for unit in card.prose:
        match = DATE.search(unit.plain)
        label = f"{unit.section.title} {unit.plain}".lower()
        dated = (
            unit.section.own
            and "date_version" in unit.section.topics
            or re.search(r"\breleased? (?:on|in)|\bpublished\b", label)
        )
        if match and dated and "last updated" not in label and (iso := iso_date(match[0])):
            keep(spans, "date", unit.start, unit.end)
            return iso
    return ""


def iso_date(words):
    """The date in ISO form, as precise as it is written; day and month in figures alone are ambiguous."""
    if match := re.match(r"((?:19|20)\d\d)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?$", words):
        return "-".join([match[1], *(f"{int(part):02d}" for part in match.groups()[1:] if part)])
    year = re.search(r"(?:19|20)\d\d", words)
    month = next(
        (i + 1 for i, name in enumerate(MONTHS) if re.search(rf"\b{name}[a-z]*", words.lower())), None
    )
    if not year:
        return ""
    day = re.search(r"(?<!\d)(\d{1,2})(?!\d)", words.replace(year[0], ""))
    if not month:
        return year[0]
    return f"{year[0]}-{month:02d}" + (f"-{int(day[1]):02d}" if day and 1 <= int(day[1]) <= 31 else "")


def developer_of(card, spans):
    """Who is named as developer in a field or a “developed by” sentence."""
    for section in card.sections_on("developer"):
        units = [unit for unit in card.units_of(section) if not unit.empty and NAME.search(unit.plain)]
        if units and section.level >= 7:
            keep(spans, "developer", units[0].start, units[0].end)
            return re.sub(r"\s*\((?:website|link)\)", "", units[0].plain).strip(" .")[:200]
    for unit in card.prose:
        match = MAKER.search(unit.plain) if is_made_by(unit) else None
        named = NAME.match(match["who"])[0] if match and NAME.match(match["who"]) else None
        if not named and is_made_by(unit) and (team := AFFILIATED.search(unit.plain)):
            named = team["who"]
        if named:
            keep(spans, "developer", unit.start, unit.end)
            return named.strip(" ,.")[:200]
    return ""


def understood(proposal, items):
    """What could be read, in a few words each."""
    said = [name for name in ("title", "summary", "licence", "date", "developer") if proposal[name]]
    said += [f"{len(proposal[name])} {name}" for name in ("variants", "links") if proposal[name]]
    return said + [LABELS[name] for name, item in items.items() if item["status"] == "content"]


def not_understood(proposal, items, front_matter: FrontMatter):
    """What could not be read or is not there, so that a person fills it in."""
    missing = [
        name
        for name in ("title", "summary", "licence", "date", "developer", "variants")
        if not proposal[name]
    ]
    if front_matter.state == "broken":
        missing.append(f"the front matter: {front_matter.problem}")
    if (
        front_matter.state == "ok"
        and front_matter.get("tags")
        and not TASK_TAGS.search(str(front_matter.get("tags")))
    ):
        missing.append("its task")
    return missing + [LABELS[name] for name, item in items.items() if item["status"] != "content"]
