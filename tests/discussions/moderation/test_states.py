"""Whatever moderators, authors and time do in whatever order, what must hold holds."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from discussions.moderation import actions
from discussions.moderation.models import Appeal, Decision, Report
from discussions.threads.models import Comment, Thread
from registry.core.errors import Conflict, Invalid, Refused
from registry.core.subjects import Subject

from .people import ModerationTestCase, in_days

ACTS = (
    "hide", "hide_thread", "lock", "slow", "suspend", "move", "move_back", "propose", "confirm", "refuse", "restore",
    "appeal", "uphold", "overturn", "report", "decline", "time_passes",
)  # fmt: skip
SEQUENCES, LENGTH = 50, 10


class StatesTests(ModerationTestCase):
    @pytest.mark.slow
    def test_hold_after_every_sequence(self):
        done = dict.fromkeys(ACTS, 0)

        @settings(max_examples=SEQUENCES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(st.randoms(use_true_random=True))
        def sequence(choose):
            with transaction.atomic():
                for _ in range(LENGTH):
                    name = choose.choice([*ACTS, *self.answers()])
                    try:
                        with transaction.atomic():
                            getattr(self, f"do_{name}")(choose)
                            done[name] += 1
                    except (Conflict, Invalid, Refused):
                        pass
                    self.check()
                transaction.set_rollback(True)

        sequence()
        assert all(done.values()), done

    def answers(self):
        """What answers to what was done before is tried more often than it would come by chance."""
        if Decision.objects.filter(state="proposed").exists():
            yield from ("confirm", "refuse") * 4
        if Decision.objects.filter(state="in_force", kind="move").exists():
            yield from ("move_back",) * 4
        if Decision.objects.filter(state="in_force", appeal=None).exists():
            yield from ("appeal",) * 4
        if Appeal.objects.waiting().exists():
            yield from ("uphold", "overturn") * 6
        if Report.objects.waiting().exists():
            yield from ("decline",) * 2

    def moderator(self, choose):
        return choose.choice([self.mo, self.ned, self.mo, self.ned, self.tia])

    def decision(self, choose, **narrow):
        found = list(Decision.objects.filter(**narrow).order_by("pk"))
        if not found:
            raise Conflict("There is none.")
        return choose.choice(found)

    def do_hide(self, choose):
        self.hide(choose.choice([self.second, self.third]), by=self.moderator(choose))

    def do_hide_thread(self, choose):
        self.hide(self.thread, by=self.moderator(choose))

    def do_lock(self, choose):
        self.lock(by=self.moderator(choose))

    def do_slow(self, choose):
        self.slow(by=self.moderator(choose))

    def do_suspend(self, choose):
        self.suspend(by=self.moderator(choose))

    def _move(self, choose, to):
        actions.decide("move", self.thread, rule="R4", reason="Elsewhere.", to=to, by=self.moderator(choose))

    def do_move(self, choose):
        self._move(choose, self.norm.subject)

    def do_move_back(self, choose):
        self._move(choose, self.entry.subject)

    def do_propose(self, choose):
        self.propose(by=self.moderator(choose))

    def do_confirm(self, choose):
        actions.confirm(self.decision(choose, kind="remove"), by=self.moderator(choose))

    def do_refuse(self, choose):
        actions.refuse(self.decision(choose, kind="remove"), by=self.moderator(choose))

    def do_restore(self, choose):
        actions.restore(self.decision(choose), reason="A mistake.", by=self.moderator(choose))

    def do_appeal(self, choose):
        actions.appeal(self.decision(choose), text="Why?", by=choose.choice([self.eve, self.ida]))

    def _judge(self, choose, outcome):
        found = list(Appeal.objects.select_related("decision").order_by("pk"))
        if not found:
            raise Conflict("There is none.")
        actions.judge(choose.choice(found), outcome=outcome, answer="So.", by=self.moderator(choose))

    def do_uphold(self, choose):
        self._judge(choose, "upheld")

    def do_overturn(self, choose):
        self._judge(choose, "overturned")

    def do_report(self, choose):
        target = choose.choice([self.second, self.third, self.thread, self.eve])
        actions.report(target, rule="R1", by=choose.choice([self.bo, self.ida, self.ned]))

    def do_decline(self, choose):
        target = choose.choice([self.second, self.third, self.thread, self.eve])
        actions.decline(target, answer="No.", by=self.moderator(choose))

    def do_time_passes(self, choose):
        """All ends that lie ahead come."""
        past = timezone.now() - timedelta(minutes=1)
        Decision.objects.filter(until__gt=past).update(until=past)
        Thread.objects.filter(locked_until__gt=past).update(locked_until=past)
        Thread.objects.filter(slow_until__gt=past).update(slow_until=past)
        type(self.eve).objects.filter(suspended_until__gt=past).update(suspended_until=past)

    def check(self):
        in_force = list(Decision.objects.filter(state="in_force"))
        assert len({(d.kind, d.comment_id, d.thread_id, d.person_id) for d in in_force}) == len(in_force)
        self.check_comments(in_force)
        thread = Thread.objects.select_related("about", "subject").get(pk=self.thread.pk)
        assert thread.hidden == thread.subject.hidden == any(d.thread_id and d.kind == "hide" for d in in_force)
        assert thread.is_locked == any(d.kind == "lock" and not d.is_over for d in in_force)
        shown = Comment.objects.filter(thread=thread, hidden=False).count()
        assert thread.comment_count == shown
        for subject in Subject.objects.filter(pk__in=[self.entry.subject_id, self.norm.subject_id]):
            here = subject.pk == thread.about_id and not thread.hidden
            assert (subject.thread_count, subject.comment_count) == ((1, shown) if here else (0, 0))
        self.eve.refresh_from_db()
        assert self.eve.is_suspended == any(d.kind == "suspend" and not d.is_over for d in in_force)
        self.check_words()

    def check_comments(self, in_force):
        erased = set(Decision.objects.filter(kind="remove", state__in=["in_force", "overturned"]).values_list(
            "comment", flat=True))  # fmt: skip
        hidden = erased | {d.comment_id for d in in_force if d.kind == "hide" and d.comment_id}
        for comment in Comment.objects.filter(thread=self.thread):
            assert comment.hidden == (comment.pk in hidden) == bool(comment.marks), comment.pk
            assert (comment.body == "") == (comment.pk in erased)

    def check_words(self):
        tied, by = self.tia.pk, set(Decision.objects.values_list("by", "second"))
        assert tied not in {pk for pair in by for pk in pair}
        assert not Decision.objects.filter(kind="remove", state="in_force", second=None).exists()
        for appeal in Appeal.objects.exclude(settled_by=None).select_related("decision"):
            assert appeal.settled_by_id not in {appeal.decision.by_id, appeal.decision.second_id, tied}
        assert not Report.objects.filter(state="upheld", decision=None).exists()
        assert not Appeal.objects.filter(state="open", decision__state__in=["restored", "overturned"]).exists()

    def test_ends_lie_ahead(self):
        """The helper above moves what lies ahead; a decision's own end is what the site reads."""
        decision = self.lock(until=in_days(1))
        self.do_time_passes(None)
        decision.refresh_from_db()
        assert decision.is_over and not decision.holds
