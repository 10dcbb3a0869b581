"""Who may moderate what. Nobody decides about themselves, about what they reported, or where they have ties."""

from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.functional import cached_property

from discussions.threads.models import Comment
from discussions.threads.rules import goes_by
from discussions.threads.ties import LAB_IN_REF, entries_tied_to, lab_of, ties_of
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
    if kind_of(target) == "subject":  # its last author may not be who wrote what is wrong
        return user.is_authenticated
    return user.is_authenticated and not goes_by(user, author_of(target).pk)


def ties_between(user, subject):
    """The words for what ties somebody to a subject or the lab that it belongs to; "" where nothing does."""
    return "; ".join(tie["words"] for tie in ties_of(user, lab_of(subject), subject))


class Standpoint:
    """Where one moderator stands to many things: what ties them and what they reported is looked up once."""

    def __init__(self, user):
        self.user, self.ties = user, {}

    @cached_property
    def names(self):
        """The keys of the people under whose names this moderator writes."""
        return {self.user.pk, *self.user.pseudonyms.values_list("persona", flat=True)}

    @cached_property
    def reported(self):
        return set(self.user.reports.values_list(*(f"{name}_id" for name in TARGETS)))

    @cached_property
    def moved(self):
        """The subjects that discussions, or comments in them, were moved away from, by discussion; there are few."""
        found, moves = {}, Decision.objects.filter(kind=Decision.Kind.MOVE)
        for thread, to_thread, ref in moves.values_list("thread", "detail__to_thread", KT("detail__from")):
            found.setdefault(thread or to_thread, []).append(ref)
        return found

    def why_not(self, target):
        """Why this moderator may not decide about something, as a sentence; "" where they may."""
        if author_of(target).pk in self.names:
            return "Not yours: it is about you."
        if tuple(target.pk if kind_of(target) == name else None for name in TARGETS) in self.reported:
            return "Not yours: you reported it."
        words = next(filter(None, map(self._ties_to, self._subjects_of(target))), "")
        return f"Not yours: you are tied to what it is about ({words})." if words else ""

    def _subjects_of(self, target):
        """What a discussion is and was about; of a person, what they spoke of and whose labs may want them silent."""
        if kind_of(target) == "subject":
            return [target]
        if thread := thread_of(target):
            before = self.moved.get(thread.pk)
            return [thread.about, *(Subject.objects.filter(ref__in=before) if before else ())]
        spoken = Comment.objects.filter(author=target).values("thread__about")
        of_a_lab = Q(ref__startswith="lab:") | Q(ref__startswith="release:")
        of_a_lab |= Q(kind__in=["stage", "run", "replication"])
        return Subject.objects.filter(of_a_lab, pk__in=spoken).order_by("-pk")[:SPOKEN_OF]

    @cached_property
    def published(self):
        """The entries of which this moderator is an author or published a revision: that is a tie to them alone."""
        return entries_tied_to(self.user)

    def _ties_to(self, subject):
        kind, _, key = subject.ref.partition(":")
        whose = key.partition("/")[0] if kind in LAB_IN_REF and subject.pk not in self.published else subject.ref
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
    return goes_by(user, author_of(decision.target).pk)


def why_not_judge(user, decision):
    """Why a moderator may not answer an appeal: whoever had part in the decision may not."""
    if user.pk in {decision.by_id, decision.second_id}:
        return "Not yours: you had part in the decision."
    return why_not(user, decision.target)
