"""Full text over what is public: one indexed column per subject, kept by the database itself.

Only subjects that are public are looked at, in the same query, so a hidden match cannot be told from none.
"""

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from registry.core.subjects import Subject
from registry.core.text import plain_excerpt

LIMIT = 50
MOST = 200
EXCERPT = 240
CONFIG = "english"


def asked_for(request):
    """The words of `?q=`, and whether there were more of them than are looked for."""
    query = " ".join(request.GET.get("q", "").split())
    return query[:MOST], len(query) > MOST


def matching(query, user):
    """Subjects that match, in no order; the query language is that of web search engines."""
    return Subject.objects.visible_to(user).filter(words=_terms(query), hidden=False)


def _terms(query):
    return SearchQuery(query, search_type="websearch", config=CONFIG)


def find(query, user):
    """Subjects that match, best first."""
    ranked = matching(query, user).annotate(rank=SearchRank(F("words"), _terms(query))).order_by("-rank", "-pk")
    found = list(ranked.defer("words")[:LIMIT])
    for subject in found:
        subject.excerpt = plain_excerpt(subject.text[: EXCERPT * 10], EXCERPT)
    return found
