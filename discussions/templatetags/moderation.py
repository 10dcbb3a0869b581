"""Links by which readers report something and moderators decide about it."""

from django import template
from django.urls import reverse
from django.utils.html import format_html

register = template.Library()


@register.simple_tag(takes_context=True)
def report_links(context, subject=None, summary=None):
    """For those who are signed in, of a subject or a summary given by its key."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return ""
    name, key = ("summary", summary) if summary else ("subject", subject)
    report = format_html(' <a href="{}">report</a>', reverse(f"moderation:report_{name}", args=[key]))
    if not user.is_moderator:
        return report
    return report + format_html(' <a href="{}">moderate</a>', reverse(f"moderation:{name}", args=[key]))
