"""What pages show of a content: sources numbered, stages in order, components as they stand, gaps marked."""

import re
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from . import dates
from .cited import cited, citing_as, counts_of, numbered
from .happened import happened
from .ledger_table import ledger_table
from .levels import in_order
from .promises import due_of, promises, settled, when_of
from .samples import sample_set
from .standing import families
from .summary import summarise
from .timeline import timeline_keys, timeline_svg, timeline_table
from .vocabulary import (
    AHEAD,
    ArtefactKind,
    Basis,
    Chance,
    EventKind,
    LinkKind,
    StageStatus,
)
from .wording import BOUND, FIRST_SENTENCE, level_in_words, licence_in_words, name_in_words, shortened, terms_in_words

WHY_CHARACTERS = 240
FOOTNOTE = re.compile(r'(<a class="footnote-ref"[^>]*>)(\d+)(?=</a>)')


def read(content, html, *, curated, today=None, marks=None):
    """Everything that the page of an entry shows of its content, as a template's context.

    `marks` holds what others say of its facts, by the facts' keys.
    """
    today = today or dates.latest_today()
    cite = citing_as(content, curated, marks or {})
    return {
        "content": content,
        "kind": ArtefactKind(content["artefact"]["kind"]),
        "summary": summarise(content, today),
        "why": why(html),
        "rationale": lettered(html.get("/rationale", "")),
        "stages": [_stage(content, number, html, cite, today) for _, number in in_order(content["stages"])],
        "families": families(content, cite, today),
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
        "unsourced": curated and any(item.unsourced for item in cited(content, cite)),
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
    return shortened(said[0], WHY_CHARACTERS) if said else ""


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


def _change(item, cite):
    level, word = level_in_words(item["mode"], item["gate"], item["audience"], item["component"])
    return {
        "name": name_in_words(item["component"], item["variant"]), "level": level, "word": word,
        "terms": terms_in_words(item), "licence": licence_in_words(item), "note": item["note"], "cited": cite(item),
        "reason": item.get("reason", ""), "terms_url": item.get("terms_url", ""),
        "restrictions": ", ".join(BOUND[letter] for letter in item.get("restrictions", "")),
    }  # fmt: skip


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


