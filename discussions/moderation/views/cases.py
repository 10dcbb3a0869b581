"""One thing as moderators see it: what it says, who reported it, what was decided, and what they can do."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from discussions.summaries.models import Summary
from discussions.threads.models import Comment, Thread
from registry.accounts.models import User
from registry.core.subjects import Subject

from ..actions.decisions import needs_two
from ..forms import DecisionForm, DeclineForm
from ..models import Decision, Report
from ..rules import why_not
from ..targets import TEXTS, author_of, case_path, columns_of, kind_of, name_of, path_of, report_path, text_of
from ..validators import applies
from .doors import done, form_page, moderators_only

Kind = Decision.Kind


@moderators_only
@form_page
def comment(request, pk):
    comments = Comment.objects.filter(thread__about__public=True)
    found = get_object_or_404(comments.select_related("author", "thread__about", "thread__subject"), pk=pk)
    return _case(request, found)


@moderators_only
@form_page
def thread(request, pk):
    threads = Thread.objects.filter(about__public=True).select_related("about", "subject", "started_by")
    return _case(request, get_object_or_404(threads, pk=pk))


@moderators_only
@form_page
def summary(request, pk):
    summaries = Summary.objects.filter(thread__about__public=True)
    found = summaries.select_related("by", "thread__about", "thread__subject")
    return _case(request, get_object_or_404(found, pk=pk))


@moderators_only
@form_page
def subject(request, pk):
    return _case(request, get_object_or_404(Subject.objects.filter(public=True, kind__in=TEXTS), pk=pk))


@moderators_only
@form_page
def person(request, handle):
    return _case(request, get_object_or_404(User.objects.select_related("subject"), handle=handle))


def _case(request, target):
    barred = why_not(request.user, target)
    reports = list(Report.objects.filter(**columns_of(target)).select_related("reporter").order_by("-pk")[:50])
    decisions = list(Decision.objects.filter(**columns_of(target)).with_places().latest_first()[:50])
    chosen = request.POST.get("act") if request.method == "POST" else None
    reported = any(report.state == "open" for report in reports)
    forms = [] if barred else _forms(target, decisions, reported, chosen)
    for number, form in enumerate(forms):
        if form.act == chosen:
            forms[number] = form = form.again(request.POST)
            if response := done(request, form, lambda form=form: _do(request, form, target)):
                return response
    if chosen and barred:
        messages.error(request, barred)
    elif chosen and not any(form.is_bound for form in forms):
        raise Http404
    context = {
        "target": target, "name": name_of(target), "path": path_of(target), "text": text_of(target),
        "author": author_of(target), "kind": kind_of(target), "forms": forms, "barred": barred, "reports": reports,
        "decisions": decisions, "report": report_path(target),
    }  # fmt: skip
    status = 403 if chosen and barred else 400 if any(form.errors for form in forms) else 200
    return render(request, "moderation/case.html", context, status=status)


def _do(request, form, target):
    made = form.save(target, request.user)
    messages.success(request, form.said)
    return made.get_absolute_url() if isinstance(made, Decision) else case_path(target)


def _forms(target, decisions, reported, chosen):
    """A form for everything that can be decided about it now, each with the words of its heading and button.

    What was chosen is among them in any case: a second click is led where the first one went.
    """
    taken = {d.kind for d in decisions if d.state == "proposed" or d.holds}
    forms = []
    if reported or chosen == "decline":
        forms.append(_offer("decline", DeclineForm, "Do nothing", "Answer the reports: nothing is done",
                            "Answered. Everybody who reported it can read why nothing is done."))  # fmt: skip
    name, author = _short(target), author_of(target).display_name
    for kind in Kind.values:
        if applies(kind, target) and (kind not in taken or kind in {chosen, Kind.MOVE}):
            words = PROPOSED if kind == Kind.HIDE and needs_two(kind, target) else WORDS[kind]
            heading, button, said = (part.format(name=name, author=author) for part in words)
            make = partial(DecisionForm, kind, of=kind_of(target))
            forms.append(_offer(kind, make, heading, button, said))
    return forms


PROPOSED = (
    "Take from view, with a second moderator",
    "Propose to take {name} from everyone’s view, with all that was said of it",
    "Proposed. Nothing happens until a second moderator confirms it.",
)  # fmt: skip
WORDS = {
    Kind.HIDE: ("Take from view", "Take {name} from everyone’s view and write to {author}",
                "Taken from view. {author} is told why and how to appeal."),
    Kind.REMOVE: ("Erase, with a second moderator", "Propose to erase {name} for good",
                  "Proposed. Nothing happens until a second moderator confirms it."),
    Kind.LOCK: ("Lock", "Lock {name} for everyone until its end and write to {author}",
                "Locked. {author} is told why and how to appeal."),
    Kind.SLOW: ("Slow down", "Slow {name} down for everyone until its end", "Slowed down, for everyone alike."),
    Kind.MOVE: ("Move", "Move {name} with all that stands below it", "Moved. Every address of it leads where it is."),
    Kind.SUSPEND: ("Suspend", "Suspend {author} from writing and signing in until the end",
                   "Suspended. {author} is told why and how to appeal."),
}  # fmt: skip


def _offer(act, make, heading, button, said):
    def again(data=None):
        form = make(data)
        form.act, form.heading, form.button, form.said, form.again = act, heading, button, said, again
        return form

    return again()


def _short(target):
    words = {"thread": "this discussion", "summary": "this summary", "subject": "this entry"}
    return f"#{target.number}" if isinstance(target, Comment) else words.get(kind_of(target), "this account")
