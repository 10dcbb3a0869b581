"""What was found for an item and how much it says."""

from dataclasses import dataclass

CONTENT, THIN, ABSENT = "content", "thin", "absent"
MAX_SPANS = 5
MAX_QUOTE = 600


@dataclass(frozen=True)
class Evidence:
    """A stretch of the card that answers (`content`) or only touches (`thin`) an item."""

    strength: str
    start: int
    end: int

    @classmethod
    def of(cls, strength, place):
        """Evidence where a unit, table, code block or entry stands."""
        return cls(strength, place.start, place.end)


def content(place):
    return Evidence.of(CONTENT, place)


def thin(place):
    return Evidence.of(THIN, place)


def content_at(span):
    return Evidence(CONTENT, *span)


def thin_at(span):
    return Evidence(THIN, *span)


def verdict(found: list[Evidence], text: str) -> dict:
    """The item's status and the passages it rests on, strongest first in reading order."""
    status = CONTENT if any(e.strength == CONTENT for e in found) else THIN if found else ABSENT
    places = sorted({(e.start, min(e.end, e.start + MAX_QUOTE)) for e in found if e.strength == status})
    spans = [{"start": s, "end": e, "quote": text[s:e]} for s, e in places if e > s]
    return {"status": status, "spans": spans[:MAX_SPANS]}
