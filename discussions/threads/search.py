"""Search in and across discussions: words of the comments themselves, quoted text apart, newest first.

Operators: `author:HANDLE`, `role:official|tied|member`, `after:DATE`, `before:DATE`, `on:REF` (what is discussed),
`in:NUMBER` (one discussion), `is:edited|retracted|closed|open`, and `quoted:WORDS` for what comments quote. A minus
before one turns it round.
"""

import datetime

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from registry.core.errors import Invalid
from registry.core.words import CONFIG
from registry.search.excerpts import excerpt_of, headline
from registry.search.language import read

from .models import NO_QUOTATION, QUOTATION, Comment, words_of

EXCERPT = 300
ROLES = {
    "official": Q(official_for__isnull=False),
    "tied": ~Q(disclosure__tie="") & Q(disclosure__has_key="tie"),
    "member": Q(disclosure__ties__contains=[{"kind": "member"}]),
}
LOCKED = Q(thread__locked=True) & (Q(thread__locked_until=None) | Q(thread__locked_until__gt=Now()))
CLOSED = LOCKED | Q(thread__about__locked=True)
STATES = {
    "edited": Q(edits__gt=0),
    "retracted": Q(retracted_at__isnull=False),
    "closed": CLOSED,
    "open": ~CLOSED,
}


def ask(text):
    """The question that a text asks of the discussions."""
    return read(text, OPERATORS)


def find(question, user, comments=None):
    """The comments that answer a question, to be paged by key; `Invalid` where an operator's value makes no sense."""
    found = Comment.objects.visible_to(user) if comments is None else comments
    if question.words:
        found = found.annotate(own=words_of(QUOTATION)).filter(own=_words(question.words))
    for name, value, wanted in question.operators:
        found = OPERATORS[name](found, value, wanted)
    return found


def with_excerpts(comments, question):
    """The rows of a page with the place where the words stand, as safe HTML in `excerpt`."""
    words = " ".join([question.words, *(value for name, value, _ in question.operators if name == "quoted")]).strip()
    marked = {}
    if words:
        found_in = headline("body", _words(words))
        marked = dict(
            Comment.objects.filter(pk__in=[comment.pk for comment in comments]).values_list("pk", found_in)
        )
    for comment in comments:
        comment.excerpt = excerpt_of(marked.get(comment.pk, ""), comment.body, EXCERPT)
    return comments


def _words(text):
    return SearchQuery(text, search_type="websearch", config=CONFIG)


def _kept(condition):
    """An operator that is a condition on the comment."""

    def narrow(comments, value, wanted):
        found = condition(value)
        return comments.filter(found if wanted else ~found)

    return narrow


def _author(value):
    # By the name under which it was written: whoever writes under another one is not found by their own.
    return Q(author__handle=value.lower().lstrip("@"), disclosure__handle=value.lower().lstrip("@"))


def _choice(name, choices):
    def condition(value):
        if value not in choices:
            raise Invalid(f"{name}: may be {', '.join(choices)}; there is no {value[:40]!r}.", "q")
        return choices[value]

    return condition


def _day(name):
    def condition(value):
        try:
            day = datetime.date.fromisoformat(value)
            start = timezone.make_aware(datetime.datetime.combine(day, datetime.time()), datetime.UTC)
        except (ValueError, OverflowError):
            raise Invalid(f"{name}: takes a day such as 2024-05-01; {value[:40]!r} is none.", "q") from None
        return Q(created_at__gte=start) if name == "after" else Q(created_at__lt=start)

    return condition


def _thread(value):
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise Invalid(f"in: takes the number of a discussion, as in its address; {value[:40]!r} is none.", "q")
    return Q(thread=int(value))


def _quoted(comments, value, wanted):
    comments = comments.annotate(quoted=words_of(NO_QUOTATION))
    return comments.filter(quoted=_words(value)) if wanted else comments.exclude(quoted=_words(value))


OPERATORS = {
    "author": _kept(_author),
    "role": _kept(_choice("role", ROLES)),
    "is": _kept(_choice("is", STATES)),
    "after": _kept(_day("after")),
    "before": _kept(_day("before")),
    "on": _kept(lambda ref: Q(thread__about__ref=ref)),
    "in": _kept(_thread),
    "quoted": _quoted,
}
