"""Voting, and the page of the votes on one comment."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from discussions.threads.models import Comment
from discussions.threads.page import tally_html
from registry.core.cells import FEWEST
from registry.core.errors import Conflict, Invalid, Refused, TooMany
from registry.core.pages import keyset

from .actions import vote, withdraw_vote
from .buttons import buttons_html
from .models import SIDES, Vote
from .tallies import CLASSES, summary
from .validators import read_vote

FRAGMENT = "X-Fragment"  # what the script sends, to get the tally and buttons of the comment and no page
STATUS = {Invalid: 400, Refused: 403, Conflict: 409, TooMany: 429}


@require_POST
def cast(request):
    """Cast a vote or take it back, and return to the comment."""
    pk, side, off = read_vote(request.POST.get("vote", ""))
    comment = get_object_or_404(Comment.objects.visible_to(request.user).with_thread(), pk=pk)
    place = _place_of(comment, request.POST.get("back", ""))
    if not request.user.is_authenticated:
        return redirect_to_login(place)
    fragment = FRAGMENT in request.headers
    try:
        _act(comment, side, off, request.user)
    except tuple(STATUS) as problem:
        if not fragment:
            raise
        return HttpResponse(_said(problem), content_type="text/plain; charset=utf-8", status=STATUS[type(problem)])
    return HttpResponse(_below(comment, request.user)) if fragment else HttpResponseRedirect(place)


def _act(comment, side, off, user):
    axis, value = SIDES[side]
    if off:
        withdraw_vote(comment, axis, user)
    else:
        vote(comment, axis, value, user)


def _said(problem):
    return " ".join(problem.messages) if isinstance(problem, Invalid) else str(problem)


def _below(comment, user):
    comment.refresh_from_db()
    pressed = {v.side for v in comment.votes.filter(user=user)}
    return tally_html(comment.pk, *_counts(comment)) + buttons_html(comment.pk, pressed)


def _counts(comment):
    return (comment.helpful, comment.agree, comment.disagree, comment.agree_organisations,
            comment.disagree_organisations)  # fmt: skip


def _place_of(comment, query):
    """The comment in its thread as the reader had it: `query` is the page's, which orders it."""
    query = QueryDict(query[:500], mutable=True)
    for name in ("reply", "quote"):
        query.pop(name, None)
    asked = f"?{query.urlencode()}" if query else ""
    return f"{comment.thread.get_absolute_url()}{asked}#c-{comment.pk}"


@require_safe
def of_comment(request, pk):
    """The votes on a comment: counted in three ways, and one by one."""
    comment = get_object_or_404(Comment.objects.visible_to(request.user).with_thread(), pk=pk)
    votes = Vote.objects.visible_to(request.user).filter(comment=comment).with_people()
    told = summary(comment)
    context = {
        "comment": comment, "thread": comment.thread, "told": told, "fewest": FEWEST, "names": CLASSES,
        "total": told["helpful"] + told["agree"] + told["disagree"], "page": keyset(request, votes, "-cast_at", "-pk"),
    }  # fmt: skip
    return render(request, "votes/of_comment.html", context)
