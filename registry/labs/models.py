"""Labs, who belongs to them, who is invited, and how their domain was proved."""

import secrets

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from registry.core.subjects import Subject

SLUG = r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?"


class LabQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self

    def with_subject(self):
        """Without what search finds it by, which is shown nowhere."""
        return self.select_related("subject").defer("subject__text", "subject__words")


class Lab(models.Model):
    """An organisation. Without members it is one that third parties write about, and nobody speaks for it."""

    slug = models.CharField(
        max_length=60,
        unique=True,
        validators=[RegexValidator(f"^{SLUG}$", "Use small letters, digits and hyphens.")],
    )
    name = models.CharField(max_length=120)
    skeleton = models.CharField(max_length=240, unique=True, editable=False)
    homepage = models.URLField(max_length=300, blank=True)
    about = models.CharField(max_length=1000, blank=True)
    feedback_email = models.EmailField(blank=True)
    verified_domain = models.CharField(max_length=253, blank=True)
    verified_at = models.DateTimeField(null=True)
    # Whether another member must approve exactly what is to be published.
    needs_approval = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="lab")

    objects = LabQuerySet.as_manager()

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("labs:detail", args=[self.slug])


class MembershipQuerySet(models.QuerySet):
    def speakers(self):
        return self.filter(role__in=[Membership.Role.OWNER, Membership.Role.EDITOR])


class Membership(models.Model):
    """A person's role in a lab; ends by deletion, and with it every right that followed from it."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        EDITOR = "editor", "Editor"
        MEMBER = "member", "Member"

    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role.choices)
    since = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lab", "user"], name="one_role_per_lab")]

    def __str__(self):
        return f"{self.user} ({self.role})"


class FormerMembership(models.Model):
    """That somebody belonged to a lab until a day: a tie that comments and votes disclose; no right follows from it."""

    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="former_memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="former_memberships")
    role = models.CharField(max_length=6, choices=Membership.Role.choices)
    until = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["lab", "user", "-until"])]

    def __str__(self):
        return f"{self.user}, until {self.until:%Y}"


def _secret():
    return secrets.token_urlsafe(24)


class InvitationQuerySet(models.QuerySet):
    def pending(self):
        """Neither taken up nor taken back; it may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """An offer of a role, sent to an address; whoever holds the link and that address may accept it."""

    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=6, choices=Membership.Role.choices)
    token = models.CharField(max_length=60, unique=True, default=_secret)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "lab",
                models.functions.Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation",
            )
        ]

    def __str__(self):
        return f"{self.email} to {self.lab}"

    @property
    def is_expired(self):
        return self.expires_at <= timezone.now()

    @property
    def is_open(self):
        return self.accepted_at is None and self.withdrawn_at is None and not self.is_expired


class DomainCheck(models.Model):
    """A request to prove that a lab holds a domain, by a DNS TXT record or a well-known file."""

    class Method(models.TextChoices):
        DNS = "dns", "DNS TXT record"
        FILE = "file", "File on the web server"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting for the first check"
        QUEUED = "queued", "Being checked"
        PROVED = "proved", "Proved"
        FAILED = "failed", "Not found"

    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="domain_checks")
    domain = models.CharField(max_length=253)
    method = models.CharField(max_length=4, choices=Method.choices)
    code = models.CharField(max_length=60, default=_secret)
    # Asked by somebody outside, for a lab to which nobody belongs; proved, it makes them its owner.
    claims = models.BooleanField(default=False)
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.WAITING)
    problem = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    rung_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["rung_at"], name="domain_checks_due", condition=Q(status="queued"))]

    def __str__(self):
        return self.domain

    @property
    def record_name(self):
        return f"_daylight.{self.domain}"

    @property
    def file_url(self):
        return f"https://{self.domain}/.well-known/daylight.txt"

    @property
    def expected(self):
        return f"daylight-verification={self.code}"
