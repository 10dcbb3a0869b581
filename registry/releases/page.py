"""What pages show of a content: sources numbered, stages in order, components as they stand, gaps marked."""

import re
from collections import Counter
from html import unescape
from typing import NamedTuple

from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from . import dates
from .content import citing
from .facts import facts_of
from .happened import happened
from .ledger import NOT_SAID, audiences_of, ledger
from .levels import in_order, level_of, statements, tracks
from .promises import due_of, promises, settled, when_of
from .samples import sample_set
from .summary import summarise
from .timeline import timeline_keys, timeline_svg, timeline_table
from .vocabulary import (
    AHEAD,
    ArtefactKind,
    Audience,
    Basis,
    Chance,
    Component,
    EventKind,
    Family,
    Gate,
    Level,
    LinkKind,
    Mode,
    StageStatus,
)

STATES = {True: "sourced", False: "unsourced"}
WHY_CHARACTERS = 240
FOOTNOTE = re.compile(r'(<a class="footnote-ref"[^>]*>)(\d+)(?=</a>)')
FIRST_SENTENCE = re.compile(r".+?(?:[.!?](?=\s|$)|$)", re.S)


class Source(NamedTuple):
    """A source under the number that the page gives it."""

    number: int
    key: str
    title: str
    url: str
    note: str


class Item(NamedTuple):
    """Something said, with the sources it cites; `unsourced` where a curated entry cites none, and what others say."""

    said: dict
    sources: list
    unsourced: bool
    mark: dict | None = None


class Standing(NamedTuple):
    """How one component of one variant can be reached on a day, in words."""

    component: str
    name: str
    variant: str
    level: str
    word: str
    terms: str
    licence: str
    since: str
    stage: int
    note: str
    sources: list
    unsourced: bool
    planned: str
    mark: dict | None = None


def read(content, html, *, curated, today=None, marks=None):
    """Everything that the page of an entry shows of its content, as a template's context.

    `marks` holds what others say of its facts, by the facts' keys.
    """
    today = today or dates.latest_today()
    cite = _citing(content, curated, marks or {})
    return {
        "content": content,
        "kind": ArtefactKind(content["artefact"]["kind"]),
        "summary": summarise(content, today),
        "why": why(html),
        "rationale": lettered(html.get("/rationale", "")),
        "stages": [_stage(content, number, html, cite, today) for _, number in in_order(content["stages"])],
        "families": _families(content, cite, today),
        "concerns": [cite(_chances(item), item) for item in content["concerns"]],
        "alternatives": [cite(item) for item in content["alternatives"]],
        "events": [cite(_event(item), item) for item in sorted(happened(content), key=lambda e: e["date"])],
        "ledger": ledger_table(content, cite, today),
        "promised": _promised(content, today),
        "samples": [cite(sample_set(item)) for item in content.get("samples", [])],
        "former": [_former(one) for one in content["artefact"].get("former", [])],
        "variants": [
            item | {"called": [_former(one) for one in item.get("former", [])]}
            for item in content["artefact"]["variants"]
        ],
        "links": [item | {"label": LinkKind(item["kind"]).label} for item in content["links"] if item["url"]],
        "sources": numbered(content),
        "picture": _picture(content, cite, today),
        "counts": counts_of(content, marks or {}),
        "unsourced": curated and any(item.unsourced for item in _cited(content, cite)),
    }


def _picture(content, cite, today):
    """The timeline twice, for wide and narrow screens, and its facts as a table."""
    facts = timeline_table(content, today)
    return {
        # Drawn by this server from escaped texts.
        "wide": mark_safe(timeline_svg(content, today)),  # noqa: S308
        "narrow": mark_safe(timeline_svg(content, today, narrow=True)),  # noqa: S308
        "keys": timeline_keys(content, today),
        "facts": [(fact, cite({"sources": fact.sources})) for fact in facts],
    }


def why(html):
    """The first sentence of the stated reason as plain text; "" where none is given.

    What a stage says of itself is no reason of the decision, so it never stands in for one.
    """
    paragraph = re.search(r"<p[^>]*>(.*?)</p>", html.get("/rationale", ""), re.S)
    if not paragraph:
        return ""
    without_notes = re.sub(r"<sup.*?</sup>", "", paragraph[1], flags=re.S)
    said = FIRST_SENTENCE.match(" ".join(unescape(strip_tags(without_notes)).split()))
    return _shortened(said[0], WHY_CHARACTERS) if said else ""


def lettered(html):
    """A text with letters for its own footnotes: on this page numbers are sources."""
    html = FOOTNOTE.sub(lambda found: found[1] + _letter(int(found[2])), html)
    return re.sub(r'(<div class="footnotes">\s*<hr>\s*<ol)>', r'\1 type="a">', html)


def _letter(number):
    """1 is a, 26 is z, 27 is aa, as lists count."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters


def _shortened(text, most):
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def numbered(content):
    """The sources in their order, each with its number."""
    return [
        Source(number, source["key"], source["title"] or source["url"], source["url"], source["note"])
        for number, source in enumerate(content["sources"], 1)
    ]


def _citing(content, curated, marks=None):
    known = {source.key: source for source in numbered(content)}
    # Items are told apart by being this very one: two may say the same.
    places = {pointer: id(item) for pointer, item in citing(content)} if marks else {}
    marked = {places[fact.pointer]: marks.get(fact.key) for fact in facts_of(content)} if marks else {}

    def cite(item, of=None):
        """`of` is the item of the content that `item` was made from."""
        found = sorted(known[key] for key in item.get("sources", []) if key in known)
        return Item(item, found, curated and not found, marked.get(id(item if of is None else of)))

    return cite


def counts_of(content, marks):
    """How many sources and facts there are, and how many facts are in which state."""
    states = Counter(marks.get(fact.key, {}).get("state") or STATES[bool(fact.sources)] for fact in facts_of(content))
    return {"sources": len(content["sources"]), "facts": sum(states.values()), **states}


def _cited(content, cite):
    for section in ("stages", "concerns", "alternatives", "events", "corrections", "licence_changes", "samples"):
        for item in content.get(section, []):
            yield cite(item)
            yield from (cite(component) for component in item.get("components", []))


def _stage(content, number, html, cite, today):
    stage = content["stages"][number]
    status = StageStatus(stage["status"])
    when, due = when_of(stage), due_of(stage)
    due_days = dates.period(due)
    ahead = status in AHEAD and number not in settled(content)
    return {
        "number": number + 1,
        "when": dates.in_words(when) if dates.period(when) else "Date not stated",
        "date": stage["date"],
        "announced": dates.in_words(stage["announced"]) if stage.get("announced") else "",
        "due": dates.in_words(due) if due and (status in AHEAD or stage.get("due")) else "",
        "reason": stage.get("reason", ""),
        "outcome": _outcome(content, number),
        "keeps": [
            (other + 1, told["title"] or told["key"]) for other, told in enumerate(content["stages"])
            if told.get("key") and told["key"] in stage.get("keeps", [])
        ],
        "title": stage["title"],
        "status": status,
        "notable": status not in (StageStatus.EFFECTIVE, StageStatus.SUPERSEDED),
        "overdue": ahead and due_days is not None and due_days[1] < today,
        "leak": stage["basis"] == Basis.UNAUTHORISED,
        "condition": stage["condition"],
        "html": lettered(html.get(f"/stages/{number}/rationale", "")),
        "cited": cite(stage),
        "changes": [_change(item, cite) for item in stage["components"] if item["component"]],
    }


def _outcome(content, number):
    """What became of a promise, as a sentence; "" where it is open or no promise."""
    found = next((one for one in promises(content) if one.stage == number), None)
    if not found or found.state == "open":
        return ""
    if found.state in ("kept", "kept_late"):
        when = f" on {dates.in_words(found.kept_on)}" if found.kept_on else ""
        late = f", {found.days_late:,} day{'' if found.days_late == 1 else 's'} late" if found.days_late else ""
        return f"Kept{when}{late}."
    return "Called off." if found.state == "cancelled" else "Replaced by another promise."


def _promised(content, today):
    """The promises of a content, those that are overdue first, each with its place on the page."""
    found = [
        {
            "number": one.stage + 1, "what": one.what or "A stage without a title", "state": one.state,
            "due": dates.in_words(one.due) if one.due else "", "condition": one.condition,
            "overdue": one.is_overdue(today), "outcome": _outcome(content, one.stage), "reason": one.reason,
            "kept_by": one.kept_by + 1 if one.kept_by is not None else None,
            "days": (today - dates.period(one.due)[1]).days if one.is_overdue(today) else None,
        }
        for one in promises(content)
    ]
    return sorted(found, key=lambda one: (not one["overdue"], one["state"] != "open"))


def _former(one):
    """A former name as the page says it: called 117M until 20 August 2019."""
    return f"called {one['name']}" + (f" until {dates.in_words(one['until'])}" if one["until"] else " before")


class Line(NamedTuple):
    """A row of the ledger: one component of one variant, and for each audience its cells, the latest first."""

    name: str
    variant: str
    cells: list


MOST_LINES = 150


def read_ledger(content, *, curated, on=None):
    """The ledger alone, for a page of its own."""
    return ledger_table(content, _citing(content, curated), dates.latest_today(), on)


def ledger_table(content, cite, today, on=None):
    """The ledger as a table; `on` keeps what stood on one day. Returns (audiences, lines, lines left out)."""
    cells = ledger(content)
    if on is not None:
        cells = [cell for cell in cells if cell.stands_on(on)]
    audiences, lines = audiences_of(cells), {}
    for cell in cells:
        lines.setdefault((cell.component, cell.variant), {}).setdefault(cell.audience, []).append(cell)
    rows = [
        Line(
            Component(component).label, variant,
            [[_shown(cell, content, cite, today) for cell in reversed(by.get(audience, []))] for audience in audiences],
        )
        for (component, variant), by in lines.items()
    ]
    names = [Audience(audience).label if audience != NOT_SAID else "For whom is not stated" for audience in audiences]
    return {"audiences": names, "lines": rows[:MOST_LINES], "left_out": max(0, len(rows) - MOST_LINES)}


def _shown(cell, content, cite, today):
    """A cell in words."""
    level, word = _level_in_words(cell.mode, cell.gate, cell.audience, cell.component)
    stage = content["stages"][cell.stage]
    stopped = cell.status in (StageStatus.PAUSED, StageStatus.WITHDRAWN)
    return {
        "level": level, "word": StageStatus(cell.status).label.lower() if stopped else word,
        "gate": Gate(cell.gate).label if cell.gate and cell.gate != Gate.NONE and not stopped else "",
        "licence": _licence({"licence": cell.licence}), "terms_url": cell.terms_url,
        "restrictions": ", ".join(BOUND[letter] for letter in cell.restrictions),
        "leak": cell.basis == Basis.UNAUTHORISED, "planned": cell.status in AHEAD,
        "since": dates.in_words(cell.since) if cell.since else "", "past": cell.ended_by is not None,
        "until": dates.in_words(cell.until) if cell.until else "a date not stated",
        "stage": cell.stage + 1, "reason": _shortened(_plain(cell.reason), 160), "title": stage["title"],
        "cited": cite({"sources": cell.sources}),
    }


BOUND = {"D": "data", "A": "application", "M": "model", "S": "source"}
MARKS = re.compile(r"[*_`#>]+|\[\^[^\]]*\]")


def _plain(text):
    """The first sentence of a Markdown text without its marks, for a narrow place."""
    found = FIRST_SENTENCE.match(" ".join(MARKS.sub("", text).split()))
    return found[0] if found else ""


def _change(item, cite):
    level, word = _level_in_words(item["mode"], item["gate"], item["audience"], item["component"])
    return {
        "name": _name(item["component"], item["variant"]), "level": level, "word": word, "terms": _terms(item),
        "licence": _licence(item), "note": item["note"], "cited": cite(item), "reason": item.get("reason", ""),
        "terms_url": item.get("terms_url", ""),
        "restrictions": ", ".join(BOUND[letter] for letter in item.get("restrictions", "")),
    }  # fmt: skip


def _name(component, variant):
    label = Component(component).label
    return f"{label}, {variant}" if variant else label


def _level_in_words(mode, gate, audience, component):
    level = level_of(mode, gate, audience, component)
    if level == Level.CLOSED:
        return level, "closed"
    return level, Mode(mode).label.lower().replace("api", "through an API") if mode else "not stated"


def _terms(item):
    """To whom and through which gate, where either says more than that anyone may come."""
    parts = []
    if item["audience"] and item["audience"] not in (Audience.PUBLIC, Audience.INTERNAL):
        parts.append(Audience(item["audience"]).label)
    if item["gate"] and item["gate"] != Gate.NONE:
        parts.append(Gate(item["gate"]).label)
    if not parts and item["audience"] == Audience.PUBLIC:
        parts.append("Anyone")
    return ", ".join([parts[0], *(part[0].lower() + part[1:] for part in parts[1:])]) if parts else ""


def _licence(item):
    return {"custom": "custom licence", "none": "no licence"}.get(item["licence"], item["licence"])


def _families(content, cite, today):
    """Every component that some stage speaks of, as it stands today, by family."""
    said = [statements(stage) for stage in content["stages"]]
    groups = {family: [] for family in Family}
    for track in tracks(content):
        groups[Component(track.component).family].append(_standing(content, said, track, cite, today))
    return [(family, rows) for family, rows in groups.items() if rows]


def _standing(content, said, track, cite, today):
    now = track.on(today)
    planned, label = _planned(content, track), Component(track.component).label
    if now is None:
        return Standing(
            track.component, label, track.variant, Level.UNSTATED, "not stated", "", "", "", 0, "", [], False, planned
        )
    item = said[now.stage][track.component].get(track.variant) or said[now.stage][track.component][""]
    level, word = _level_in_words(now.mode, now.gate, now.audience, track.component)
    stage, since = content["stages"][now.stage], content["stages"][_begun(track, now).stage]
    cited = cite(item if item["sources"] else item | {"sources": stage["sources"]}, item)
    stopped = stage["status"] in (StageStatus.PAUSED, StageStatus.WITHDRAWN)
    return Standing(
        track.component, label, track.variant, level, stage["status"] if stopped else word,
        "" if stopped else _terms(item), _licence(item),
        dates.in_words(since["date"]) if since["date"] else "", content["stages"].index(since) + 1, item["note"],
        cited.sources, cited.unsourced, planned, cited.mark,
    )  # fmt: skip


def _begun(track, now):
    """The step since which the access has been what it is; a later step may have changed the licence alone."""
    begun = now
    for step in reversed(track.steps[: track.steps.index(now)]):
        if step.access != now.access:
            break
        begun = step
    return begun


def _planned(content, track):
    """What is planned for a component, in a few words."""
    for step in track.planned:
        stage = content["stages"][step.stage]
        word = _level_in_words(step.mode, step.gate, step.audience, track.component)[1]
        planned = when_of(stage)
        when = f" for {dates.in_words(planned)}" if planned else ", on a condition"
        return f"{word} planned{when}"
    return ""


def _chances(item):
    return item | {
        "chances": [
            f"{Chance(item[name]).label.lower()} {word}"
            for name, word in (("likelihood", "likelihood"), ("severity", "severity"))
            if item[name]
        ]
    }


def _event(item):
    return item | {
        "label": EventKind(item["kind"]).label,
        "when": _short(item["date"]) if item["date"] else "Not stated",
    }


def _short(date):
    """A date for a narrow column: 20 Aug 2019."""
    return " ".join(word[:3] if word.isalpha() else word for word in dates.in_words(date).split())


def levels_by_family(of, today):
    """The level of each family of these tracks, for lists: one word where all of it stands alike, else "mixed"."""
    found = {}
    for track in of:
        now = track.on(today)
        if now and now.level != Level.UNSTATED:
            found.setdefault(Component(track.component).family, set()).add(str(now.level))
    return {str(f): levels.pop() if len(levels) == 1 else "mixed" for f, levels in found.items()}
