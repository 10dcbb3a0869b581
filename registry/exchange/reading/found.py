"""What a reader hands back: fields with where they stood, and what was not understood with why."""

from dataclasses import dataclass, field

MOST_FIELDS = 200
SHOWN = 240
NO_FIELD = "A release entry has no field for this."


@dataclass
class Found:
    """`fields` go into a draft when somebody chooses them; `missed` is shown to people."""

    format: str
    fields: list = field(default_factory=list)
    missed: list = field(default_factory=list)

    def add(self, name, value, where, says=""):
        """A value for a field of the draft; what says nothing is not a value."""
        if value not in ("", None, [], {}):
            self.fields.append({"name": name, "value": value, "where": where, "says": shortened(says)})

    def miss(self, what, where, why, says=""):
        if len(self.missed) < MOST_FIELDS:
            one = {"what": str(what)[:SHOWN], "where": where, "why": why, "says": shortened(says)}
            self.missed.append(one)

    def as_dict(self):
        return {"format": self.format, "fields": self.fields, "missed": self.missed}


def shortened(value):
    """A value as one short line."""
    text = " ".join(spelled(value).split())
    return text if len(text) <= SHOWN else text[:SHOWN] + " …"


def spelled(value):
    if isinstance(value, dict):
        return "; ".join(f"{name}: {spelled(inner)}" for name, inner in list(value.items())[:20])
    if isinstance(value, list):
        return ", ".join(spelled(inner) for inner in value[:20])
    return "" if value is None else str(value)


def line_at(text, offset):
    """`line 12`, as editors count."""
    return f"line {text.count(chr(10), 0, offset) + 1}"


def texts_of(value):
    """The texts of a value that may be one or a list."""
    several = value if isinstance(value, list) else [value]
    return [str(one).strip() for one in several if isinstance(one, str | int | float) and str(one).strip()]
