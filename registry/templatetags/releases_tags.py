"""What the pages of entries need to show: footnotes, and facts for machines."""

import json

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from registry.releases.dates import in_words
from registry.releases.vocabulary import Family

register = template.Library()
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.simple_tag
def json_ld(data):
    """A block of JSON-LD from which no text can break out."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


@register.inclusion_tag("releases/_refs.html")
def refs(item):
    """The numbers of the sources of an item, or the mark of its having none."""
    return {"item": item}


@register.inclusion_tag("releases/_margin.html")
def margin(item):
    """The sources of an item as notes beside its text; beneath it on phones."""
    return {"item": item}


@register.filter
def decision_date(text):
    """A stored date in words: 5 November 2019."""
    return in_words(text)


@register.filter
def in_order(levels):
    """The levels of the families in the order of the vocabulary: (family, colour, word)."""
    return [
        (family, "restricted" if levels[family] == "mixed" else levels[family], WORDS[levels[family]])
        for family in Family.values
        if family in levels
    ]


WORDS = {"open": "open", "restricted": "restricted", "closed": "closed", "mixed": "in part"}


@register.filter
def lower_first(text):
    """As it stands within a sentence."""
    return text[:1].lower() + text[1:]
