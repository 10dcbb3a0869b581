"""Discussions on the pages of other things: `{% load discussion %}`."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import mark_safe

from discussions.mail_in.routing import address_of
from discussions.threads.models import Comment, Thread
from discussions.threads.page import list_html
from discussions.threads.reading import counts_for
from discussions.threads.search import ask, find, with_excerpts
from registry.core.errors import Invalid
from registry.core.statements import Named
from registry.core.text import plain_excerpt

register = template.Library()
SHOWN, BESIDE = 20, 5
THREADS = Named(
    lambda subject: Thread.objects.visible_to(None).on(subject).latest_first().as_rows()[: SHOWN + 1], int
)


@register.inclusion_tag("threads/_about.html", takes_context=True)
def threads_about(context, subject):
    """The discussions of a subject, the newest comment first, and the way to start one."""
    user = context.get("user")
    threads = THREADS.all(subject.pk)
    news = counts_for(user, [row.pk for row in threads])
    ref = urlencode({"subject": subject.ref}, safe=":/")
    return {
        "threads": threads and mark_safe(list_html(threads[:SHOWN], news=news)),  # noqa: S308 - see page.py
        "more": len(threads) > SHOWN,
        "all": f"{reverse('threads:list')}?{ref}",
        # Anonymous readers are offered it too; the link leads through signing in.
        "may_start": subject.public and not subject.hidden and not subject.locked,
        "start": f"{reverse('threads:new')}?{ref}",
        "mail": address_of(subject.entry) if settings.MAIL_DOMAIN and subject.kind == "release" else "",
    }


@register.inclusion_tag("threads/_by_person.html", takes_context=True)
def comments_by(context, person):
    """What a person said lately, wherever the reader may see it."""
    comments = Comment.objects.visible_to(context.get("user")).filter(author=person).with_thread().latest_first()
    comments = list(comments[:SHOWN])
    for comment in comments:
        comment.words = plain_excerpt(comment.body, 120)
    return {"comments": comments}


@register.inclusion_tag("threads/_found_beside.html", takes_context=True)
def comments_found(context, query):
    """The newest comments that answer a question which was asked of the whole site."""
    question, comments = ask(query), []
    if question:
        try:
            comments = list(find(question, context.get("user")).with_thread().latest_first()[: BESIDE + 1])
        except Invalid:  # a question that the page of discussions explains
            comments = []
    shown = with_excerpts(comments[:BESIDE], question) if comments else []
    return {"comments": shown, "more": len(comments) > BESIDE, "query": query}
