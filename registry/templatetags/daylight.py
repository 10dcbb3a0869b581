"""Tags and filters for every page (built in, so that templates need not load them)."""

import functools
import json
import uuid

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from registry.core import browsers
from registry.core.rules import allows
from registry.history import phrases

register = template.Library()
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
SECTIONS = {  # of the site: where its pages are, the first being where the link leads
    "Releases": ("/releases/",),
    "Labs": ("/labs/",),
    "Norms": ("/norms/",),
    "Matrix": ("/matrix/",),
    "Workshops": ("/workshops/",),
    "Discussion": ("/threads/", "/t/", "/c/"),
    "Concerns": ("/concerns/",),
    "Clock": ("/clock/", "/replications/"),
}


@register.simple_tag
def navigation(path):
    """The links to the parts of the site; that of `path` is marked."""
    return _navigation(next((name for name, places in SECTIONS.items() if (path or "").startswith(places)), None))


@functools.cache
def _navigation(current):
    marks = {current: mark_safe(' aria-current="true"')}
    links = [
        format_html('<a href="{}"{}>{}</a>', places[0], marks.get(name, ""), name) for name, places in SECTIONS.items()
    ]
    return mark_safe(f'<nav class="nav" aria-label="Main">\n{"".join(links)}\n</nav>')  # noqa: S308 - made above


@register.simple_tag(takes_context=True)
def tab(context, name, label, *args, within=False):
    """A link in a line of tabs; that of the page itself is marked, with `within` that of the pages below, too."""
    address, here = reverse(name, args=args), context["request"].path
    mark = mark_safe(' aria-current="page"') if here == address or (within and here.startswith(address)) else ""
    return format_html('<a href="{}"{}>{}</a>', address, mark, label)


@register.simple_tag
def on_paper(path):
    """The address of a page, for those who print it."""
    return format_html('<p class="paper">{}{}</p>', settings.BASE_URL, path)


@register.simple_tag(takes_context=True)
def may(context, name, obj=None):
    """Whether the reader may do what the rule names: `{% may "labs.edit" lab as can_edit %}`."""
    user = context.get("user")
    return user is not None and allows(user, name, obj)


@register.simple_tag
def once():
    """A hidden field that makes a double click harmless."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4().hex)


@register.filter
def when(moment):
    """A moment in words, with its zone for those who hover."""
    if not moment:
        return ""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%A} {local.day} {local:%B %Y, %H:%M} {local.tzname()}",
        f"{local.day} {local:%b %Y}",
    )


@register.filter
def moment(value):
    """A moment to the minute."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"),
        f"{local.day} {local:%b %Y, %H:%M} {local.tzname()}",
    )  # fmt: skip


@register.filter
def browser(user_agent):
    return browsers.in_words(user_agent or "")


@register.filter
def stored_html(html):
    """HTML that `core.markdown` rendered and sanitised before it was stored; the only place that trusts any."""
    return mark_safe(html or "")  # noqa: S308


@register.filter
def lookup(mapping, key):
    return mapping.get(key, "") if mapping else ""


@register.filter
def in_words(event):
    """What an event did, up to its subject."""
    return phrases.in_words(event)


@register.simple_tag
def json_ld(data):
    """A block of JSON-LD from which no text can break out."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


@register.simple_tag
def mail_folder():
    """Where letters end up on an installation without a mail server, for those who try the site out."""
    return settings.EMAIL_DELIVERY_OPTIONS.get("file_path", "")
