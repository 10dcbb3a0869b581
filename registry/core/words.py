"""The words of a question, as PostgreSQL's full text looks for them."""

import re

from django.contrib.postgres.search import SearchQuery

CONFIG = "english"
# A name and its number, which people write together, with a hyphen or apart: gpt2, GPT-2, Llama 2.
NUMBERED = re.compile(r"(?<![\w-])([^\W\d_]{2,})[- ]?(\d+)(?!\w)")
SPELLINGS = (r"\1\2", r"\1-\2", r"\1 \2")


def terms(question):
    """The question in every spelling of its numbered names; its language is that of web search engines."""
    spellings = dict.fromkeys([question, *(NUMBERED.sub(spelling, question) for spelling in SPELLINGS)])
    first, *others = (SearchQuery(text, search_type="websearch", config=CONFIG) for text in spellings)
    for other in others:
        first = first | other
    return first
