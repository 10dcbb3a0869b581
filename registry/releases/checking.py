"""What is wrong with a content, and what is still missing before it can be published."""

import json

from registry.releases import dates, shape
from registry.releases.content import citing, names_of_variants
from registry.releases.contradictions import contradictions
from registry.releases.pointers import in_words
from registry.releases.promises import was_replaced
from registry.releases.schema import CONTENT
from registry.releases.shape import Problem
from registry.releases.vocabulary import AHEAD, IN_FORCE, STOPPED, StageStatus

MOST_PROBLEMS = 200
MOST_BYTES = 600_000


def validate(content, today=None):
    """List what is wrong with content, by JSON pointer; nothing that JSON can say makes this raise."""
    found = list(take(shape.problems(CONTENT, content), MOST_PROBLEMS))
    if not found and len(json.dumps(content, ensure_ascii=False).encode()) > MOST_BYTES:
        found = [Problem("", "too_large", f"The whole content may be {MOST_BYTES // 1000} kB at most.")]
    if any(problem.code in ("type", "required", "too_many", "too_large", "encoding") for problem in found):
        return found
    checks = [
        variant_problems(content), stage_problems(content, today or dates.latest_today()),
        event_problems(content, today or dates.latest_today()), sample_problems(content), source_problems(content),
        name_problems(content), contradictions(content),
    ]
    return list(take((problem for check in [found, *checks] for problem in check), MOST_PROBLEMS))


def variant_problems(content):
    """Names and aliases of variants must each mean one variant."""
    taken = {}
    for number, variant in enumerate(content["artefact"]["variants"]):
        place = f"/artefact/variants/{number}"
        if not variant["name"]:
            yield Problem(f"{place}/name", "required", "A variant needs a name.")
        called = [(f"{place}/name", variant["name"])]
        called += [(f"{place}/aliases/{index}", alias) for index, alias in enumerate(variant["aliases"])]
        called += [(f"{place}/former/{index}", one["name"]) for index, one in enumerate(variant.get("former", []))]
        for pointer, name in called:
            if name and name.casefold() in taken:
                yield Problem(pointer, "duplicate", f"“{name}” stands already: {in_words(taken[name.casefold()])}.")
            taken.setdefault(name.casefold(), pointer)


def stage_problems(content, today):
    variants = names_of_variants(content)
    for number, stage in enumerate(content["stages"]):
        place = f"/stages/{number}"
        dated_well = list(date_problems(stage, place))
        yield from dated_well
        for name in ("announced", "due"):
            yield from day_problems(stage.get(name, ""), f"{place}/{name}")
        if stage["status"] in AHEAD and not stage["date"] and not stage.get("due") and not stage["condition"]:
            detail = "A planned stage needs a date or a condition: write when, or upon what, it will happen."
            yield Problem(f"{place}/condition", "required", detail)
        if stage["status"] in IN_FORCE and not dated_well and lies_ahead(stage["date"], today):
            detail = f"{dates.in_words(stage['date'])} has not come yet; mark the stage as planned."
            yield Problem(f"{place}/date", "future", detail)
        if lies_ahead(stage.get("announced", ""), today):
            detail = f"{dates.in_words(stage['announced'])} has not come yet; nothing was announced on that date."
            yield Problem(f"{place}/announced", "future", detail)
        yield from component_problems(stage["components"], f"{place}/components", variants)
    yield from promise_problems(content["stages"])


def promise_problems(stages):
    """Keys of stages must be unique, and only what happened keeps a promise that still stands."""
    keys = {}
    for number, stage in enumerate(stages):
        if (key := stage.get("key")) and key in keys:
            yield Problem(f"/stages/{number}/key", "duplicate", f"Stage {keys[key] + 1} already has the key “{key}”.")
        elif key:
            keys[key] = number
    for number, stage in enumerate(stages):
        for index, key in enumerate(stage.get("keeps", [])):
            pointer, kept = f"/stages/{number}/keeps/{index}", keys.get(key)
            if kept is None:
                detail = f"No stage has the key “{shape.token(key)}”; give it to the planned stage that is kept."
                yield Problem(pointer, "unknown_promise", detail)
            elif stage["status"] not in IN_FORCE:
                detail = "Only a stage that happened can keep a promise; this one is " + stage["status"] + "."
                yield Problem(pointer, "not_kept", detail)
            elif stages[kept]["status"] not in AHEAD:
                state = stages[kept]["status"]
                detail = f"Stage {kept + 1} is {state}; only a planned or conditional stage can be kept."
                yield Problem(pointer, "not_kept", detail)


def component_problems(components, place, variants):
    seen = {}
    for number, item in enumerate(components):
        pointer = f"{place}/{number}"
        if item["variant"] and item["variant"] not in variants:
            yield unknown_variant(pointer, item["variant"])
        what = (item["component"], item["variant"], item["audience"])
        if item["component"] and what in seen:
            detail = f"The same component and variant stand already for the same audience: {in_words(seen[what])}."
            yield Problem(pointer, "duplicate", detail)
        seen.setdefault(what, pointer)


def event_problems(content, today):
    variants = names_of_variants(content)
    for section in ("events", "corrections", "licence_changes"):
        for number, event in enumerate(content.get(section, [])):
            place = f"/{section}/{number}"
            if section == "events":
                dated_badly = list(date_problems(event, place))
            else:
                dated_badly = list(day_problems(event["date"], f"{place}/date"))
            yield from dated_badly
            if not dated_badly and lies_ahead(event["date"], today):
                detail = f"{dates.in_words(event['date'])} has not come yet; an event is something that happened."
                yield Problem(f"{place}/date", "future", detail)
            if event["variant"] and event["variant"] not in variants:
                yield unknown_variant(place, event["variant"])


def sample_problems(content):
    variants = names_of_variants(content)
    for number, sample_set in enumerate(content.get("samples", [])):
        if sample_set["variant"] and sample_set["variant"] not in variants:
            yield unknown_variant(f"/samples/{number}", sample_set["variant"])


def name_problems(content):
    """Whoever says that something was called otherwise names how, and until when with a real date."""
    artefact = content["artefact"]
    named = [("/artefact", artefact)]
    named += [(f"/artefact/variants/{number}", item) for number, item in enumerate(artefact["variants"])]
    for place, holder in named:
        for index, one in enumerate(holder.get("former", [])):
            if not one["name"]:
                yield Problem(f"{place}/former/{index}/name", "required", "Write the name that it had.")
            yield from day_problems(one["until"], f"{place}/former/{index}/until")


def date_problems(dated, place):
    """The date must be a real one, and its precision must be that of the text."""
    detail = dates.problem_with(dated["date"])
    if detail:
        yield Problem(f"{place}/date", "date", detail)
        return
    known = dates.precision_of(dated["date"])
    if known != dated["date_precision"]:
        detail = f"The date is given to the {known.value}" if dated["date"] else "There is no date"
        yield Problem(
            f"{place}/date_precision", "date_precision", f"{detail}, so its precision must be “{known.value}”."
        )


def day_problems(text, pointer):
    """A date that stands without a precision of its own must be a real one, too."""
    if detail := dates.problem_with(text):
        yield Problem(pointer, "date", detail)


def source_problems(content):
    """Keys of sources must be unique, and whatever cites one must cite one that is there."""
    keys = set()
    for number, source in enumerate(content["sources"]):
        pointer = f"/sources/{number}/key"
        if not source["key"]:
            yield Problem(pointer, "required", "A source needs a key, so that others can cite it.")
        elif source["key"] in keys:
            yield Problem(pointer, "duplicate", f"Another source already has the key “{source['key']}”.")
        keys.add(source["key"])
    for pointer, item in citing(content):
        for index, key in enumerate(item["sources"]):
            if key not in keys:
                detail = f"No source has the key “{shape.token(key)}”; add it under sources."
                yield Problem(f"{pointer}/sources/{index}", "unknown_source", detail)


def problems_for_publication(content):
    """List what must still be said before content can be published; call it on content without problems."""
    missing = [
        (not content["title"], "/title", "Give the entry a title."),
        (not content["summary"], "/summary", "Say in a few sentences what was decided."),
        (not explained(content), "/rationale", "Say why this was decided; “no reason was given” is an answer too."),
        (
            not any(stage["components"] for stage in content["stages"]), "/stages",
            "Add at least one stage that says something of at least one component.",
        ),
    ]
    missing += [gap for gaps in (component_gaps, reason_gaps, item_gaps) for gap in gaps(content)]
    return [Problem(pointer, "required", detail) for absent, pointer, detail in missing if absent][:MOST_PROBLEMS]


def explained(content):
    return content["rationale"] or any(stage["rationale"] for stage in content["stages"])


def component_gaps(content):
    for number, stage in enumerate(content["stages"]):
        for index, item in enumerate(stage["components"]):
            place = f"/stages/{number}/components/{index}"
            yield not item["component"], f"{place}/component", "Say which component this line is about."
            yield not item["mode"], f"{place}/mode", "Say how open this is, from fully closed to fully open."


def reason_gaps(content):
    """Whatever stopped, was called off or replaced says why; the reason of a stage that stops something is its own."""
    for number, stage in enumerate(content["stages"]):
        pointer, status = f"/stages/{number}/reason", StageStatus(stage["status"])
        said = stage.get("reason") or (status in STOPPED and stage["rationale"])
        if status in STOPPED:
            yield not said, pointer, f"Say why this was {status.label.lower()}; “no reason was given” is an answer too."
        elif status == StageStatus.CANCELLED or was_replaced(stage):
            yield not said, pointer, f"Say why this promise was {status.label.lower()}; “no reason was given” will do."


def item_gaps(content):
    for section, name, detail in [
        ("concerns", "concern", "Say what the concern is, or remove the line."),
        ("alternatives", "alternative", "Say what else was considered, or remove the line."),
        ("links", "url", "Give the address of the link, or remove the line."),
        ("events", "text", "Say what happened, or remove the line."),
        ("corrections", "old", "Say what stood there before, or remove the line."),
        ("corrections", "new", "Say what is right, or remove the line."),
        ("licence_changes", "old", "Say under which licence it stood, or “not stated”."),
        ("licence_changes", "new", "Say under which licence it stands now."),
    ]:
        for number, item in enumerate(content.get(section, [])):
            yield not item[name], f"/{section}/{number}/{name}", detail
    for number, source in enumerate(content["sources"]):
        detail = "Give the source a title or an address, so that it can be found."
        yield not (source["title"] or source["url"]), f"/sources/{number}/title", detail


def unknown_variant(place, name):
    detail = f"“{shape.token(name)}” is not one of the variants of the artefact; name it there or leave this empty."
    return Problem(f"{place}/variant", "unknown_variant", detail)


def lies_ahead(text, today):
    days = dates.period(text)
    return bool(days) and days[0] > today


def take(items, limit):
    for number, item in enumerate(items):
        if number >= limit:
            return
        yield item
