"""Letters to labs, the answers to them, changes of their dates, and who agreed to publish them."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from discussions.threads.models import Thread
from registry.core.subjects import Subject
from registry.labs.models import Lab

from .querysets import LabLetterQuerySet, LetterProposalQuerySet

PERSON = settings.AUTH_USER_MODEL
LONGEST = timedelta(days=366)  # how far ahead a letter may be dated
LONGEST_DELAY = timedelta(days=90)  # how much later than first promised it may become public
MOST_DELAYS = 2
MAX_REASON = 1000


class Category(models.TextChoices):
    """What a letter is about; of a dated one this is public from the start, so it never says more than a class."""

    FEEDBACK = "feedback", "General feedback"
    MISUSE = "misuse_risk", "Misuse risk"
    SAFETY = "safety_finding", "Safety finding"
    ERROR = "factual_error", "Factual error"
    REPLICATION = "replication", "Replication"
    CONSENT = "data_subject", "Consent or data subject"
    OTHER = "other", "Other"


class Visibility(models.TextChoices):
    """What the sender chose."""

    PUBLIC = "public", "Public now"
    DATED = "dated", "Public on a date"
    PRIVATE = "private", "Lab and chairs only"


class LabLetter(models.Model):
    """Feedback of one person to one lab. Title and text are empty once they stand in `thread`.

    A letter written elsewhere (`written_on` is set) was entered by one side and is read by the two sides alone.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for its date"
        PRIVATE = "private", "Lab and chairs only"
        WITHDRAWN = "withdrawn", "Withdrawn by its sender"
        PUBLIC = "public", "Public"

    class Side(models.TextChoices):
        SENDER = "sender", "the person"
        LAB = "lab", "the lab"

    # What its events are about: never public, and its title says nothing of the letter's own.
    subject = models.OneToOneField(Subject, null=True, on_delete=models.PROTECT, related_name="letter")
    about = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="letters")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="letters")
    # The person on the other side of the lab, whoever of both wrote.
    sender = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="letters_to_labs")
    visibility = models.CharField(max_length=7, choices=Visibility.choices)
    state = models.CharField(max_length=9, choices=State.choices)
    category = models.CharField(max_length=14, choices=Category.choices, default=Category.FEEDBACK)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # As `ties.disclosure_on` returned it when the letter was sent; never brought up to date.
    disclosure = models.JSONField(default=dict)
    as_of = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    # Whether the placeholder of a dated letter names its sender.
    named = models.BooleanField(default=False)
    # When it becomes public, when that was promised first, and the zone in which its sender chose it.
    opens_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=50, default="UTC")
    rung_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    thread = models.OneToOneField(Thread, null=True, on_delete=models.PROTECT, related_name="letter")
    # Of a letter written elsewhere: the day, which side wrote it, and who entered it here.
    written_on = models.DateField(null=True)
    written_by = models.CharField(max_length=6, choices=Side.choices, default=Side.SENDER)
    entered_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    # That somebody who may read it reported it, so that moderators without ties may read it as well.
    reported = models.BooleanField(default=False)

    objects = LabLetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="waiting") | Q(opens_at__isnull=False), name="waits_for_a_date"),
            models.CheckConstraint(
                condition=Q(state="public", thread__isnull=False, body="", html="", title="")
                | (~Q(state="public") & Q(thread=None)),
                name="a_letter_is_kept_in_one_place",
            ),
        ]
        indexes = [
            models.Index(fields=["opens_at"], name="letters_due", condition=Q(state="waiting")),
            models.Index(fields=["about", "state"]),
            models.Index(fields=["lab", "-id"]),
            models.Index(fields=["sender", "-id"]),
        ]

    def __str__(self):
        return f"letter {self.pk} to {self.lab}"

    def get_absolute_url(self):
        return reverse("letters:detail", args=[self.pk])

    @property
    def is_old(self):
        """Whether it was written elsewhere and entered here later."""
        return self.written_on is not None

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def latest_opening(self):
        """The latest moment that its date may be put off to."""
        return self.promised_at + LONGEST_DELAY


class LetterMessage(models.Model):
    """One answer below a letter, by its sender or by somebody who speaks for the lab."""

    letter = models.ForeignKey(LabLetter, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    disclosure = models.JSONField(default=dict)
    official_for = models.ForeignKey(Lab, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    as_of = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"message {self.pk} below {self.letter}"

    @property
    def name(self):
        """The author's name as it was when this was written."""
        return self.disclosure.get("display_name") or self.author.display_name


class LetterDateChange(models.Model):
    """That the date of a letter was changed; shown to everybody beside the date."""

    letter = models.ForeignKey(LabLetter, on_delete=models.PROTECT, related_name="date_changes")
    before = models.DateTimeField()
    after = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.letter}: from {self.before} to {self.after}"

    @property
    def is_delay(self):
        return self.after > self.before


class LetterProposal(models.Model):
    """One side's wish to publish a private letter, and what the other side said to it."""

    class Scope(models.TextChoices):
        EXCHANGE = "exchange", "The letter and every answer"
        LETTER = "letter", "The letter alone"

    class State(models.TextChoices):
        OPEN = "open", "Waits for the other side"
        CONSENTED = "consented", "Both sides agreed"
        DECLINED = "declined", "The other side declined"
        TAKEN_BACK = "taken_back", "Taken back"
        LAPSED = "lapsed", "Lapsed, since more was written"

    letter = models.ForeignKey(LabLetter, on_delete=models.PROTECT, related_name="proposals")
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.EXCHANGE)
    side = models.CharField(max_length=6, choices=LabLetter.Side.choices)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answered_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=MAX_REASON, blank=True)

    objects = LetterProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter"], condition=Q(state="open"), name="one_open_proposal_per_letter")
        ]
        ordering = ["pk"]

    def __str__(self):
        return f"proposal {self.pk} on {self.letter}"
