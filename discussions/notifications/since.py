"""Catching up: what happened since a moment, computed from the events, of what somebody follows or of everything."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from discussions.threads.models import Comment, Thread
from registry.history.models import Event

from .models import Cadence, Preferences, Subscription
from .targets import TOLD, TOLD_SLICES, WRITING

CHANGING_SLICES = (*TOLD_SLICES, "moderation.")
# The references of parts begin with the key of the whole.
PART_OF = {"lab": "release", "norm": "clause", "workshop": "session"}
FIRST_VISIT = timedelta(days=14)
MOST_REPLIES = 20
MOST_THREADS = 30


def moment_for(user, given=""):
    """From when on somebody wants to know: the day they name, else the moment up to which they have caught up."""
    try:
        day = datetime.strptime(given, "%Y-%m-%d")
        return timezone.make_aware(day)
    except ValueError:
        pass
    caught_up_at = Preferences.objects.filter(user=user).values_list("caught_up_at", flat=True).first()
    return caught_up_at or timezone.now() - FIRST_VISIT


class Since:
    """What somebody may see of what happened after a moment; their own acts are no news to them."""

    def __init__(self, user, moment, *, everything=False):
        self.user, self.moment, self.everything = user, moment, everything
        # What they wrote under a pseudonym is theirs, too.
        self.names = [user.pk, *user.pseudonyms.values_list("persona", flat=True)]
        followed = Subscription.objects.visible_to(user).exclude(subject=None).exclude(cadence=Cadence.NONE)
        self.followed = {} if everything else dict(followed.values_list("subject_id", "subject__ref"))

    def changes(self):
        """Events that change what is decided or open; comments are counted elsewhere."""
        changed = Q(verb__in=TOLD - WRITING)
        for start in CHANGING_SLICES:
            changed |= Q(verb__startswith=start)
        events = Event.objects.visible_to(self.user).filter(changed, at__gt=self.moment).exclude(actor__in=self.names)
        near = ["subject", "lab", "actor__subject"]
        return self._of_followed(events, near, "subject__ref").with_people()

    def replies(self):
        """What answers the person, the newest first, those of one discussion together."""
        answers = self._comments().filter(parent__author__in=self.names).with_thread()
        of_threads = defaultdict(list)
        for answer in answers.order_by("-pk")[:MOST_REPLIES]:
            of_threads[answer.thread_id].append(answer)
        return list(of_threads.values())

    def threads(self):
        """Discussions with their number of new comments and the first of these, the liveliest first."""
        near = ["thread__subject", "thread__about", "author__subject"]
        comments = self._of_followed(self._comments(), near, "thread__about__ref")
        counted = comments.order_by().values("thread").annotate(new=Count("pk"), first=Min("pk"), last=Max("pk"))
        rows = list(counted.order_by("-new", "-last")[:MOST_THREADS])
        found = Thread.objects.visible_to(self.user).with_about().in_bulk([row["thread"] for row in rows])
        return [(found[row["thread"]], row) for row in rows if row["thread"] in found]

    def _comments(self):
        return Comment.objects.visible_to(self.user).filter(created_at__gt=self.moment).exclude(author__in=self.names)

    def _of_followed(self, rows, near, ref):
        """Rows of which something near is followed, or that concern a part of what is followed."""
        if self.everything:
            return rows
        wanted = Q(pk=None)
        for field in near:
            wanted |= Q(**{f"{field}__in": list(self.followed)})
        for followed in self.followed.values():
            kind, _, key = followed.partition(":")
            if kind in PART_OF:
                wanted |= Q(**{f"{ref}__startswith": f"{PART_OF[kind]}:{key}/"})
        return rows.filter(wanted)


def with_difference(event):
    """The event with the address at which its new text is set against the one before, where there is one."""
    number = event.data.get("revision") or event.data.get("version")
    event.difference = ""
    if event.verb in {"release.published", "norm.published"} and isinstance(number, int) and number > 1:
        event.difference = f"{event.subject.path}diff/{number - 1}..{number}/"
    return event
