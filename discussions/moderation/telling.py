"""What moderation tells the people whom it concerns, by mail: what was decided, why, and what they can do."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string

from .effects import moment_in_words
from .models import Decision
from .targets import author_of, name_of, text_of

signer = Signer(salt="discussions.moderation.concerned")


def key_for(decision):
    """What proves that somebody holds the letter: a suspended person cannot sign in to appeal."""
    return signer.sign(str(decision.pk))


def is_key_of(key, decision):
    try:
        return signer.unsign(key[:200]) == str(decision.pk)
    except BadSignature:
        return False


def tell_of_decision(decision):
    """Quote the text, name the rule and the reason, and say how to appeal."""
    target = decision.target
    erased = decision.kind == Decision.Kind.REMOVE
    context = {
        "text": "" if erased else text_of(target),
        "until": moment_in_words(decision.until) if decision.until else "",
    }
    _send(decision, "decision", f"{_what(decision)} was {decision.get_kind_display()}", **context)


def tell_of_restoration(decision, reason):
    _send(decision, "restoration", f"{_what(decision)}: a decision was taken back", reason=reason)


def tell_of_judgement(appeal):
    _send(appeal.decision, "judgement", f"{_what(appeal.decision)}: {appeal.get_state_display()}", appeal=appeal)


def tell_of_held(held):
    """Whether what waited was posted."""
    posted = held.state == held.State.RELEASED
    link = settings.BASE_URL + (held.comment if posted else held).get_absolute_url()
    subject = "What you wrote was posted" if posted else "What you wrote was not posted"
    _mail(held.author, "held", subject, {"held": held, "posted": posted, "link": link})


def _what(decision):
    return "Your account" if decision.person_id else f"What you wrote in {name_of(decision.target)}"


def _send(decision, name, subject, **context):
    link = f"{settings.BASE_URL}{decision.get_absolute_url()}?key={key_for(decision)}"
    context |= {"decision": decision, "link": link, "what": _what(decision)}
    _mail(author_of(decision.target), name, subject, context)


def _mail(person, name, subject, context):
    if not (address := person.address):
        return
    context |= {"person": person}
    message = EmailMultiAlternatives(
        f"[Daylight] {' '.join(subject.split())}"[:200],
        render_to_string(f"moderation/mail/{name}.txt", context), to=[address],
    )  # fmt: skip
    message.attach_alternative(render_to_string(f"moderation/mail/{name}.html", context), "text/html")
    message.send()
