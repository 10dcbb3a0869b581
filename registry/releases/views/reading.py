"""Pages for readers: the front page, the list, an entry, its revisions and what changed between two of them."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from registry.core.canonical import canonical_json, digest
from registry.core.errors import Invalid
from registry.core.pages import keyset
from registry.core.prepared import kept_for_visitors
from registry.core.rules import allows
from registry.core.statements import Instances
from registry.history.models import Event

from .. import dates
from ..actions import rendered
from ..citation import citation, identity_of_entry, identity_of_revision
from ..content import normalise
from ..diff import diff as changes_between
from ..forms import FilterForm
from ..ledger import days_of
from ..ledger_table import read_ledger
from ..listing import rows_html
from ..models import Entry, Revision
from ..withdrawing import tombstone_of
from .prepared import drawn, prepared

RECENT_REVISIONS = 5
SAID = ["thread.started", "comment.posted"]
CARD_CHARACTERS = 200_000
MOST_OFFERED = 500
CURRENT = Instances(lambda lab, slug: Entry.objects.with_current().filter(lab__slug=lab, slug=slug), str, str)
WITH_LAB = Instances(lambda lab, slug: Entry.objects.with_lab().filter(lab__slug=lab, slug=slug), str, str)
REVISIONS = Instances(
    lambda entry: Revision.objects.filter(entry=entry).select_related("author").defer("content", "html")
    .order_by("-number")[:RECENT_REVISIONS],
    int,
)  # fmt: skip


@require_safe
@kept_for_visitors
def home(request):
    """What this place is, what was decided lately, and what is contested."""
    user = request.user
    said = _said(user) if user.is_authenticated else SAID_LATELY.all()
    return render(request, "home.html", {"entries": DECIDED.all(), "said": said, "contested": CONTESTED.all()})


def _said(user):
    return Event.objects.visible_to(user).filter(verb__in=SAID).with_people().order_by("-pk")[:6]


SAID_LATELY = Instances(lambda: _said(AnonymousUser()))
DECIDED = Instances(lambda: Entry.objects.published().listed().newest_decision_first()[:6])
CONTESTED = Instances(
    lambda: Entry.objects.published().listed().filter(subject__open_concerns__gt=0)
    .order_by("-subject__open_concerns")[:5]
)  # fmt: skip


@require_safe
@kept_for_visitors
def entries(request):
    """Every published decision that fits what is asked for, in the order that is asked for."""
    form = FilterForm.of(request.GET)
    lasting = ("releases", *form.asked.items()) if form.is_lasting else None
    page = keyset(request, form.entries, *form.order, lasting=lasting)
    drafts = request.user.is_authenticated and Entry.objects.editable_by(request.user).drafts().as_rows()[:20]
    context = {"page": page, "rows": rows_html(page.rows), "form": form, "drafts": drafts}
    return render(request, "releases/list.html", context)


@require_safe
@kept_for_visitors
def detail(request, lab, slug):
    """The entry as it stands, or its draft to those who may see it."""
    entry = find(request, lab, slug, current=True)
    revision = entry.current
    context = {
        **(prepared(revision, curated=entry.is_curated, marks=entry.marks) if revision else draft_of(entry)),
        "entry": entry,
        "revision": revision,
        "revisions": REVISIONS.all(entry.pk),
        "card": revision.card if revision else entry.card,
        "base_url": settings.BASE_URL,
        "tombstone": tombstone_of(entry),
    }  # fmt: skip
    if revision:
        revision.entry = entry
        identity = identity_of_entry(entry, revision, _feed(entry))
        context |= {"citation": citation(entry, revision), "identity": identity}
        if allows(request.user, "releases.edit", entry):
            context["unpublished"] = digest(normalise(entry.draft)) != revision.digest
    return render(request, "releases/detail.html", context)


def _feed(entry):
    return reverse("releases:entry_feed", args=[entry.lab.slug, entry.slug])


def draft_of(entry):
    content = normalise(entry.draft)
    try:
        html = rendered(content)
    except Invalid:
        html = {}
    return drawn(content, html, curated=entry.is_curated)


def find(request, lab, slug, *, current=False):
    """The entry at an address, or 404 where the reader may not see one."""
    entry = (CURRENT if current else WITH_LAB).get(lab, slug)
    if entry is None or not allows(request.user, "releases.see", entry):
        raise Http404("There is no such entry.")
    return entry


@require_safe
def history(request, lab, slug):
    """All revisions with their justification, the newest first."""
    entry = find(request, lab, slug)
    revisions = entry.revisions.select_related("author").defer("content", "html")
    page = keyset(request, revisions, "-number")
    numbers = entry.revisions.order_by("-number").values_list("number", flat=True)[:MOST_OFFERED]
    return render(request, "releases/history.html", {"entry": entry, "page": page, "numbers": list(numbers)})


def find_revision(entry, number):
    revision = entry.revisions.select_related("author", "card").filter(number=_fits(number)).first()
    if revision is None:
        raise Http404("There is no such revision.")
    revision.entry = entry
    return revision


def _fits(number):
    return min(number, 2**31 - 1)


@require_safe
def revision(request, lab, slug, number):
    """One revision for good: its content, who published it and why, its digest."""
    entry = find(request, lab, slug)
    found = find_revision(entry, number)
    context = {
        **prepared(found, curated=found.origin == Entry.Origin.THIRD_PARTY),
        "entry": entry,
        "revision": found,
        "card": found.card,
        "withdrawal": found.withdrawals.select_related("by").first(),
        "citation": citation(entry, found),
        "identity": identity_of_revision(entry, found, _feed(entry)),
        "latest": Revision.objects.filter(entry=entry).order_by("-number").values_list("number", flat=True).first(),
    }
    return render(request, "releases/revision.html", context)


@require_safe
def content(request, lab, slug, number):
    """The content in the very bytes that the digest is computed over."""
    found = find_revision(find(request, lab, slug), number)
    response = HttpResponse(canonical_json(found.content), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{lab}-{slug}-r{number}.json"'
    response["ETag"] = f'"{found.digest}"'
    return response


@require_safe
def diff(request, lab, slug, before, after):
    """What changed from one revision to another, as an editor would mark it."""
    entry = find(request, lab, slug)
    chosen = {before, after}
    found = {r.number: r for r in entry.revisions.select_related("author").filter(number__in=map(_fits, chosen))}
    if set(found) != chosen:
        raise Http404("There is no such revision.")
    context = {
        "entry": entry,
        "before": found[before],
        "after": found[after],
        "groups": changes_between(found[before].content, found[after].content),
    }
    return render(request, "releases/diff.html", context)


@require_safe
def compare(request, lab, slug):
    """Leads from the form below the history to the page of the two revisions chosen; without any, to the newest two."""
    entry = find(request, lab, slug)
    newest = entry.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    chosen = [request.GET.get(name, "") for name in ("before", "after")]
    if not any(chosen):
        if newest < 2:
            return redirect("releases:history", lab, slug)
        chosen = [str(newest - 1), str(newest)]
    if not all(n.isascii() and n.isdigit() and len(n) < 7 for n in chosen):
        raise Http404("There is no such revision.")
    return redirect("releases:diff", lab, slug, *map(int, chosen))


@require_safe
def card(request, lab, slug):
    """The model card as text; the file itself is a download."""
    entry = find(request, lab, slug, current=True)
    stored = entry.current.card if entry.current else entry.card
    if stored is None:
        raise Http404("This entry has no model card.")
    text = stored.read().decode("utf-8", "replace").removeprefix("\ufeff")
    shown = text[:CARD_CHARACTERS]
    context = {"entry": entry, "card": stored, "text": shown, "cut": len(text) > len(shown)}
    return render(request, "releases/card.html", context)


@require_safe
def ledger(request, lab, slug):
    """Who may do what with which component; with `?on=` as it stood on a day."""
    entry = find(request, lab, slug, current=True)
    content = entry.current.content if entry.current else normalise(entry.draft)
    on = request.GET.get("on", "")
    day = dates.period(on)
    context = {
        "entry": entry, "content": content, "on": on[:10] if day else "", "days": days_of(content),
        "problem": dates.problem_with(on[:40]) if on and not day else "",
        "ledger": read_ledger(content, curated=entry.is_curated, on=day[1] if day else None),
        "when": dates.in_words(on) if day else "",
    }  # fmt: skip
    return render(request, "releases/ledger.html", context)


@require_safe
def badge(request, lab, slug):
    """A small picture for a repository's README: the word, what is contested, and nothing about who looks."""
    entry = get_object_or_404(Entry.objects.published().listed(), lab__slug=lab, slug=slug)
    words = badge_words(entry)
    # Letters of this size are about 6.6 pixels wide; what does not fit would be cut off.
    context = {"entry": entry, "words": words, "width": 88 + round(6.6 * len(words))}
    response = render(request, "releases/badge.svg", context, content_type="image/svg+xml")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "public, max-age=3600"
    return ConditionalGetMiddleware(lambda _: response)(request)


def badge_words(entry):
    """`staged`, or `staged, 2 open concerns`."""
    count = entry.subject.open_concerns
    return entry.word + (f", {count} open concern{'' if count == 1 else 's'}" if count else "")
