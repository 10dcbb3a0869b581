"""The form below a comment: what is answered, by whom, and for which lab."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from registry.core.rules import allows

from .. import drafts
from ..forms import ReplyForm
from ..models import Comment, Thread
from ..moving import has_left
from ..quoting import with_quotation
from ..ties import lab_of


def answered(user, given, thread):
    """The discussion, the comment in it that is answered and the one that is quoted; None where neither is.

    What was moved while somebody had its page open is answered where it stands now; 404 where it never stood here.
    """
    try:
        return thread, *_answered_in(thread, given)
    except Http404:
        key = number_in(given.get("parent") or given.get("reply") or given.get("quote"))
        found = Comment.objects.visible_to(user).exclude(thread=thread).filter(pk=key).first()
        if found is None or not has_left(found, thread):
            raise
    thread = Thread.objects.with_people().get(pk=found.thread_id)
    return thread, *_answered_in(thread, given)


def _answered_in(thread, given):
    quote = _comment(thread, given.get("quote"))
    parent = _comment(thread, given.get("parent") or given.get("reply")) or quote
    return parent, quote


def _comment(thread, value):
    if not value:
        return None
    comments = Comment.objects.filter(thread=thread, hidden=False).select_related("author")
    return get_object_or_404(comments, pk=number_in(value) or 0)


def number_in(value):
    """A whole number that somebody typed into an address or form, or None."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 19 else None


def reply_form(request, thread, parent, quote):
    if request.method == "POST":
        # Asked only where it matters: most replies are nobody's official word.
        lab = speaks_for(request.user, thread.about) if "official" in request.POST else None
        form = ReplyForm(request.POST, user=request.user, lab=lab)
        form.offer_pseudonyms(thread.about)
        return form
    lab = speaks_for(request.user, thread.about)
    draft = drafts.kept(request, drafts.place_of_reply(thread, parent))
    text, passage = (draft.body, draft.passage) if draft else ("", "")
    initial = {"body": with_quotation(text, quote) if quote else text, "passage": passage}
    form = ReplyForm(initial=initial, user=request.user, lab=lab)
    form.draft = draft
    form.offer_pseudonyms(thread.about)
    return form


def form_html(request, thread, parent, form, preview=""):
    context = {"thread": thread, "parent": parent, "form": form, "preview": preview}
    return mark_safe(render_to_string("threads/_reply_form.html", context, request))  # noqa: S308 - a template's output


def speaks_for(user, subject):
    """The lab whose official response this person may give here."""
    lab = lab_of(subject)
    return lab if lab and allows(user, "labs.speak", lab) else None
