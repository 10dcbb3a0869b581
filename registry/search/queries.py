"""Full text over what is public: one indexed column per subject, kept by the database itself.

Only subjects that are public are looked at, in the same query, so a hidden match cannot be told from none.
"""

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from registry.core.subjects import Subject
from registry.core.text import plain_excerpt

LIMIT = 50
EXCERPT = 240
CONFIG = "english"


def find(query, user):
    """Subjects that match, best first; the query language is that of web search engines."""
    asked = SearchQuery(query, search_type="websearch", config=CONFIG)
    matching = Subject.objects.visible_to(user).filter(words=asked, hidden=False)
    ranked = matching.annotate(rank=SearchRank(F("words"), asked)).order_by("-rank", "-pk")
    found = list(ranked.defer("words")[:LIMIT])
    for subject in found:
        subject.excerpt = plain_excerpt(subject.text[: EXCERPT * 10], EXCERPT)
    return found
