"""The inbox, catching up, what one follows, and the link that ends mail."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.accounts.models import User
from registry.core.pages import keyset
from registry.core.subjects import Subject

from . import actions
from .forms import PreferencesForm
from .models import Cadence, Notice, Preferences, Subscription
from .since import Since, moment_for, with_difference
from .unsubscribing import read_token

READ_SHOWN = 10


@login_required
@require_safe
def inbox(request):
    """What one was told, unread first; everything under one thing is one line."""
    notices = Notice.objects.visible_to(request.user)
    reason = request.GET.get("reason", "")
    if reason in Notice.Reason.values:
        notices = notices.because(reason)
    only_read = request.GET.get("show") == "read"
    chosen = notices.read() if only_read else notices.unread()
    page = keyset(request, chosen.newest_of_each_bundle().with_event())
    first = not only_read and "after" not in request.GET and "before" not in request.GET
    context = {
        "page": page,
        "earlier": list(_latest_read(notices)) if first else [],
        "reason": reason,
        "reasons": Notice.Reason.choices,
        "only_read": only_read,
        "up_to": max((n.pk for n in page), default=0),
    }
    return render(request, "notifications/inbox.html", context)


def _latest_read(notices):
    return notices.read().newest_of_each_bundle().with_event().order_by("-pk")[:READ_SHOWN]


@login_required
@require_POST
def read(request):
    """Mark as read what was on screen: all up to a notice, of one thing or of everything."""
    notices = Notice.objects.filter(user=request.user)
    up_to, about = _number(request.POST.get("up_to")), _number(request.POST.get("about"))
    if up_to is None:
        raise Http404
    notices = notices.filter(pk__lte=up_to)
    if about is not None:
        notices = notices.filter(about=about)
    marked = actions.mark_read(request.user, notices)
    if request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    messages.success(request, f"{marked} marked as read.")
    return redirect(_back(request))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def since(request):
    """What happened since a moment; POST says that one knows it all now."""
    if request.method == "POST":
        actions.catch_up(request.user, _moment(request.POST.get("until", "")))
        messages.success(request, "Noted. From now on this page begins here.")
        return redirect("notifications:since")
    everything = request.GET.get("of") == "everything"
    moment = moment_for(request.user, request.GET.get("since", ""))
    found = Since(request.user, moment, everything=everything)
    page = keyset(request, found.changes())
    first = "after" not in request.GET and "before" not in request.GET
    context = {
        "moment": moment,
        "until": timezone.now(),
        "everything": everything,
        "page": page,
        "changes": [with_difference(event) for event in page],
        "replies": found.replies() if first else [],
        "threads": found.threads() if first else [],
        "first": first,
    }
    return render(request, "notifications/since.html", context)


def _moment(text):
    try:
        moment = datetime.fromisoformat(text)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    except (ValueError, OverflowError):
        return timezone.now()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request):
    """How one is told, as usual and of each thing that one follows."""
    chosen = Preferences.objects.filter(user=request.user).first() or Preferences()
    initial = {"cadence": chosen.cadence, "mail": chosen.mail}
    form = PreferencesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.save(request.user)
        messages.success(request, "Saved.")
        return redirect("notifications:settings")
    page = keyset(request, Subscription.objects.visible_to(request.user).select_related("subject"), size=100)
    context = {"form": form, "page": page, "cadences": Cadence.choices, "preferences": chosen}
    return render(request, "notifications/settings.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def follow(request):
    """Follow, mute, change how one is told, or stop: what the small form on every page does."""
    subject, words = _followed(request)
    try:
        if request.POST.get("cadence") == "stop":
            own = Subscription.objects.filter(user=request.user, subject=subject, words=words).first()
            if own:
                actions.stop_following(own, by=request.user)
            messages.success(request, f"You no longer follow {subject or words}.")
        else:
            cadence = request.POST.get("cadence") or Cadence.USUAL
            made = actions.follow(by=request.user, subject=subject, words=words, cadence=cadence)
            messages.success(request, _said(made))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect(_back(request))


def _followed(request):
    """What the form names: a subject that may be seen, or one's own words."""
    if pk := _number(request.POST.get("subject")):
        own = Subject.objects.filter(subscriptions__user=request.user)
        seen = Subject.objects.visible_to(request.user).filter(hidden=False)
        return get_object_or_404((seen | own).distinct(), pk=pk), ""
    words = " ".join(request.POST.get("words", "").split())
    if not words:
        raise Http404
    return None, words


def _said(subscription):
    if subscription.cadence == Cadence.NONE:
        return f"Muted: you are told nothing about {subscription}."
    return f"You follow {subscription}."


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """End mail by the link in it: GET asks, POST does it, for mail programs too (RFC 8058), signed in or not."""
    named = read_token(token)
    user = User.objects.filter(pk=named[0], is_active=True).first() if named else None
    subject = Subject.objects.filter(pk=named[1]).first() if named and named[1] else None
    if user is None or (named[1] and subject is None):
        raise Http404
    if request.method == "POST":
        actions.stop_mail(user, subject)
    shown = subject if subject and subject.public and not subject.hidden else None
    context = {"about": shown, "all": named[1] is None, "done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _back(request):
    """Where the form was, if that is a page of this site."""
    back = request.POST.get("back", "")
    own = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return back if own else reverse("notifications:inbox")
