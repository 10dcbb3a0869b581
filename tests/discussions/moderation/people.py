"""Ned is a second moderator, Tia a third who is tied to the lab; Ida writes what is moderated."""

from datetime import timedelta

from django.utils import timezone

from discussions.moderation import actions
from discussions.threads.actions import post, start_thread
from registry.accounts.actions import state_affiliation
from tests.people import PlatformTestCase, make_person


def in_days(days):
    return timezone.now() + timedelta(days=days)


class ModerationTestCase(PlatformTestCase):
    """A discussion of the published entry: Ida opened it, Eve answered with #2, and Ida that with #3."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.ned = make_person("ned", "Ned Example", is_moderator=True)
        cls.tia = make_person("tia", "Tia Example", is_moderator=True)
        state_affiliation(cls.tia, organisation="Invented Lab")
        cls.ida = make_person("ida", "Ida Example")
        cls.thread = start_thread(cls.entry.subject, "Is it safe?", "I **wonder**.", cls.ida)
        cls.second = post(cls.thread, "You are a fool.", cls.eve, parent=cls.thread.comments.get())
        cls.third = post(cls.thread, "I am not.", cls.ida, parent=cls.second)

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
