"""From a letter to a discussion. Whoever changes a letter holds its row, so that its date, its two sides and a worker
come one after another."""

from django.utils import timezone

from discussions.threads.exchanges import Said, open_exchange
from discussions.threads.ties import disclosure_on
from registry.core.errors import Conflict
from registry.core.idempotency import OnceKey
from registry.core.subjects import name_subject

from .models import LabLetter, LetterProposal
from .recording import record_privately
from .rules import PRIVATE

Side, State = LabLetter.Side, LabLetter.State


def hold(letter):
    """The letter as it is now, its row locked."""
    return LabLetter.objects.select_for_update(of=("self",), no_key=True).with_place().get(pk=letter.pk)


def name(letter):
    """Give a new letter the subject of its events, whose title says nothing that could not be public."""
    title, path = f"Letter {letter.pk} to {letter.lab.name}", letter.get_absolute_url()
    letter.subject = name_subject("letter", letter.pk, title=title, path=path, public=False)
    letter.save(update_fields=["subject"])


def publish(letter, by, proposal=None):
    """Make a discussion of a letter that is held; from then on its words stand there only.

    `by` is None where the time has come, so that its sender is told as well.
    """
    if letter.state not in PRIVATE:
        raise Conflict("This letter is not private any more.")
    alone = proposal is not None and proposal.scope == LetterProposal.Scope.LETTER
    parts = [_letter(letter, proposal), *([] if alone else _messages(letter))]
    letter.thread = open_exchange(letter.about, letter.title, parts)
    letter.title = letter.body = letter.html = ""
    letter.state, letter.settled_at = State.PUBLIC, timezone.now()
    letter.save(update_fields=["title", "body", "html", "state", "thread", "settled_at"])
    if not alone:
        letter.messages.update(body="", html="")
    _forget_answers(letter, alone)
    record_privately("letter.opened", letter, by)
    return letter


def _forget_answers(letter, alone):
    """Take the words out of answers of the API that are kept for scripts which ask twice."""
    of_letter = OnceKey.objects.filter(user__in={letter.sender_id, letter.entered_by_id} - {None})
    of_letter.filter(body__url=letter.get_absolute_url()).update(body={"id": letter.pk})
    if not alone:
        of_messages = OnceKey.objects.filter(user__in=letter.messages.values("author"))
        of_messages.filter(body__letter=letter.pk).update(body={"letter": letter.pk})


def _letter(letter, proposal):
    since, path = _since(proposal), letter.get_absolute_url()
    if not letter.is_old:
        words = f"written privately on {in_words(letter.sent_at)}, {since}"
        return Said(letter.sender, letter.body, letter.html, letter.disclosure, words, path, letter.as_of)
    # Whoever answers for the side that wrote it: nobody else can be named as its author.
    lab = letter.lab if letter.written_by == Side.LAB else None
    spoke = proposal.by if proposal.side == Side.LAB else proposal.answered_by
    author = spoke if lab else letter.sender
    disclosure = disclosure_on(letter.lab, author, about=letter.about, official_for=lab)
    words = f"written elsewhere on {in_words(letter.written_on)}, {since}"
    return Said(author, letter.body, letter.html, disclosure, words, path, official_for=lab)


def _messages(letter):
    path, since = letter.get_absolute_url(), _since(None)
    for message in letter.messages.select_related("author", "official_for"):
        words = f"written privately on {in_words(message.sent_at)}, {since}"
        yield Said(
            message.author, message.body, message.html, message.disclosure, words, path, message.as_of,
            message.official_for,
        )  # fmt: skip


def _since(proposal):
    since = f"public since {in_words(timezone.now())}"
    return f"{since} with the consent of both sides" if proposal else since


def in_words(day):
    """A day as text that is stored; of a moment the day in UTC."""
    return f"{day.day} {day:%B %Y}"
