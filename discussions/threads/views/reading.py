"""The pages on which discussions are read."""

from itertools import pairwise

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from registry.core.errors import Invalid
from registry.core.pages import keyset, page_of
from registry.core.prepared import is_personal
from registry.core.rules import allows
from registry.core.statements import Named
from registry.core.subjects import Subject
from registry.search.language import MOST

from .. import reading
from ..differences import marked
from ..models import Comment, HeldPost, Thread
from ..orders import ORDERS
from ..page import Reader, comments_for, comments_html, list_html
from ..search import ask, find, with_excerpts
from .answering import answered, form_html, number_in, reply_form
from .finding import find_thread, kept_by_browsers

LATEST_FIRST, PAGE_SIZE = ("-last_comment_at", "-pk"), 30
LATEST = Named(
    lambda: Thread.objects.visible_to(AnonymousUser()).order_by(*LATEST_FIRST).as_rows()[: PAGE_SIZE + 1]
)
HERE = mark_safe("<!-- comments -->")


@require_safe
def index(request):
    """Discussions of everything, those with the newest comment first; of one subject with `?subject=REF`."""
    subject = None
    if request.GET or request.user.is_authenticated:
        threads = Thread.objects.visible_to(request.user)
        if ref := request.GET.get("subject"):
            subject = get_object_or_404(Subject.objects.visible_to(request.user), ref=ref)
            threads = threads.on(subject)
        page = keyset(request, threads.as_rows(), *LATEST_FIRST, size=PAGE_SIZE)
    else:
        page = page_of(request, LATEST.all(), *LATEST_FIRST, size=PAGE_SIZE)
    news = reading.counts_for(request.user, [row.pk for row in page.rows])
    rows = mark_safe(list_html(page.rows, about=subject is None, news=news))  # noqa: S308 - see page.py
    return render(request, "threads/list.html", {"threads": page, "rows": rows, "subject": subject})


@require_safe
def detail(request, pk):
    """A whole thread on one page, in the order of `?order=`. A visitor's browser that has it is told so before any
    comment is read."""
    if request.user.is_authenticated:
        return _detail_for_person(request, pk)
    thread = find_thread(pk)
    if "reply" in request.GET or "quote" in request.GET:
        return redirect("threads:reply", pk)
    if is_personal(request.META):
        return _detail_for_all(request, thread)
    return kept_by_browsers(request, thread, _order(request), lambda: _detail_for_all(request, thread))


def _order(request):
    order = request.GET.get("order", "")
    return order if order in ORDERS else ""


def _detail_for_all(request, thread):
    order = _order(request)
    return _page(request, thread, comments_html(thread, Reader(thread), order), order=order)


def _detail_for_person(request, pk):
    """The thread with a form at its end, or below the comment that is answered."""
    thread = find_thread(pk)
    writes = allows(request.user, "threads.post", thread)
    below, form = None, ""
    if writes:
        place, below, quote = answered(request.user, request.GET, thread)
        if place != thread:
            return redirect(f"{place.get_absolute_url()}?{request.GET.urlencode()}#c-{below.pk}")
        form = form_html(request, thread, below, reply_form(request, thread, below, quote))
    order, since = _order(request), number_in(request.GET.get("since"))
    marks = reading.marks_for(request.user, thread, since)
    reader = Reader(thread, request.user, writes=writes, unseen=marks.unseen)
    comments = comments_for(thread, reader, order, form_after=below.pk if below else None, form=form)
    return _page(request, thread, comments, "" if below else form, order=order, marks=marks, new=reader.new)


def _page(request, thread, comments, form="", order="", **more):
    """The page around the comments, which are put in last: half a megabyte is not led through the templates."""
    orders = [(word, label, word == order) for word, (label, _) in ORDERS.items()]
    context = {"thread": thread, "form": form, "comments": HERE, "orders": orders, "says": ORDERS[order][1]} | more
    context["address"] = thread.get_absolute_url()
    before, after = render_to_string("threads/detail.html", context, request).split(HERE)
    return HttpResponse([before, comments, after])


@require_safe
def comment(request, pk):
    """Where a comment stands: its address never changes, wherever it is shown, and holds when it is taken from view."""
    threads = Thread.objects.visible_to(request.user)
    found = get_object_or_404(Comment.objects.filter(thread__in=threads).select_related("thread"), pk=pk)
    return redirect(f"{found.thread.get_absolute_url()}#c-{found.pk}")


@require_safe
def search(request):
    """Comments that answer a question, newest first."""
    text = " ".join(request.GET.get("q", "").split())
    question, problem, page = ask(text[:MOST]), "", None
    if question:
        try:
            found = find(question, request.user).with_thread()
            page = keyset(request, found, "-pk", size=20)
            with_excerpts(page.rows, question)
        except Invalid as refused:
            problem = " ".join(refused.messages)
    context = {"query": text[:MOST], "cut": len(text) > MOST, "comments": page, "problem": problem}
    return render(request, "threads/search.html", context, status=400 if problem else 200)


@require_safe
def history(request, pk):
    """Every text that a comment had, the newest first, each marked against the one before."""
    found = get_object_or_404(Comment.objects.visible_to(request.user).with_thread(), pk=pk)
    earlier = list(found.earlier_texts.order_by("number"))
    texts = [text.body for text in earlier] + [found.body]
    since = [found.created_at] + [text.replaced_at for text in earlier]
    grace = [False] + [text.in_grace for text in earlier]
    diffs = ["", *(marked(*pair) for pair in pairwise(texts))]
    shown = [
        {"number": n + 1, "at": since[n], "in_grace": grace[n], "body": texts[n], "diff": diffs[n]}
        for n in range(len(texts))
    ]
    return render(request, "threads/history.html", {"comment": found, "thread": found.thread, "texts": shown[::-1]})


@login_required
@require_safe
def held(request, pk):
    """What waits for a moderator, as its author and moderators see it."""
    found = get_object_or_404(HeldPost.objects.visible_to(request.user).with_place(), pk=pk)
    response = render(request, "threads/held.html", {"held": found})
    response["Cache-Control"] = "private, no-store"
    return response
