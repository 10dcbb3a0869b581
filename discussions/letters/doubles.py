"""What was sent twice by going back in the browser: the same words by the same person in the same place."""

from django.utils import timezone

from discussions.threads.doubles import YOUNG
from discussions.threads.validators import clean_title, tidy_body

from .models import LabLetter, LetterMessage
from .rules import PRIVATE


def letter_before(by, subject, *, title, body, visibility):
    """The letter that said just this within the hour and is not public yet, or None."""
    same = LabLetter.objects.filter(
        sender=by, about=subject, visibility=visibility, state__in=PRIVATE, entered_by=None,
        title=clean_title(title), body=tidy_body(body), sent_at__gt=timezone.now() - YOUNG,
    )  # fmt: skip
    return same.order_by("pk").first()


def message_before(by, letter, body):
    since = timezone.now() - YOUNG
    return LetterMessage.objects.filter(author=by, letter=letter, body=tidy_body(body), sent_at__gt=since).first()
