"""Whether what moderators, reporters and appellants send is well formed."""

from datetime import timedelta

from django.utils import timezone

from registry.core.errors import Invalid
from registry.core.text import TextRefused, clean, looks_empty

from . import rulebook
from .models import REASON, Decision
from .targets import kind_of

Kind = Decision.Kind
APPLIES_TO = {
    Kind.HIDE: {"comment", "thread", "summary", "entry", "replication"},
    Kind.REMOVE: {"comment", "summary"},
    Kind.LOCK: {"thread"}, Kind.SLOW: {"thread"},
    Kind.MOVE: {"comment", "thread"}, Kind.SUSPEND: {"person"},
}  # fmt: skip
MOST_DAYS = {Kind.LOCK: 365, Kind.SLOW: 30, Kind.SUSPEND: 365}  # kinds that end by themselves
MOST_MINUTES = 24 * 60


def applies(kind, target):
    """Whether something can be decided so; a norm is answered by another version of it, never taken from view."""
    what = kind_of(target)
    if what == "subject":
        what = "entry" if target.kind == "release" else target.kind
    return what in APPLIES_TO.get(kind, ())


def check_kind(kind, target):
    if not applies(kind, target):
        what = target.kind if kind_of(target) == "subject" else kind_of(target)
        raise Invalid(f"This cannot be done to a {what}.", "kind")


def check_rule(key):
    if key not in rulebook.BY_KEY:
        raise Invalid("Name the rule by its number, such as R1.", "rule")


def clean_words(text, field, most=REASON, *, required=True, lines=False):
    """A reason, answer or report as it is stored."""
    try:
        text = clean(text, lines=lines).strip()
    except TextRefused as problem:
        raise Invalid(str(problem), field, "characters") from None
    if looks_empty(text):
        if required:
            raise Invalid("Say why, in a sentence that the person concerned can read.", field, "required")
        return ""
    if len(text) > most:
        raise Invalid(f"This has {len(text)} characters; at most {most} are possible.", field, "max_length")
    return text


def check_end(kind, until):
    """Locks, slow-downs and suspensions end; nothing else does."""
    if kind not in MOST_DAYS:
        if until is not None:
            raise Invalid("This has no end; it is taken back by a decision.", "until")
        return
    if until is None:
        raise Invalid("Say until when.", "until", "required")
    if until <= timezone.now():
        raise Invalid("The end lies in the past.", "until")
    if until > timezone.now() + timedelta(days=MOST_DAYS[kind]):
        raise Invalid(f"At most {MOST_DAYS[kind]} days are possible.", "until")


def check_minutes(kind, minutes):
    if kind != Kind.SLOW:
        if minutes is not None:
            raise Invalid("Only a slow-down has minutes.", "minutes")
    elif minutes is None or not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(f"Say how many minutes lie between two comments of a person: 1 to {MOST_MINUTES}.", "minutes")
