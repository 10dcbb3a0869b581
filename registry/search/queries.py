"""Full text over what is public: one indexed column per subject, kept by the database itself.

Only subjects that are public are looked at, in the same query, so a hidden match cannot be told from none.
"""

import re
from html import escape

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Case, F, Func, IntegerField, TextField, Value, When
from django.db.models.functions import Left, Lower
from django.utils.safestring import mark_safe

from registry.core.subjects import Subject
from registry.core.text import plain_excerpt

LIMIT = 50
EXCERPT = 240
LOOKED_THROUGH = 20_000  # characters of each text for an excerpt, which costs as much as they are many
CONFIG = "english"
# What a run or a session is about is looked for first: it has the same words, and more to say of them.
BEHIND = ["run", "session"]
# A name and its number, which people write together, with a hyphen or apart: gpt2, GPT-2, Llama 2.
NUMBERED = re.compile(r"(?<![\w-])([^\W\d_]{2,})[- ]?(\d+)(?!\w)")
SPELLINGS = (r"\1\2", r"\1-\2", r"\1 \2")
# A title as small letters and digits alone, without the number of a norm or clause before it.
BARE_TITLE = Func(
    Func(Lower("title"), Value("^n-[0-9]+(/[0-9]+)? "), Value(""), function="regexp_replace"),
    Value("[^[:alnum:]]+"), Value(""), Value("g"), function="regexp_replace", output_field=TextField(),
)  # fmt: skip
# Marks around a word that was found, for as long as the text is not HTML yet: characters that no stored text holds.
FOUND, END = "\ufdd0", "\ufdd1"
HEADLINE = {"start_sel": FOUND, "stop_sel": END, "max_fragments": 2, "max_words": 30, "min_words": 12}


def find(query, user):
    """Subjects that match, best first; the query language is that of web search engines."""
    asked = _asked(query)
    matching = Subject.objects.visible_to(user).filter(words=asked, hidden=False)
    ranked = matching.alias(bare_title=BARE_TITLE).annotate(
        named=Case(When(bare_title=_bare(query), then=0), default=1, output_field=IntegerField()),
        behind=Case(When(kind__in=BEHIND, then=1), default=0, output_field=IntegerField()),
        rank=SearchRank(F("words"), asked),
    )
    return list(ranked.order_by("named", "behind", "-rank", "-pk").defer("words")[:LIMIT])


def _asked(query):
    """The question in every spelling of its numbered names."""
    spellings = dict.fromkeys([query, *(NUMBERED.sub(spelling, query) for spelling in SPELLINGS)])
    first, *others = (SearchQuery(text, search_type="websearch", config=CONFIG) for text in spellings)
    for other in others:
        first = first | other
    return first


def _bare(text):
    return "".join(char for char in text.lower() if char.isalnum())


def with_excerpts(found, query):
    """The subjects with, in `excerpt`, the place where the words stand, as safe HTML, or the beginning of the text."""
    headline = SearchHeadline(Left("text", LOOKED_THROUGH), _asked(query), config=CONFIG, **HEADLINE)
    marked = dict(Subject.objects.filter(pk__in=[subject.pk for subject in found]).values_list("pk", headline))
    for subject in found:
        said = marked.get(subject.pk, "")
        subject.excerpt = _safe(plain_excerpt(said if FOUND in said else subject.text[: EXCERPT * 10], EXCERPT))
        if FOUND in said and not subject.text.startswith(said.replace(FOUND, "").replace(END, "")[:20]):
            subject.excerpt = mark_safe(f"… {subject.excerpt}")  # noqa: S308 - safe before
    return found


def _safe(text):
    text = escape(text).replace(FOUND, "<mark>").replace(END, "</mark>")
    # Cutting may have taken one end of a mark away.
    return mark_safe(text + "</mark>" * (text.count("<mark>") - text.count("</mark>")))  # noqa: S308 - escaped above
