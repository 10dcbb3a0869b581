"""All that happened to an entry besides its stages: events, corrections and changes of the licence, in one shape."""

from registry.releases.vocabulary import Component, EventKind


def happened(content):
    """Return events, corrections and licence changes alike: date, kind, text, variant, sources, and why."""
    return [
        *(event | {"reason": ""} for event in content["events"]),
        *(as_event(one, EventKind.CORRECTION, correction(one)) for one in content.get("corrections", [])),
        *(as_event(one, EventKind.LICENCE_CHANGE, licence_change(one)) for one in content.get("licence_changes", [])),
    ]


def as_event(item, kind, text):
    return {
        "date": item["date"], "kind": kind.value, "text": text, "variant": item["variant"],
        "sources": item["sources"], "reason": item["reason"],
    }


def correction(item):
    what = item["field"] or "A statement"
    return f"{what}: “{item['old'] or 'not stated'}” was corrected to “{item['new'] or 'not stated'}”."


def licence_change(item):
    named = item["component"] in Component.values and item["component"]
    label = Component(item["component"]).label if named else ""
    what = f" of the {label if label[1:2].isupper() else label[:1].lower() + label[1:]}" if named else ""
    return f"Licence{what}: {item['old'] or 'not stated'} → {item['new'] or 'not stated'}."
