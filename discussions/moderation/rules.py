"""Who may moderate what. Nobody decides about themselves, about what they reported, or where they have ties."""

from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.functional import cached_property

from discussions.threads.models import Comment
from discussions.threads.ties import LAB_IN_REF, disclosure_on, lab_of
from registry.core.errors import Refused
from registry.core.rules import allows, rule
from registry.core.subjects import Subject

from .models import TARGETS, Decision
from .targets import author_of, kind_of, thread_of

SPOKEN_OF = 50  # labs and entries of whose discussions somebody took part in that are looked at for ties


@rule("moderation.see", refusal="Only moderators may do this.")
def is_moderator(user, _):
    return user.is_authenticated and user.is_moderator


@rule("moderation.act", refusal="You may not moderate this.")
def may_moderate(user, target):
    return is_moderator(user, None) and not why_not(user, target)


@rule("moderation.report", refusal="Sign in to report something.")
def may_report(user, target):
    return user.is_authenticated and author_of(target) != user


def ties_between(user, subject):
    """The words for what ties somebody to the lab that a subject belongs to; "" where nothing does."""
    lab = lab_of(subject)
    return disclosure_on(lab, user)["tie"] if lab else ""


class Standpoint:
    """Where one moderator stands to many things: what ties them and what they reported is looked up once."""

    def __init__(self, user):
        self.user, self.ties = user, {}

    @cached_property
    def reported(self):
        return set(self.user.reports.values_list(*(f"{name}_id" for name in TARGETS)))

    @cached_property
    def moved(self):
        """The subjects that discussions were moved away from, by discussion; there are few."""
        found = {}
        for thread, ref in Decision.objects.filter(kind=Decision.Kind.MOVE).values_list("thread", KT("detail__from")):
            found.setdefault(thread, []).append(ref)
        return found

    def why_not(self, target):
        """Why this moderator may not decide about something, as a sentence; "" where they may."""
        if author_of(target) == self.user:
            return "Not yours: it is about you."
        if tuple(target.pk if kind_of(target) == name else None for name in TARGETS) in self.reported:
            return "Not yours: you reported it."
        words = next(filter(None, map(self._ties_to, self._subjects_of(target))), "")
        return f"Not yours: you are tied to what it is about ({words})." if words else ""

    def _subjects_of(self, target):
        """What a discussion is and was about; of a person, what they spoke of and whose labs may want them silent."""
        if thread := thread_of(target):
            before = self.moved.get(thread.pk)
            return [thread.about, *(Subject.objects.filter(ref__in=before) if before else ())]
        spoken = Comment.objects.filter(author=target).values("thread__about")
        of_a_lab = Q(ref__startswith="lab:") | Q(ref__startswith="release:") | Q(kind__in=["stage", "run"])
        return Subject.objects.filter(of_a_lab, pk__in=spoken).order_by("-pk")[:SPOKEN_OF]

    def _ties_to(self, subject):
        kind, _, key = subject.ref.partition(":")
        whose = key.partition("/")[0] if kind in LAB_IN_REF else subject.ref
        if whose not in self.ties:
            self.ties[whose] = ties_between(self.user, subject)
        return self.ties[whose]


def why_not(user, target):
    """Why a moderator may not decide about something, as a sentence; "" where they may."""
    return Standpoint(user).why_not(target)


def require_untied(user, target):
    """Raise `Refused` with the reason unless this person may moderate this thing."""
    if not allows(user, "moderation.see"):
        raise Refused("Only moderators may do this.")
    if reason := why_not(user, target):
        raise Refused(reason)


def require_subject_untied(user, subject):
    """The same for a subject alone: what waits to be posted there, or where a discussion is to go."""
    if not allows(user, "moderation.see"):
        raise Refused("Only moderators may do this.")
    if words := ties_between(user, subject):
        raise Refused(f"Not yours: you are tied to what it is about ({words}).")


def is_concerned(user, decision):
    """Whether a decision is about something that this person wrote or is; they may appeal, even while suspended."""
    return user.is_authenticated and author_of(decision.target) == user


def why_not_judge(user, decision):
    """Why a moderator may not answer an appeal: whoever had part in the decision may not."""
    if user.pk in {decision.by_id, decision.second_id}:
        return "Not yours: you had part in the decision."
    return why_not(user, decision.target)
