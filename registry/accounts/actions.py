"""What people do with their accounts."""

import hashlib
import re
import secrets
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from registry.core.days import check_day
from registry.core.errors import Conflict, Invalid
from registry.core.free_text import fit_line, fit_lines
from registry.core.limits import take
from registry.core.statements import Statement
from registry.core.subjects import name_subject
from registry.core.text import TextRefused, clean_name, confusable_key
from registry.core.time_zones import time_zones
from registry.history.recording import record

from .models import HANDLE, Affiliation, ApiToken, User
from .validators import RESERVED

TOKEN_PREFIX = "dl_"  # noqa: S105 - the recognisable start of every token, no secret
MAX_TOKEN_DAYS = 365
MOST_PSEUDONYMS = 3
OF_PSEUDONYM = (
    "A pseudonym of somebody who has an account here under another name. "
    "Whether they are tied to what is discussed is shown beside what they write, and no more."
)
# What somebody has stated, of which no more than three years are over.
RECENT = Statement(
    lambda user, since: Affiliation.objects.filter(Q(until=None) | Q(until__gte=since), user_id=user).values_list(
        "kind", "organisation", "role", "sector", "since", "until"
    ),
    int, date,
)  # fmt: skip
RESERVED_KEYS = {confusable_key(name) for name in RESERVED}


def check_handle(handle):
    """The handle in small letters, or `Invalid`: malformed, reserved, taken, or too like one that exists."""
    handle = handle.strip().lower()
    if not re.fullmatch(HANDLE, handle) or "--" in handle:
        raise Invalid("Use 3 to 39 small letters, digits and single hyphens, such as ada-example.", "handle")
    if confusable_key(handle) in RESERVED_KEYS or User.objects.filter(skeleton=confusable_key(handle)).exists():
        raise Invalid("This handle is taken or looks like one that is. Choose another.", "handle", "taken")
    return handle


@transaction.atomic
def join(handle, email, *, password=None, display_name="", check_password=False):
    """Make a person and their subject, as the operator does: they know whom they let in, so it is no new account."""
    handle = check_handle(handle)
    user = User(
        handle=handle, skeleton=confusable_key(handle), email=email, display_name=display_name or handle,
        trusted_since=timezone.now(),
    )  # fmt: skip
    if check_password:
        validate_password(password, user)
    user.set_password(password)
    return add_person(user)


@transaction.atomic
def add_person(user):
    """Store a new person with the subject that others point at, and record that they joined."""
    user.display_name = _fit_name(user.display_name)
    try:
        with transaction.atomic():
            user.subject = name_subject(
                "person", user.handle, title=user.display_name, path=f"/people/{user.handle}/", public=True
            )
            user.save()
    except IntegrityError:
        raise Conflict("This handle or e-mail address was taken a moment ago.") from None
    record("person.joined", user.subject, by=user)
    return user


def _fit_name(name):
    try:
        return clean_name(name)
    except TextRefused as problem:
        raise Invalid(str(problem), "display_name") from None


@transaction.atomic
def change_profile(user, *, display_name, about="", orcid="", time_zone="UTC"):
    """Change what a person says of themselves; comments already written keep what was said then."""
    display_name, about = _fit_name(display_name), fit_lines(about, "about")
    if time_zone not in time_zones():
        raise Invalid("Choose the time zone of a place, such as Europe/Vienna, or UTC.", "time_zone")
    user.display_name, user.about, user.orcid, user.time_zone = display_name, about, orcid, time_zone
    user.save(update_fields=["display_name", "about", "orcid", "time_zone"])
    user.subject.title = display_name
    user.subject.save(update_fields=["title"])
    record("person.changed", user.subject, by=user)


@transaction.atomic
def take_pseudonym(user, handle):
    """Make a name under which somebody may write where that is allowed; whose it is, no page tells."""
    take("pseudonym", f"u{user.pk}", size=5, per_seconds=86400)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two at once count as two
    if user.pseudonyms.count() >= MOST_PSEUDONYMS:
        raise Conflict(f"You have {MOST_PSEUDONYMS} pseudonyms, which is as many as anybody may have.")
    handle = check_handle(handle)
    persona = User(
        handle=handle, skeleton=confusable_key(handle), display_name=f"{handle} (pseudonym)", about=OF_PSEUDONYM
    )
    persona.set_unusable_password()
    return user.pseudonyms.create(persona=add_person(persona))


@transaction.atomic
def state_affiliation(user, *, organisation, kind="member", role="", sector="", since=None, until=None):
    """Say where one stands or stood; shown beside everything written from now on."""
    organisation, role = fit_line(organisation, "organisation", required=True), fit_line(role, "role")
    check_day(since, "since", "The first day")
    check_day(until, "until", "The last day")
    if since and until and since > until:
        raise Invalid(f"It cannot end ({until}) before it begins ({since}).", "until")
    stated = user.affiliations.create(
        organisation=organisation, kind=kind, role=role, sector=sector, since=since, until=until
    )
    record("person.affiliation_stated", user.subject, by=user, organisation=organisation, kind=kind)
    return stated


@transaction.atomic
def drop_affiliation(affiliation, *, by):
    """Take a statement back; what was written under it keeps it."""
    record("person.affiliation_dropped", affiliation.user.subject, by=by, organisation=affiliation.organisation)
    affiliation.delete()


def affiliations_along(user, day=None):
    """The question for what somebody states of themselves, to be answered with the next one: see `disclosure_of`."""
    return RECENT.along(user.pk, (day or timezone.now().date()) - timedelta(days=3 * 366))


def disclosure_of(user, day=None, stated=None):
    """What is frozen onto everything this person writes: name, affiliations and interests as of that day."""
    stated = stated or affiliations_along(user, day)
    return {
        "display_name": user.display_name,
        "handle": user.handle,
        "orcid": user.orcid,
        "affiliations": [
            {
                "kind": kind,
                "organisation": organisation,
                "role": role,
                "sector": sector,
                "since": since.isoformat() if since else None,
                "until": until.isoformat() if until else None,
            }
            for kind, organisation, role, sector, since, until in stated.rows
        ],
    }


def hash_token(token):
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_token(user, *, name="script", scope="read", days=90):
    """Make a token and return `(row, token)`; the token itself is not kept and cannot be shown again."""
    if scope not in ApiToken.Scope.values:
        raise Invalid("A token's scope is read or write.", "scope")
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise Invalid(f"A token lives between 1 and {MAX_TOKEN_DAYS} days.", "days")
    name = fit_line(name, "name", required=True)
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=token[:8],
        hash=hash_token(token),
        scope=scope,
        expires_at=timezone.now() + timedelta(days=days),
    )
    record("token.issued", user.subject, by=user, public=False, name=name, scope=scope, prefix=row.prefix)
    return row, token


@transaction.atomic
def revoke_token(row, *, by):
    """End a token at once."""
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        record("token.revoked", row.user.subject, by=by, public=False, name=row.name, prefix=row.prefix)
