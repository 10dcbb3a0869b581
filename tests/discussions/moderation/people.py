"""Ned is a second moderator, Tia a third who is tied to the lab; Ida writes what is moderated."""

from datetime import timedelta

from django.utils import timezone

from discussions.moderation import actions
from discussions.threads.actions import post, start_thread
from registry.accounts.actions import state_affiliation
from tests.people import PlatformTestCase, make_person


def in_days(days):
    return timezone.now() + timedelta(days=days)


def add_quarrel(case):
    """The people and the discussion that are moderated."""
    case.ned = make_person("ned", "Ned Example", is_moderator=True)
    case.tia = make_person("tia", "Tia Example", is_moderator=True)
    state_affiliation(case.tia, organisation="Invented Lab")
    case.ida = make_person("ida", "Ida Example")
    case.thread = start_thread(case.entry.subject, "Is it safe?", "I **wonder**.", case.ida)
    case.second = post(case.thread, "You are a fool.", case.eve, parent=case.thread.comments.get())
    case.third = post(case.thread, "I am not.", case.ida, parent=case.second)


class ModerationTestCase(PlatformTestCase):
    """A discussion of the published entry: Ida opened it, Eve answered with #2, and Ida that with #3."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        add_quarrel(cls)

    def setUp(self):
        super().setUp()
        for row in (self.thread, self.second, self.third, self.eve, self.entry.subject):
            row.refresh_from_db()

    def hide(self, target=None, by=None, **said):
        said = {"rule": "R1", "reason": "It insults.", "by": by or self.mo} | said
        return actions.decide("hide", target or self.second, **said)

    def lock(self, by=None, until=None, **said):
        said = {"rule": "R4", "reason": "It went in circles", "by": by or self.mo} | said
        return actions.decide("lock", self.thread, until=until or in_days(3), **said)

    def slow(self, minutes=10, by=None):
        how = {"minutes": minutes, "until": in_days(1), "rule": "R4", "reason": "Heated."}
        return actions.decide("slow", self.thread, by=by or self.mo, **how)

    def suspend(self, by=None, until=None):
        how = {"until": until or in_days(7), "rule": "R1", "reason": "Third time."}
        return actions.decide("suspend", self.eve, by=by or self.mo, **how)

    def propose(self, by=None):
        return actions.decide("remove", self.second, rule="R6", reason="The law.", by=by or self.mo)
