"""Who may send, read, answer and publish letters. Neither side can publish a private one alone."""

from discussions.threads.rules import may_start
from discussions.threads.ties import lab_of
from registry.core.rules import rule
from registry.labs.rules import speaks_for_lab

from .models import LabLetter

Side, State = LabLetter.Side, LabLetter.State
PRIVATE = (State.WAITING, State.PRIVATE)  # where nothing but category and date can be public


@rule("letters.send", refusal="Sign in to write to a lab; letters go to labs, about what is public and open.")
def may_send(user, subject):
    return may_start(user, subject) and lab_of(subject) is not None


@rule("letters.read", refusal="There is no such letter.")
def may_read(user, letter):
    """What `readable_by` lists: the text of a letter that is no discussion yet."""
    return LabLetter.objects.readable_by(user).filter(pk=letter.pk).exists()


@rule("letters.answer", refusal="A letter is answered by its sender and by those who speak for the lab.")
def may_answer(user, letter):
    return letter.state in PRIVATE and side_of(user, letter) is not None


@rule("letters.change", refusal="Only its sender may say when a letter becomes public, before it does.")
def may_change(user, letter):
    return letter.state == State.WAITING and letter.sender_id == user.pk


@rule("letters.propose", refusal="Only the two sides of a private letter may propose to publish it.")
def may_propose(user, letter):
    return letter.state == State.PRIVATE and side_of(user, letter) is not None


@rule("letters.consent", refusal="Only the other side of the letter may say this.")
def may_consent(user, proposal):
    side = side_of(user, proposal.letter)
    return side is not None and side != proposal.side


@rule("letters.take_back", refusal="Only the side that proposed it may take it back.")
def may_take_back(user, proposal):
    return side_of(user, proposal.letter) == proposal.side


@rule("letters.report", refusal="Only those who received a letter may report it.")
def may_report(user, letter):
    wrote = letter.entered_by_id or letter.sender_id
    return letter.state in PRIVATE and wrote != user.pk and may_read(user, letter)


def side_of(user, letter):
    """On which side of a letter somebody stands, or None; a sender who speaks for the lab is no voice of the lab."""
    if not user.is_authenticated:
        return None
    if letter.sender_id == user.pk:
        return Side.SENDER
    return Side.LAB if speaks_for_lab(user, letter.lab) else None
