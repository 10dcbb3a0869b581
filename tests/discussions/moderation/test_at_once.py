"""The same act many times at the same moment, each with a connection of its own."""

import pytest
from django.test import TransactionTestCase, override_settings

from discussions.moderation import actions
from discussions.moderation.models import Decision, Report
from discussions.threads.actions import post
from discussions.threads.models import Comment, Thread
from registry.accounts.models import User
from registry.core.errors import Conflict, TooMany
from registry.core.mail import OutboundMail
from registry.history.models import Event
from tests.people import PlatformTestCase, each_at_once

from .people import ModerationTestCase, add_quarrel

TIMES = 50


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend", RATE_LIMIT_SCALE=1000)
class AtOnceTests(TransactionTestCase):
    hide, propose, slow = ModerationTestCase.hide, ModerationTestCase.propose, ModerationTestCase.slow

    def setUp(self):
        PlatformTestCase.setUpTestData.__func__(self)
        add_quarrel(self)

    def happened(self, act):
        said = each_at_once(act, range(TIMES))
        wrong = [a for a in said if isinstance(a, Exception) and not isinstance(a, Conflict)]
        assert not wrong, wrong
        return sum(not isinstance(a, Exception) for a in said)

    def test_of_fifty_equal_decisions_one_has_effect(self):
        assert self.happened(lambda _: self.hide(Comment.objects.get(pk=self.second.pk))) == 1
        assert (Decision.objects.count(), Event.objects.filter(verb="moderation.hid").count()) == (1, 1)
        assert Thread.objects.get().comment_count == 2
        assert OutboundMail.objects.count() == 1

    def test_of_fifty_equal_reports_one_is_stored(self):
        assert self.happened(lambda _: actions.report(self.second, rule="R1", by=self.ida)) == 1
        assert Report.objects.count() == 1

    def test_of_fifty_who_settle_a_proposal_one_does(self):
        pk = self.propose().pk
        acts = [actions.confirm, actions.refuse]

        def act(number):
            decision = Decision.objects.select_related("by", "comment__thread__about").get(pk=pk)
            return acts[number % 2](decision, by=self.ned)

        assert self.happened(act) == 1
        decision, comment = Decision.objects.get(pk=pk), Comment.objects.get(pk=self.second.pk)
        assert (comment.body == "") == (decision.state == "in_force")

    def test_restoring_and_judging_at_once_leave_one_outcome(self):
        decision = self.hide()
        appeal = actions.appeal(decision, text="Why?", by=self.eve)

        def judge(_):
            found = type(appeal).objects.get(pk=appeal.pk)
            return actions.judge(found, outcome="overturned", answer="x", by=self.ned)

        acts = [lambda found: actions.restore(found, reason="x", by=self.ned), judge]
        assert self.happened(lambda number: acts[number % 2](Decision.objects.get(pk=decision.pk))) == 1
        assert Thread.objects.get().comment_count == 3
        appeal.refresh_from_db()
        assert appeal.state in {"moot", "overturned"}

    def test_a_slow_discussion_takes_one_of_many_posts_of_one_person(self):
        self.slow()
        said = each_at_once(lambda _: post(Thread.objects.get(), "Me!", User.objects.get(pk=self.bo.pk)), range(20))
        assert sum(isinstance(a, Comment) for a in said) == 1
        assert sum(isinstance(a, TooMany) for a in said) == 19

    @pytest.mark.slow
    @override_settings(RATE_LIMIT_SCALE=1)
    def test_a_new_account_cannot_outrun_its_limit(self):
        User.objects.filter(pk=self.bo.pk).update(trusted_since=None)
        said = each_at_once(lambda _: post(Thread.objects.get(), "Me!", User.objects.get(pk=self.bo.pk)), range(20))
        assert sum(isinstance(a, Comment) for a in said) == 5
