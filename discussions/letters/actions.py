"""Sending letters, answering them, and changing when they become public."""

from django.db import transaction
from django.utils import timezone

from discussions.threads.actions import start_thread
from discussions.threads.pace import check_new_account
from discussions.threads.ties import disclosure_on, lab_of
from discussions.threads.validators import clean_body, clean_title
from registry.core.errors import Invalid, Refused
from registry.core.rules import allows, require

from .dates import check_change, check_opening, read_moment
from .models import Category, LabLetter, LetterDateChange, LetterMessage, LetterProposal, Visibility
from .opening import hold, name, publish
from .pace import check_pace
from .recording import announce, record_privately

State = LabLetter.State


@transaction.atomic
def send_letter(
    subject, *, title, body, by, visibility="public", public_on=None, category="feedback", named=False, vetted=False
):
    """Write to the lab that a subject belongs to, and return the letter.

    A public one is a discussion at once, which is the letter's `thread`. A dated one becomes a discussion at
    `public_on`: a day, which means nine in the morning in the sender's zone, or a time. `named` lets its placeholder
    name the sender; `vetted` as for `start_thread`.
    """
    require(by, "letters.send", subject)
    if visibility not in Visibility.values:
        raise Invalid(f"Choose who is to read it: {', '.join(Visibility.values)}.", "visibility")
    check_category(category)
    if public_on is not None and visibility != Visibility.DATED:
        raise Invalid("Give a date only where the letter is to be public on a date.", "public_on")
    lab = lab_of(subject)
    sent = {"about": subject, "lab": lab, "sender": by, "visibility": visibility, "category": category}
    if visibility == Visibility.PUBLIC:
        thread = start_thread(subject, title, body, by, vetted=vetted)
        return LabLetter.objects.create(**sent, state=State.PUBLIC, thread=thread, settled_at=timezone.now())
    title = clean_title(title)
    body, html = clean_body(body)
    opens_at = check_opening(read_moment(public_on, by)) if visibility == Visibility.DATED else None
    check_pace(by, starts=True, dated=opens_at is not None)
    if not vetted:
        check_new_account(by, html)
    letter = LabLetter.objects.create(
        **sent, state=State.WAITING if opens_at else State.PRIVATE, title=title, body=body, html=html,
        disclosure=disclosure_on(lab, by, about=subject), as_of=subject.as_of, named=bool(named and opens_at),
        opens_at=opens_at, promised_at=opens_at, time_zone=by.time_zone,
    )  # fmt: skip
    name(letter)
    if opens_at:
        announce("letter.announced", letter)
    record_privately("letter.sent", letter, by)
    return letter


def check_category(category):
    if category not in Category.values:
        raise Invalid(f"Choose what it is about: {', '.join(Category.values)}.", "category")


@transaction.atomic
def answer(letter, body, by, *, official=False):
    """Write below a letter that is not public. A proposal to publish it lapses, since that was about less."""
    letter = hold(letter)
    require(by, "letters.answer", letter)
    body, html = clean_body(body)
    check_pace(by)
    check_new_account(by, html)
    if official and (letter.sender_id == by.pk or not allows(by, "labs.speak", letter.lab)):
        raise Refused(f"Only somebody who speaks for {letter.lab.name} may respond officially.")
    official_for = letter.lab if official else None
    message = LetterMessage.objects.create(
        letter=letter, author=by, body=body, html=html, official_for=official_for, as_of=letter.about.as_of,
        disclosure=disclosure_on(letter.lab, by, about=letter.about, official_for=official_for),
    )  # fmt: skip
    letter.proposals.waiting().update(state=LetterProposal.State.LAPSED, answered_at=timezone.now())
    record_privately("letter.answered", letter, by, message=message.pk)
    return message


@transaction.atomic
def open_now(letter, by):
    """Make a dated letter public before its date."""
    letter = hold(letter)
    require(by, "letters.change", letter)
    return publish(letter, by)


@transaction.atomic
def open_due(pk, *, now=None):
    """Make a letter public whose time has come; None where it has not, or another worker is at it."""
    due = LabLetter.objects.due(now or timezone.now()).filter(pk=pk).with_place()
    letter = due.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if letter is None or not allows(letter.sender, "threads.start", letter.about):
        return None  # it goes on waiting until its sender may speak there again
    return publish(letter, None)


@transaction.atomic
def change_date(letter, public_on, by):
    """Let a dated letter become public earlier, or later within bounds; the change can be seen beside the date."""
    letter = hold(letter)
    require(by, "letters.change", letter)
    moment = read_moment(public_on, by)
    check_change(letter, moment)
    change = LetterDateChange.objects.create(letter=letter, before=letter.opens_at, after=moment)
    letter.opens_at, letter.rung_at = moment, None
    letter.save(update_fields=["opens_at", "rung_at"])
    announce("letter.put_off" if change.is_delay else "letter.brought_forward", letter)
    record_privately("letter.date_changed", letter, by)
    return letter


@transaction.atomic
def withdraw(letter, by):
    """Take back that a letter becomes public; its placeholder says so. Who has read it has read it."""
    letter = hold(letter)
    require(by, "letters.change", letter)
    letter.state, letter.settled_at = State.WITHDRAWN, timezone.now()
    letter.save(update_fields=["state", "settled_at"])
    announce("letter.withdrawn", letter)
    record_privately("letter.recalled", letter, by)
    return letter
