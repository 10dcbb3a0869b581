"""From private to public with the consent of both sides, and letters that were written elsewhere before."""

from django.db import transaction
from django.utils import timezone

from discussions.threads.pace import check_new_account
from discussions.threads.ties import lab_of
from discussions.threads.validators import clean_body, clean_title
from registry.core.days import check_day
from registry.core.errors import Conflict, Invalid
from registry.core.free_text import fit_line
from registry.core.rules import require

from .actions import check_category
from .models import MAX_REASON, LabLetter, LetterProposal, Visibility
from .opening import hold, name, publish
from .pace import check_pace
from .recording import record_privately
from .rules import side_of

Side, State = LabLetter.Side, LetterProposal.State


@transaction.atomic
def enter_old_letter(subject, *, title, body, by, written_on, written_by="sender", person=None, category="feedback"):
    """Enter a letter that was written elsewhere, and propose to publish it; only the two sides read it meanwhile.

    Somebody who speaks for the lab names the `person` on the other side; anybody else is that person. `written_by`
    says which of the two sides wrote it.
    """
    require(by, "letters.send", subject)
    lab = lab_of(subject)
    person = by if person is None else person
    if person != by:
        require(by, "labs.speak", lab)
        _check_person(person)
    if written_by not in Side.values:
        raise Invalid("Say which side wrote it: sender or lab.", "written_by")
    check_category(category)
    check_day(written_on, "written_on", "The date")
    if written_on > timezone.now().date():
        raise Invalid("The day on which it was written lies in the future.", "written_on", "range")
    title = clean_title(title)
    body, html = clean_body(body)
    check_pace(by, starts=True)
    check_new_account(by, html)
    letter = LabLetter.objects.create(
        about=subject, lab=lab, sender=person, visibility=Visibility.PRIVATE, state=LabLetter.State.PRIVATE,
        category=category, title=title, body=body, html=html, written_on=written_on, written_by=written_by,
        entered_by=by,
    )  # fmt: skip
    name(letter)
    letter.proposals.create(side=side_of(by, letter), by=by, scope=LetterProposal.Scope.LETTER)
    record_privately("letter.entered", letter, by)
    return letter


def _check_person(person):
    """Whoever is named must be able to say no."""
    if not person.is_active or person.is_suspended or not person.email:
        raise Invalid("Name somebody who has an account here, and can answer.", "person")


@transaction.atomic
def propose(letter, by, *, scope=LetterProposal.Scope.EXCHANGE):
    """Propose to publish a private letter, whole or without the answers; in both cases the other side must consent."""
    letter = hold(letter)
    require(by, "letters.propose", letter)
    if scope not in LetterProposal.Scope.values:
        raise Invalid(f"Choose what is to be public: {', '.join(LetterProposal.Scope.values)}.", "scope")
    if letter.proposals.waiting().exists():
        raise Conflict("A proposal to publish this letter waits for an answer already.")
    check_pace(by)
    proposal = letter.proposals.create(side=side_of(by, letter), by=by, scope=scope)
    record_privately("letter.proposed", letter, by)
    return proposal


@transaction.atomic
def consent(proposal, by):
    """Agree to what the other side proposed: the letter is a discussion from now on. Returns the letter."""
    proposal = _settle(proposal, State.CONSENTED, "letters.consent", by)
    record_privately("letter.consented", proposal.letter, by)
    return publish(proposal.letter, by, proposal)


@transaction.atomic
def decline(proposal, reason, by):
    """Refuse to publish, with a reason, which only those read who read the letter."""
    reason = fit_line(reason, "reason", required=True)
    if len(reason) > MAX_REASON:
        raise Invalid(f"The reason has {len(reason)} characters; at most {MAX_REASON} are possible.", "reason")
    proposal = _settle(proposal, State.DECLINED, "letters.consent", by, reason)
    record_privately("letter.declined", proposal.letter, by)
    return proposal


@transaction.atomic
def take_back_proposal(proposal, by):
    proposal = _settle(proposal, State.TAKEN_BACK, "letters.take_back", by)
    record_privately("letter.proposal_taken_back", proposal.letter, by)
    return proposal


def _settle(proposal, state, rule, by, reason=""):
    """Say what came of a proposal, once, while its letter is held."""
    letter = hold(proposal.letter)
    proposal = letter.proposals.select_related("by").get(pk=proposal.pk)
    proposal.letter = letter
    require(by, rule, proposal)
    if proposal.state != State.OPEN:
        raise Conflict(f"This proposal was settled before: {proposal.get_state_display()}.")
    proposal.state, proposal.answered_by, proposal.answered_at, proposal.reason = state, by, timezone.now(), reason
    proposal.save(update_fields=["state", "answered_by", "answered_at", "reason"])
    return proposal
