"""Pages of intents to release."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from registry.core.errors import Conflict, Refused, Stale, TooMany
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.pages import keyset
from registry.core.rules import allows, require
from registry.core.typed import sign_in_first, typed_before
from registry.history.models import Event
from registry.labs.models import Lab
from registry.releases.models import Entry

from .feeds import OneIntentFeed
from .forms import AnnounceForm, ChangeForm, FilterForm, FinalForm, LookBackForm, WithdrawalForm
from .identity import identity_of
from .models import Intent
from .unanswered import Unanswered, unanswered

form_page = require_http_methods(["GET", "HEAD", "POST"])
REFUSALS = (ValidationError, Conflict, Refused, Stale, TooMany)
MOST_CHANGES = 50


@require_safe
def intents(request):
    """All intents, the newest first; by the filters of the address."""
    form = FilterForm(request.GET)
    page = keyset(request, form.narrow(Intent.objects.visible_to(request.user).with_all()))
    asked = form.cleaned_data if form.is_valid() else {}
    lab = Lab.objects.filter(slug=asked["lab"]).first() if asked.get("lab") else None
    return render(request, "intents/list.html", {"page": page, "form": form, "lab": lab})


@require_safe
def detail(request, pk):
    """One intent for good: what is planned and why, how it stands, and everything that was changed of it."""
    intent, user = find(request, pk), request.user
    context = {
        "intent": intent,
        "identity": identity_of(intent),
        "changes": intent.changes.select_related("by").order_by("-pk")[:MOST_CHANGES],
        "events": Event.objects.visible_to(user).about(intent.subject).with_people().order_by("pk")[:100],
        "conducts": allows(user, "intents.conduct", intent),
        "waiting": unanswered(intent.subject) if intent.is_announced and intent.subject.open_concerns else [],
    }
    return render(request, "intents/detail.html", context)


@require_safe
def feed(request, pk):
    return OneIntentFeed()(request, subject=find(request, pk).subject)


@form_page
@sign_in_first
def new(request, lab, slug):
    """Announce a planned decision about an entry or a draft."""
    entries = Entry.objects.visible_to(request.user).filter(subject__hidden=False).with_current()
    entry = get_object_or_404(entries, lab__slug=lab, slug=slug)
    require(request.user, "intents.announce", entry)
    initial = {"artefact": entry.title, "time_zone": request.user.time_zone}
    form = AnnounceForm(request.POST or None, entry=entry, initial=typed_before(request, initial))
    return _answered(request, form, lambda: form.save(request.user), "intents/new.html", {"entry": entry})


@form_page
@sign_in_first
def change(request, pk):
    """Change or put off what is announced, with the reason."""
    intent = conducted(request, pk)
    names = ("artefact", "title", "what", "why", "planned_on", "closes_on", "look_back_on", "version")
    initial = {name: getattr(intent, name) for name in names}
    entry = Entry.objects.with_current().get(pk=intent.entry_id)
    form = ChangeForm(request.POST or None, entry=entry, initial=typed_before(request, initial))
    return _act(request, form, intent, "intents/change.html")


@form_page
@sign_in_first
def make_final(request, pk):
    """Say what was decided; refused while an open concern has no answer."""
    intent = conducted(request, pk)
    form = FinalForm(request.POST or None, initial=typed_before(request, {"revision": _latest_since(intent)}))
    return _act(request, form, intent, "intents/decision.html", waiting=unanswered(intent.subject))


@form_page
@sign_in_first
def withdraw(request, pk):
    """Withdraw an intent, with the reason."""
    form = WithdrawalForm(request.POST or None, initial=typed_before(request))
    return _act(request, form, conducted(request, pk), "intents/withdraw.html")


@form_page
@sign_in_first
def look_back(request, pk):
    """Say whether the reasons still hold."""
    form = LookBackForm(request.POST or None, initial=typed_before(request))
    return _act(request, form, conducted(request, pk), "intents/look_back.html")


def _latest_since(intent):
    """The number of the entry's latest revision that can have carried an intent out, or None."""
    if intent.public_entry is None:
        return None
    since = intent.entry.revisions.filter(published_at__gte=intent.announced_at)
    return since.order_by("-number").values_list("number", flat=True).first()


def find(request, pk):
    return get_object_or_404(Intent.objects.visible_to(request.user).with_all(), pk=min(pk, 2**63 - 1))


def conducted(request, pk):
    """An intent for a page that only those who speak for its lab may open."""
    intent = find(request, pk)
    require(request.user, "intents.conduct", intent)
    return intent


def _act(request, form, intent, template, **context):
    def act():
        form.save(intent, request.user)
        return intent

    return _answered(request, form, act, template, context | {"intent": intent})


def _answered(request, form, act, template, context):
    """Do what the form asks for and lead to the intent, or show the form with what is to be mended."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_once(request, lambda: act().get_absolute_url())
        except Unanswered as problem:
            form.add_error(None, problem.as_html())
        except REFUSALS as problem:
            show_refusal(form, problem)
    return render(request, template, context | {"form": form}, status=400 if form.errors else 200)
