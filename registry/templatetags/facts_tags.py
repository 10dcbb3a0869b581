"""What the pages of facts show: counts in words, cited sources, addresses of the forms."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html

from registry.facts.standing import STATES

register = template.Library()


@register.simple_tag
def fact_counts(counts):
    """ "14 sources, 3 unsourced, 1 disputed": what is not there is not said."""
    sources = counts["sources"]
    parts = [f"{sources} source{'' if sources == 1 else 's'}" if sources else "no sources"]
    parts += [f"{counts[state]} {state}" for state in STATES if state != "sourced" and counts.get(state)]
    return ", ".join(parts)


@register.simple_tag
def fact_source(sources, key):
    """A source of the entry by its title, leading to where the page of the entry lists it."""
    source = sources.get(key, {"url": "", "title": key})
    title = source["title"] or source["url"] or key
    if not source["url"]:
        return title
    return format_html('<a href="{}" rel="noopener nofollow">{}</a>', source["url"], title)


@register.simple_tag
def speak_url(entry, fact, kind):
    return reverse("facts:speak", args=[entry.lab.slug, entry.slug]) + "?" + urlencode({"fact": fact.key, "kind": kind})
