"""What the pages of entries need to show: footnotes, and facts for machines."""

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from registry.releases.dates import in_words
from registry.releases.listing import row_html
from registry.releases.vocabulary import Family

register = template.Library()
MARKED = {"checked", "disputed", "retracted"}
_filters, MOST_FILTERS = {}, 300


@register.simple_tag
def filters(form, signed_in):
    """The form above a list with what was chosen; it depends on nothing else, so it is drawn once for each choice."""
    key = (signed_in, *(form.data.get(name, "") for name in form.fields))
    if key not in _filters:
        if len(_filters) >= MOST_FILTERS:
            _filters.clear()
        _filters[key] = render_to_string("releases/_filters.html", {"form": form, "signed_in": signed_in})
    return _filters[key]


@register.simple_tag
def entry_row(entry):
    """An entry in a list."""
    return row_html(entry)


@register.simple_tag
def refs(item):
    """The numbers of the sources of an item, or the mark of its having none."""
    numbers = format_html_join(
        "",
        '<a class="ref" href="#s-{}" aria-label="source {}">{}</a>',
        ((s.key, s.number, s.number) for s in item.sources),
    )
    return numbers + standing(item)


@register.simple_tag
def standing(item):
    """Whether something was checked, is disputed or taken back, or has no source."""
    mark = getattr(item, "mark", None)
    state = mark["state"] if mark else ""
    if state in MARKED:
        kind = "level level-disputed" if state == "disputed" else "tag"
        return format_html(' <a class="{}" href="{}">{}</a>', kind, mark["url"], state)
    return mark_safe(' <span class="unsourced">unsourced</span>') if item.unsourced and not state else mark_safe("")


@register.inclusion_tag("releases/_margin.html")
def margin(item):
    """The sources of an item as notes beside its text; beneath it on phones."""
    return {"item": item}


@register.filter
def planned_for(plan):
    """A planned moment in its author's zone, and in UTC."""
    local = plan.local
    moments = [f"{at.day} {at:%B %Y, %H:%M} ({zone})" for at, zone in ((local, plan.time_zone), (plan.at, "UTC"))]
    return moments[0] if plan.time_zone == "UTC" else ", that is ".join(moments)


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
