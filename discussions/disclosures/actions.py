"""What is done with disclosures: correct one."""

from django.db import transaction
from django.urls import reverse

from discussions.threads.marks import set_mark
from discussions.threads.ties import lab_of
from registry.core.limits import take
from registry.core.rules import require
from registry.history.recording import record

from .models import DisclosureCorrection
from .validators import clean_correction

MARK = "correction"


@transaction.atomic
def correct_disclosure(comment, text, by):
    """Say what was wrong in what is disclosed beside one's comment; it is marked there, and the original stays."""
    require(by, "disclosures.correct", comment)
    text = clean_correction(text)
    take("correct", f"u{by.pk}", size=10, per_seconds=600)
    set_mark(comment, MARK, "disclosure corrected", reverse("disclosures:of_comment", args=[comment.pk]))
    correction = DisclosureCorrection.objects.create(comment=comment, by=by, text=text)
    thread = comment.thread
    lab = lab_of(thread.about)
    # Without the text: an event stays when the comment is taken from view.
    record(
        "disclosure.corrected", thread.subject, by=comment.author, lab=lab.subject if lab else None,
        about=thread.about.ref, thread=thread.pk, comment=comment.pk, number=comment.number, correction=correction.pk,
    )  # fmt: skip
    return correction
