"""Reports, decisions and appeals. Each is about one comment, discussion, person, summary, entry or norm."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from discussions.summaries.models import Summary
from discussions.threads.models import Comment, Thread
from registry.core.subjects import Subject

from . import rulebook
from .querysets import AppealQuerySet, DecisionQuerySet, ReportQuerySet

PERSON = settings.AUTH_USER_MODEL
TARGETS = ("comment", "thread", "person", "subject", "summary")
REASON = 1000


def _about_one_thing():
    """Exactly one of the columns is filled."""
    found = Q()
    for filled in TARGETS:
        found |= Q(**{f"{name}__isnull": name != filled for name in TARGETS})
    return found


class Aimed(models.Model):
    """What is about exactly one thing."""

    comment = models.ForeignKey(Comment, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    thread = models.ForeignKey(Thread, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    person = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="%(class)ss_about")
    # An entry, norm or clause: what it says.
    subject = models.ForeignKey(Subject, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    summary = models.ForeignKey(Summary, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    rule = models.CharField(max_length=4, choices=rulebook.CHOICES)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=_about_one_thing(), name="%(class)s_is_about_one_thing"),
        ]

    @property
    def target(self):
        return self.comment or self.thread or self.person or self.summary or self.subject

    @property
    def rule_in_full(self):
        return rulebook.BY_KEY[self.rule]


class Decision(Aimed):
    """One act of moderation. What it does follows from the decisions in force (see `effects`), so that taking one
    back restores exactly what would be without it."""

    class Kind(models.TextChoices):
        HIDE = "hide", "taken from view"
        LOCK = "lock", "locked"
        MOVE = "move", "moved"
        SLOW = "slow", "slowed down"
        SUSPEND = "suspend", "suspended"
        REMOVE = "remove", "erased"
        RESTORE = "restore", "restored"

    class State(models.TextChoices):
        PROPOSED = "proposed", "proposed, waits for a second moderator"
        REFUSED = "refused", "proposed and not confirmed"
        IN_FORCE = "in_force", "in force"
        ENDED = "ended", "ended"
        REPLACED = "replaced", "replaced by a later one"
        RESTORED = "restored", "taken back"
        OVERTURNED = "overturned", "overturned on appeal"
        RECORDED = "recorded", "done"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = models.CharField(max_length=REASON)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="decisions")
    # Who confirmed what needs two, or did not.
    second = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices)
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reversals")
    # What a kind needs besides: minutes of a slow-down, subjects of a move, digest of what was erased.
    detail = models.JSONField(default=dict)
    # When the first report on the thing came in, so that the time to the decision can be told.
    reported_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta(Aimed.Meta):
        constraints = Aimed.Meta.constraints + [
            models.UniqueConstraint(
                fields=["kind", name], condition=Q(state__in=["proposed", "in_force"]), name=f"one_decision_on_a_{name}"
            )
            for name in TARGETS
        ]
        indexes = [models.Index(fields=["state", "-id"]), models.Index(fields=["thread", "-id"])]

    def __str__(self):
        return f"{self.get_kind_display()} under {self.rule}"

    def get_absolute_url(self):
        return reverse("moderation:decision", args=[self.pk])

    @property
    def is_over(self):
        """Whether its end has come by itself."""
        return self.until is not None and self.until <= timezone.now()

    @property
    def holds(self):
        return self.state == self.State.IN_FORCE and not self.is_over

    @property
    def standing(self):
        """In words what has become of it."""
        return "ended" if self.state == self.State.IN_FORCE and self.is_over else self.get_state_display()


class Report(Aimed):
    """What a reader asks moderators to look at; who reported is told to nobody but moderators."""

    class State(models.TextChoices):
        OPEN = "open", "waits for a moderator"
        UPHELD = "upheld", "led to a decision"
        DECLINED = "declined", "led to no decision"

    reporter = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="reports")
    text = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="reports")
    answer = models.CharField(max_length=REASON, blank=True)
    settled_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta(Aimed.Meta):
        constraints = Aimed.Meta.constraints + [
            models.UniqueConstraint(
                fields=["reporter", name], condition=Q(state="open"), name=f"one_open_report_on_a_{name}"
            )
            for name in TARGETS
        ]
        indexes = [
            models.Index(fields=["id"], name="reports_open", condition=Q(state="open")),
            models.Index(fields=["reporter", "-id"]),
        ]

    def __str__(self):
        return f"report {self.pk} under {self.rule}"


class Appeal(models.Model):
    """The word of whoever a decision concerns, once per decision, answered by somebody who had no part in it."""

    class State(models.TextChoices):
        OPEN = "open", "waits for another moderator"
        UPHELD = "upheld", "the decision stands"
        OVERTURNED = "overturned", "the decision was overturned"
        MOOT = "moot", "the decision was taken back before it was answered"

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="appeals")
    text = models.CharField(max_length=4000)
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.CharField(max_length=REASON, blank=True)
    settled_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["id"], name="appeals_open", condition=Q(state="open"))]

    def __str__(self):
        return f"appeal against {self.decision}"
