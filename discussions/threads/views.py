"""The pages of discussions."""

from itertools import pairwise
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.core.errors import Conflict, Invalid, Refused, Stale, TooMany
from registry.core.idempotency import redirect_once
from registry.core.limits import take
from registry.core.pages import keyset, page_of
from registry.core.prepared import is_personal, keep
from registry.core.rules import allows, require
from registry.core.subjects import Subject
from registry.search.language import MOST

from . import drafts, reading
from .differences import marked
from .forms import EditForm, ReplyForm, RetractForm, ThreadForm
from .mentions import offered
from .models import Comment, HeldPost, Thread
from .moving import has_left
from .orders import ORDERS
from .page import Reader, comments_for, comments_html, etag, list_html
from .querysets import latest_for_visitors
from .quoting import with_quotation
from .search import ask, find, with_excerpts
from .ties import lab_of
from .validators import clean_body

LATEST_FIRST, PAGE_SIZE = ("-last_comment_at", "-pk"), 30
form_page = require_http_methods(["GET", "HEAD", "POST"])
HERE = mark_safe("<!-- comments -->")
REFUSALS = (Invalid, Conflict, Refused, Stale, TooMany)


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
        page = page_of(request, latest_for_visitors(Thread, PAGE_SIZE + 1), *LATEST_FIRST, size=PAGE_SIZE)
    news = reading.counts_for(request.user, [row.pk for row in page.rows])
    rows = mark_safe(list_html(page.rows, about=subject is None, news=news))  # noqa: S308 - see page.py
    return render(request, "threads/list.html", {"threads": page, "rows": rows, "subject": subject})


@require_safe
def detail(request, pk):
    """A whole thread on one page, in the order of `?order=`. A visitor's browser that has it is told so before any
    comment is read."""
    if request.user.is_authenticated:
        return _detail_for_person(request, pk)
    thread = _thread(pk)
    if "reply" in request.GET or "quote" in request.GET:
        return redirect("threads:reply", pk)
    if is_personal(request.META):
        return _detail_for_all(request, thread)
    return kept_by_browsers(request, thread, _order(request), lambda: _detail_for_all(request, thread))


def _thread(pk):
    """The discussion of a page; who is signed in sees no others than visitors do."""
    thread = Thread.for_visitors(pk)
    if thread is None:
        raise Http404
    return thread


def kept_by_browsers(request, thread, form, make):
    """What `make` answers to every visitor, or 304 for a browser that has it; `form` says which of a thread's forms."""
    tag = etag(thread, form)
    response = get_conditional_response(request, etag=tag) or make()
    response["ETag"], response["Last-Modified"] = tag, http_date(thread.changed_at.timestamp())
    response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response if request.GET else keep(response)


def _order(request):
    order = request.GET.get("order", "")
    return order if order in ORDERS else ""


def _detail_for_all(request, thread):
    order = _order(request)
    return _page(request, thread, comments_html(thread, Reader(thread), order), order=order)


def _detail_for_person(request, pk):
    """The thread with a form at its end, or below the comment that is answered."""
    thread = _thread(pk)
    writes = allows(request.user, "threads.post", thread)
    below, form = None, ""
    if writes:
        place, below, quote = _answered(request.user, request.GET, thread)
        if place != thread:
            return redirect(f"{place.get_absolute_url()}?{request.GET.urlencode()}#c-{below.pk}")
        form = _form_html(request, thread, below, _reply_form(request, thread, below, quote))
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


@form_page
def reply(request, pk):
    """Write a comment; without script or account the way that every reply link leads."""
    given = request.POST if request.method == "POST" else request.GET
    thread, parent, quote = _answered(request.user, given, _thread(pk))
    place = drafts.place_of_reply(thread, parent)
    if not request.user.is_authenticated:
        back = f"?quote={quote.pk}" if quote else f"?parent={parent.pk}" if parent else ""
        return drafts.sign_in_first(request, place, request.path + back)
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    if request.method != "POST":
        require(request.user, "threads.post", thread)
    form = _reply_form(request, thread, parent, quote)
    preview = _preview(request, form)
    if not preview and form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: _place_of(form.save(thread, parent)))
        except REFUSALS as problem:
            form.refuse(problem)
            _keep_for_later(request, place, problem)
    if form.is_bound and form.lab is None:
        form.offer_official(_speaks_for(request.user, thread.about))
    html = _form_html(request, thread, parent, form, preview)
    people = offered(request.user, "", thread)
    context = {"thread": thread, "parent": parent, "quote": quote, "form": html, "people": people}
    return render(request, "threads/reply.html", context, status=400 if form.errors else 200)


@form_page
def new(request):
    """Start a discussion of a subject."""
    given = request.POST if request.method == "POST" else request.GET
    subject = get_object_or_404(Subject.objects.visible_to(request.user), ref=given.get("subject", ""))
    place, passage = drafts.place_of_new(subject), given.get("passage", "")[: drafts.MOST_PASSAGE]
    if not request.user.is_authenticated:
        asked = {"subject": subject.ref} | ({"passage": passage} if passage else {})
        return drafts.sign_in_first(request, place, f"{request.path}?{urlencode(asked, safe=':/')}")
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    if request.method != "POST":
        require(request.user, "threads.start", subject)
    draft = None if request.method == "POST" else drafts.kept(request, place)
    initial = {name: getattr(draft, name) for name in drafts.TYPED} if draft else {}
    if passage:  # one that was just selected goes before that of a draft
        initial["passage"] = passage
    form = ThreadForm(
        request.POST or None, initial=initial, user=request.user, lab=_speaks_for(request.user, subject)
    )
    form.offer_pseudonyms(subject)
    preview = _preview(request, form)
    if not preview and form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: form.save(subject).get_absolute_url())
        except REFUSALS as problem:
            form.refuse(problem)
            _keep_for_later(request, place, problem)
    context = {"subject": subject, "form": form, "preview": preview, "draft": draft}
    return render(request, "threads/new.html", context, status=400 if form.errors else 200)


@form_page
def edit(request, pk):
    """Change one's own comment; what it said before stays to be read."""
    comments = Comment.objects.visible_to(request.user).with_thread()
    found = get_object_or_404(comments, pk=pk)
    place = drafts.place_of_edit(found)
    if not request.user.is_authenticated:
        return drafts.sign_in_first(request, place, request.path)
    require(request.user, "threads.edit", found)
    if request.headers.get("X-Autosave"):
        return drafts.answer_autosave(request, place)
    draft = None if request.method == "POST" else drafts.kept(request, place)
    initial = {"body": draft.body if draft else found.body, "version": found.edits}
    form = EditForm(request.POST or None, initial=initial, user=request.user)
    preview = _preview(request, form)
    if not preview and form.is_bound and form.is_valid():
        try:
            return HttpResponseRedirect(_place_of(form.save(found)))
        except REFUSALS as problem:
            form.refuse(problem)
    context = {"comment": found, "thread": found.thread, "form": form, "preview": preview, "draft": draft}
    return render(request, "threads/edit.html", context, status=400 if form.errors else 200)


@form_page
@login_required
def retract(request, pk):
    """Take back one's own comment, once and for all; what it said stays to be read."""
    found = get_object_or_404(Comment.objects.visible_to(request.user).with_thread(), pk=pk)
    require(request.user, "threads.retract", found)
    form = RetractForm(request.POST or None, user=request.user)
    if form.is_bound and form.is_valid():
        try:
            return redirect_once(request, lambda: _place_of(form.save(found)))
        except REFUSALS as problem:
            form.refuse(problem)
    context = {"comment": found, "thread": found.thread, "form": form}
    return render(request, "threads/retract.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def preview(request):
    """The HTML that would be stored, as a fragment; a refused text is answered with the reason."""
    take("preview", f"u{request.user.pk}", size=60, per_seconds=60)
    return HttpResponse(_preview_html(request.POST.get("body", "")))


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


def _answered(user, given, thread):
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


def _reply_form(request, thread, parent, quote):
    if request.method == "POST":
        # Asked only where it matters: most replies are nobody's official word.
        lab = _speaks_for(request.user, thread.about) if "official" in request.POST else None
        form = ReplyForm(request.POST, user=request.user, lab=lab)
        form.offer_pseudonyms(thread.about)
        return form
    lab = _speaks_for(request.user, thread.about)
    draft = drafts.kept(request, drafts.place_of_reply(thread, parent))
    text, passage = (draft.body, draft.passage) if draft else ("", "")
    initial = {"body": with_quotation(text, quote) if quote else text, "passage": passage}
    form = ReplyForm(initial=initial, user=request.user, lab=lab)
    form.draft = draft
    form.offer_pseudonyms(thread.about)
    return form


def _form_html(request, thread, parent, form, preview=""):
    context = {"thread": thread, "parent": parent, "form": form, "preview": preview}
    return mark_safe(render_to_string("threads/_reply_form.html", context, request))  # noqa: S308 - a template's output


def _speaks_for(user, subject):
    """The lab whose official response this person may give here."""
    lab = lab_of(subject)
    return lab if lab and allows(user, "labs.speak", lab) else None


def _preview(request, form):
    """The preview of a form that was sent by its Preview button."""
    return mark_safe(_preview_html(request.POST.get("body", ""))) if "preview" in request.POST else ""  # noqa: S308


def _preview_html(body):
    try:
        return clean_body(body)[1]
    except Invalid as problem:
        return render_to_string("threads/_refused.html", {"said": problem.messages})


def _keep_for_later(request, place, problem):
    """Who has to wait finds the text again, however long it takes."""
    if isinstance(problem, TooMany):
        drafts.keep(request.user, place, body=request.POST.get("body", ""), title=request.POST.get("title", ""))


def _place_of(comment):
    if isinstance(comment, HeldPost):
        return comment.get_absolute_url()
    return f"{comment.thread.get_absolute_url()}#c-{comment.pk}"
