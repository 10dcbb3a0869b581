"""Chairs: who reads a private letter beside its two sides, so that the lab is not the only one who knows.

These are the people who chair a workshop that discusses what the letter is about, and the moderators; in both cases
only those without ties to the lab and the entry, as `threads.ties` knows them.
"""

from django.db.models import Q
from django.utils import timezone

from discussions.threads.ties import FORMER, entries_tied_to, ties_of
from discussions.workshops.models import Session
from registry.accounts.actions import disclosure_of
from registry.accounts.models import User, suspended_now
from registry.core.text import confusable_key
from registry.labs.models import FormerMembership, Lab, Membership

PARTS = ("run", "replication")  # of an entry, which stands for them on a programme


def as_chair(user):
    """The condition that somebody reads a letter as a chair. It says the same as `chairs_of`, for many letters."""
    elsewhere = Q(written_on=None)
    if user.is_moderator:
        elsewhere |= Q(reported=True)
        theirs = Q()
    else:
        topics = Session.topics.through.objects.filter(session__workshop__chairs=user).values("subject")
        theirs = Q(about__in=topics)
        for part in PARTS:
            theirs |= Q(**{f"about__{part}__entry__subject__in": topics})
    return theirs & elsewhere & ~Q(lab__in=_tied_labs(user)) & ~Q(about__in=entries_tied_to(user))


def is_chair(user):
    """Whether there is anything that somebody reads as a chair or moderator."""
    return user.is_authenticated and (user.is_moderator or user.chaired_workshops.exists())


def chairs_of(about, lab):
    """The people who read private letters about something as chairs, in the order of their handles."""
    programme = Q(chaired_workshops__sessions__topics=about)
    if about.kind in PARTS:
        programme |= Q(**{f"chaired_workshops__sessions__topics__entry__{about.kind}s__subject": about})
    people = User.objects.filter(programme | Q(is_moderator=True), is_active=True).exclude(suspended_now())
    return [person for person in people.order_by("handle").distinct() if not ties_of(person, lab, about)]


def _tied_labs(user):
    """The labs that somebody is tied to whatever is discussed, as `ties.ties_of` would say of each."""
    stated = {confusable_key(a["organisation"]) for a in disclosure_of(user)["affiliations"]}
    former = FormerMembership.objects.filter(user=user, until__gte=timezone.now() - FORMER)
    return Lab.objects.filter(
        Q(pk__in=Membership.objects.filter(user=user).values("lab"))
        | Q(pk__in=former.values("lab"))
        | Q(skeleton__in=stated)
    ).values("pk")
