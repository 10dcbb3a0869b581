"""People, their dated affiliations and interests, and their tokens."""

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone

from registry.core.statements import Row
from registry.core.subjects import Subject

from .validators import validate_orcid

HANDLE = r"[a-z0-9](?:[a-z0-9-]{1,37})[a-z0-9]"


class UserManager(BaseUserManager):
    def get(self, *args, **wanted):
        """As always; by key alone, as every request of somebody who is signed in asks, without building a query."""
        if args or wanted.keys() != {"pk"} or not isinstance(wanted["pk"], int):
            return super().get(*args, **wanted)
        if (found := BY_KEY.get(wanted["pk"])) is None:
            raise User.DoesNotExist("User matching query does not exist.")
        return found

    def get_by_natural_key(self, handle):
        return self.get(handle=handle.lower())

    def visible_to(self, user):
        return self.filter(is_active=True)


def suspended_now(person=""):
    """The condition that somebody may do nothing at this moment; `person` leads to them, such as `author__`."""
    for_ever, until = {f"{person}suspended_until": None}, {f"{person}suspended_until__gt": Now()}
    return Q(**{f"{person}suspended_at__isnull": False}) & (Q(**for_ever) | Q(**until))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The handle is lasting and public, the e-mail address never public."""

    handle = models.CharField(
        max_length=39,
        unique=True,
        validators=[RegexValidator(f"^{HANDLE}$", "Use 3 to 39 small letters, digits and hyphens.")],
    )
    # Look-alike handles share a skeleton, and only one of them may exist.
    skeleton = models.CharField(max_length=80, unique=True, editable=False)
    email = models.EmailField()
    display_name = models.CharField(max_length=80)
    about = models.CharField(max_length=600, blank=True)
    orcid = models.CharField("ORCID iD", max_length=19, blank=True, validators=[validate_orcid])
    time_zone = models.CharField(max_length=50, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("administrator", default=False)
    is_moderator = models.BooleanField(default=False)
    suspended_at = models.DateTimeField(null=True, blank=True)
    # The suspension is over by itself at this time; without one it lasts.
    suspended_until = models.DateTimeField(null=True, blank=True)
    # Since when the limits of new accounts do not hold for this person; nobody has to set it for those who stay.
    trusted_since = models.DateTimeField(null=True, blank=True)
    date_joined = models.DateTimeField(default=timezone.now)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="person")

    objects = UserManager()
    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email", condition=~Q(email=""))]

    def __str__(self):
        return self.display_name

    def get_absolute_url(self):
        return reverse("accounts:person", args=[self.handle])

    def get_full_name(self):
        return self.display_name

    def get_short_name(self):
        return self.display_name

    @property
    def is_suspended(self):
        """Whether this person may do nothing at this moment."""
        if self.suspended_at is None:
            return False
        return self.suspended_until is None or self.suspended_until > timezone.now()

    @property
    def address(self):
        """Where letters to this person go: those to a pseudonym reach whoever bears it. Never public."""
        if self.email:
            return self.email
        return Pseudonym.objects.filter(persona=self).values_list("owner__email", flat=True).first() or ""

    @property
    def username(self):
        return self.handle


BY_KEY = Row(User, lambda pk: User.objects.filter(pk=pk), int)


def display_name(user):
    return user.display_name


class Affiliation(models.Model):
    """Where a person works or worked, or what they have a stake in, with the years it held."""

    class Kind(models.TextChoices):
        MEMBER = "member", "Works or studies there"
        FUNDING = "funding", "Is funded by it"
        COAUTHOR = "coauthor", "Writes with its people"
        COMPETITOR = "competitor", "Competes with it"
        INTEREST = "interest", "Has another interest in it"

    class Sector(models.TextChoices):
        ACADEMIA = "academia", "Academia"
        INDUSTRY = "industry", "Industry"
        GOVERNMENT = "government", "Government"
        CIVIL_SOCIETY = "civil_society", "Civil society"
        PRESS = "press", "Press"
        INDEPENDENT = "independent", "Independent"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="affiliations")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MEMBER)
    organisation = models.CharField(max_length=120)
    # The class by which votes are told apart; "" where it was not stated.
    sector = models.CharField(max_length=13, choices=Sector.choices, blank=True, default="", db_default="")
    role = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "-until", "-since", "pk"]

    def __str__(self):
        return self.organisation


class Pseudonym(models.Model):
    """A name under which a person may write where that is allowed.

    The persona is a person of its own, that nobody can sign in as: whatever shows, lists, finds or mails an author
    meets the persona and never its owner. Only what asks this row knows better, and nothing public does.
    """

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="pseudonyms")
    persona = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.persona.handle


class TokenQuerySet(models.QuerySet):
    def live(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class ApiToken(models.Model):
    """A script's key: only its hash is kept, so it is shown once."""

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Read and write"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=5, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    def __str__(self):
        return self.name
