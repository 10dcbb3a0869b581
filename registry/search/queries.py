"""Full text over what is public: one indexed column per subject, kept by the database itself.

Only subjects that are public are looked at, in the same query, so a hidden match cannot be told from none.
"""

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, F, Func, IntegerField, TextField, Value, When
from django.db.models.functions import Left, Lower

from registry.core.subjects import Subject
from registry.core.words import terms

from .excerpts import excerpt_of, headline

LIMIT = 50
MOST = 200
EXCERPT = 240
LOOKED_THROUGH = 20_000  # characters of each text for an excerpt, which costs as much as they are many
# What a run, a report, an intent or a session is about comes first: it has the same words, and more to say of them.
BEHIND = ["run", "replication", "intent", "session"]
# A title as small letters and digits alone, without the number of a norm or clause before it.
BARE_TITLE = Func(
    Func(Lower("title"), Value("^n-[0-9]+(/[0-9]+)? "), Value(""), function="regexp_replace"),
    Value("[^[:alnum:]]+"), Value(""), Value("g"), function="regexp_replace", output_field=TextField(),
)  # fmt: skip


def asked_for(request):
    """The words of `?q=`, and whether there were more of them than are looked for."""
    query = " ".join(request.GET.get("q", "").split())
    return query[:MOST], len(query) > MOST


def matching(query, user):
    """Subjects that match, in no order; the query language is that of web search engines."""
    return Subject.objects.visible_to(user).filter(words=terms(query), hidden=False)


def find(query, user):
    """Subjects that match, best first."""
    ranked = matching(query, user).alias(bare_title=BARE_TITLE).annotate(
        named=Case(When(bare_title=_bare(query), then=0), default=1, output_field=IntegerField()),
        behind=Case(When(kind__in=BEHIND, then=1), default=0, output_field=IntegerField()),
        rank=SearchRank(F("words"), terms(query)),
    )
    return list(ranked.order_by("named", "behind", "-rank", "-pk").defer("words")[:LIMIT])


def _bare(text):
    return "".join(char for char in text.lower() if char.isalnum())


def with_excerpts(found, query):
    """The subjects with, in `excerpt`, the place where the words stand, as safe HTML, or the beginning of the text."""
    found_in = headline(Left("text", LOOKED_THROUGH), terms(query))
    marked = dict(Subject.objects.filter(pk__in=[subject.pk for subject in found]).values_list("pk", found_in))
    for subject in found:
        subject.excerpt = excerpt_of(marked.get(subject.pk, ""), subject.text, EXCERPT)
    return found
