"""What people follow, how they wish to be told, and what they were told."""

from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from discussions.threads.models import Comment
from discussions.threads.search import ask
from registry.core.subjects import Subject
from registry.history.models import Event

from .querysets import NoticeQuerySet, SubscriptionQuerySet

MOST_WORDS = 200


class Cadence(models.TextChoices):
    """How soon mail comes; `usual` is whatever the person has set for everything."""

    USUAL = "usual", "As usual"
    IMMEDIATE = "immediate", "A mail at once, for each"
    BUNDLED = "bundled", "Mail in bundles, when it is quiet"
    DAILY = "daily", "One mail a day"
    WEEKLY = "weekly", "One mail a week"
    INBOX = "inbox", "In the inbox only"
    NONE = "none", "Muted: nothing at all"


DEFAULTS = [c for c in Cadence if c not in {Cadence.USUAL, Cadence.NONE}]


class Subscription(models.Model):
    """Somebody follows a subject (a thread and a person are subjects too) or the words of a search, or mutes it."""

    class MadeBy(models.TextChoices):
        SELF = "self", "chosen by you"
        POSTING = "posting", "since you wrote there"
        LAB = "lab", "since you speak for the lab"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    subject = models.ForeignKey(Subject, null=True, on_delete=models.CASCADE, related_name="subscriptions")
    words = models.CharField(max_length=MOST_WORDS, blank=True)
    cadence = models.CharField(max_length=9, choices=Cadence.choices, default=Cadence.USUAL)
    made_by = models.CharField(max_length=7, choices=MadeBy.choices, default=MadeBy.SELF)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "subject"], name="one_subscription_per_subject"),
            models.UniqueConstraint(
                fields=["user", "words"], condition=Q(subject=None), name="one_subscription_per_search"
            ),
        ]
        indexes = [models.Index(fields=["subject", "user"], name="followers_in_order")]

    def __str__(self):
        return self.subject.title if self.subject else f"“{self.words}”"

    @property
    def path(self):
        """Where what is followed stands; a search with operators is one in discussions."""
        if self.subject:
            return self.subject.path
        return f"{reverse('threads:search' if ask(self.words).operators else 'search:search')}?q={quote(self.words)}"


class Preferences(models.Model):
    """How somebody wishes to be told, beside what they say of single things."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_choice")
    cadence = models.CharField(
        max_length=9, choices=[(c.value, c.label) for c in DEFAULTS], default=Cadence.BUNDLED
    )
    mail = models.BooleanField(default=True)
    # How many mails came back since one was last wanted, and since when so many did that no more are written.
    bounces = models.PositiveIntegerField(default=0, db_default=0)
    bounced_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    # Up to which moment they have caught up, by their own word.
    caught_up_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.user}: {self.cadence}"


class Untold(models.Model):
    """An event of which its followers are still to be told; `after` is the last person who was."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.CASCADE, related_name="+")
    after = models.BigIntegerField(default=-1)
    rung_at = models.DateTimeField(null=True)

    def __str__(self):
        return str(self.event_id)


class Letter(models.Model):
    """That a mail was written to somebody, and about how much: more than so many a day are never written."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    told = models.PositiveIntegerField()
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["user", "-written_at"], name="letters_of_a_day")]

    def __str__(self):
        return f"{self.told} told to {self.user_id}"


class OriginalMail(models.Model):
    """The Message-ID under which a comment's author sent it as mail; no mail to others and no page names it."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="original_mail")
    message_id = models.CharField(max_length=255, db_index=True)

    def __str__(self):
        return self.message_id


class Notice(models.Model):
    """That somebody is told of an event, why, and when by mail."""

    class Reason(models.TextChoices):
        MENTION = "mention", "you were mentioned"
        REPLY = "reply", "it answers you"
        THREAD = "thread", "you follow the discussion"
        SUBJECT = "subject", "you follow what it is about"
        LAB = "lab", "you follow the lab"
        PERSON = "person", "you follow the person"
        SEARCH = "search", "it matches a search of yours"
        LETTER = "letter", "you read the letter"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="notices")
    # What it stands under in the inbox: the event's own subject, which for comments is their thread's.
    about = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, null=True, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=7, choices=Reason.choices)
    # What is followed, where the reason is that it is.
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.SET_NULL, related_name="+")
    cadence = models.CharField(max_length=9, choices=Cadence.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    # When mail about it may be written; empty where none will be, or was.
    due_at = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="told_once")]
        indexes = [
            models.Index(fields=["user", "about", "-id"], name="inbox_by_bundle"),
            models.Index(fields=["user", "-id"], name="inbox_unread", condition=Q(seen_at=None)),
            models.Index(fields=["due_at"], name="notices_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.event_id} to {self.user_id}"

    @property
    def words(self):
        """Why they are told, as a clause that follows "because"."""
        followed = self.subscription
        direct = {self.Reason.MENTION, self.Reason.REPLY, self.Reason.LETTER}
        if followed is None or self.reason in direct:
            return self.get_reason_display()
        return f"your search {followed} finds it" if self.reason == self.Reason.SEARCH else f"you follow “{followed}”"
