"""Who offers access, who asks for it, and who decides."""

from registry.core.rules import rule
from registry.labs.rules import edits_lab

from .models import AccessRequest

State = AccessRequest.State


@rule("access.offer", refusal="Owners and editors of the lab offer access to what it released.")
def offers(user, entry):
    return entry.published_at is not None and entry.is_the_labs and edits_lab(user, entry.lab)


@rule("access.conduct", refusal="Owners and editors of the lab conduct its programmes.")
def conducts(user, programme):
    return user.is_authenticated and programme.entry.is_the_labs and edits_lab(user, programme.entry.lab)


def why_not_ask(user, programme):
    if not user.is_authenticated:
        return "Sign in to ask for access."
    if not confirmed(user):
        return "Confirm your e-mail address first, so that the lab's answer reaches you."
    if conducts(user, programme):
        return "You decide about requests to this programme, so you cannot make one."
    return "Requests to this programme are not made here."


@rule("access.ask", refusal=why_not_ask)
def asks(user, programme):
    here = not programme.contact and programme.entry.published_at is not None and not programme.entry.subject.hidden
    return here and user.is_authenticated and confirmed(user) and not conducts(user, programme)


@rule("access.read", refusal="A request is read by whoever made it and by the lab.")
def reads(user, request):
    return user.is_authenticated and (request.user_id == user.pk or conducts(user, request.programme))


@rule("access.own", refusal="Only whoever made the request may do this.")
def owns(user, request):
    return user.is_authenticated and request.user_id == user.pk


def why_not_decide(user, request):
    if conducts(user, request.programme) and request.state == State.APPEALED:
        return "An appeal is decided by somebody of the lab who did not decide before. Ask another owner or editor."
    return "Owners and editors of the lab decide about requests."


@rule("access.decide", refusal=why_not_decide)
def decides(user, request):
    """An appeal is decided by somebody else than whoever decided what it is against."""
    again = request.state == State.APPEALED and request.decided_by_id == user.pk
    return conducts(user, request.programme) and request.user_id != user.pk and not again


def confirmed(user):
    return user.emailaddress_set.filter(verified=True).exists()
