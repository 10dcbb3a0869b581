"""Asking for runs, and each step a run takes."""

import threading
from datetime import timedelta
from unittest import mock

from django.core.exceptions import ValidationError
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from registry.analyses.actions import (
    ATTEMPTS,
    already_computed,
    cancel_run,
    claim,
    fail,
    finish,
    give_back,
    give_up,
    keep,
    queue_run,
    repeat_run,
    request_run,
    sweep,
)
from registry.analyses.catalogue import get
from registry.analyses.models import Run
from registry.analyses.tasks import RING_AGAIN, carry_out_run, due_runs, ring_for_runs
from registry.core.errors import Conflict, Refused
from registry.core.files import StoredFile
from registry.history.models import Event
from registry.labs.actions import register_lab
from registry.releases.actions import attach_card, begin_entry, publish, save_draft
from tests.people import CONTENT, PlatformTestCase, make_person

REPORT = {"result": {"sentence": "So it is."}, "findings": [], "seconds": 0.5}


def lapse(run, seconds=60):
    """Let the lease of a run run out."""
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=seconds))


class RunTestCase(PlatformTestCase):
    def ask(self, text="# Card\n", entry=None, by=None, **more):
        """Ada asks for the analysis of a card."""
        by = by or self.ada
        return request_run(entry or self.entry, "model_card", {"card": self.file(text, by=by)}, by=by, **more)

    def ask_in_public(self, text="# Card\n", **more):
        """A run whose input is shown by a revision, so that everybody sees it."""
        StoredFile.objects.filter(pk=self.file(text).pk).update(public=True)
        return self.ask(text, **more)

    def verbs(self, run):
        return list(Event.objects.filter(subject=run.subject).order_by("pk").values_list("verb", flat=True))


class RequestRunTests(RunTestCase):
    def test_is_a_row_with_its_inputs_and_one_event(self):
        card = self.file("# Card\n")

        run = request_run(self.entry, "model_card", {"card": card}, by=self.ada)

        self.assertEqual((run.status, run.attempts, run.rung_at), ("queued", 0, None))
        self.assertEqual([(i.role, i.sha256, i.size) for i in run.inputs.all()], [("card", card.sha256, 7)])
        self.assertEqual(self.verbs(run), ["run.requested"])

    def test_the_same_again_gives_the_run_that_is_there(self):
        first, again = self.ask(), self.ask()

        self.assertEqual(first, again)
        self.assertEqual(self.verbs(first), ["run.requested"])

    def test_other_bytes_seed_or_entry_make_another_run(self):
        other = self.draft("other")
        runs = {self.ask(), self.ask("# Other\n"), self.ask(seed=1), self.ask(entry=other)}

        self.assertEqual(len(runs), 4)

    def test_a_failed_one_does_not_stand_in_the_way(self):
        first = self.ask()
        fail(claim(first.pk), "It broke.")

        self.assertNotEqual(self.ask(), first)

    def test_is_for_those_who_may_edit_the_entry(self):
        card = self.file("# Card\n")
        for person in (self.bo, self.eve, self.mo):
            with self.subTest(person), self.assertRaises(Refused):
                request_run(self.entry, "model_card", {"card": card}, by=person)

        self.assertEqual(Run.objects.count(), 0)

    def test_says_what_is_wrong_and_under_which_name(self):
        card, samples = self.file("# Card\n"), self.file("x", kind="samples")
        for field, analysis, inputs, params in [
            ("analysis", "nothing", {"card": card}, {}),
            ("inputs", "model_card", {}, {}),
            ("inputs", "model_card", {"card": card, "more": card}, {}),
            ("inputs", "model_card", {"card": samples}, {}),
            ("params", "model_card", {"card": card}, {"depth": 3}),
            ("params", "detection", {"generated": samples, "human": samples}, {"bootstraps": "many"}),
            ("params", "detection", {"generated": samples, "human": samples}, {"bootstraps": True}),
        ]:
            with self.subTest(analysis=analysis, inputs=inputs, params=params):
                with self.assertRaises(ValidationError) as caught:
                    request_run(self.entry, analysis, inputs, by=self.ada, params=params)
                self.assertEqual(list(caught.exception.error_dict), [field])

    def test_an_entry_has_at_most_ten_unfinished_ones(self):
        for number in range(10):
            self.ask(f"# {number}\n")

        with self.assertRaises(Conflict):
            self.ask("# One too many\n")
        self.ask("# 3\n")  # is there already

    def test_a_card_on_a_draft_is_analysed_even_then(self):
        for number in range(10):
            self.ask(f"# {number}\n")

        attach_card(self.entry, self.file("# The card\n"), by=self.ada)

        self.assertEqual(Run.objects.count(), 11)

    def test_is_undone_with_the_act_that_asked(self):
        broken = mock.patch("registry.analyses.receivers.queue_run", side_effect=RuntimeError)
        with broken, self.assertRaises(RuntimeError):
            attach_card(self.entry, self.file("# Card\n"), by=self.ada)

        self.entry.refresh_from_db()
        self.assertIsNone(self.entry.card)


class VisibilityTests(RunTestCase):
    def seen_by(self, run):
        people = [None, self.ada, self.bo, self.mo, self.eve]
        nobody = mock.Mock(is_authenticated=False)
        return [getattr(p, "handle", "nobody") for p in people if run in Run.objects.visible_to(p or nobody)]

    def test_a_run_on_a_draft_is_for_the_lab_until_publication(self):
        draft = self.draft("secret", title="Codename Heron")
        attach_card(draft, self.file("# Card\n"), by=self.ada)
        run = draft.runs.get()
        self.assertEqual(self.seen_by(run), ["ada", "bob"])
        self.assertFalse(run.subject.public)

        save_draft(draft, CONTENT | {"title": "Heron"}, by=self.ada)
        publish(draft, by=self.ada)

        run.refresh_from_db()
        self.assertEqual(self.seen_by(run), ["nobody", "ada", "bob", "mod", "eve"])
        self.assertTrue(all(e.public for e in run.subject.events.all()))
        self.assertTrue(run.subject.title.startswith("Heron: "), "the title it had as a draft is nobody's business")

    def test_a_new_card_on_a_published_entry_waits_for_the_revision_that_shows_it(self):
        attach_card(self.entry, self.file("# Card\n"), by=self.ada)
        run = self.entry.runs.get()
        self.assertEqual(self.seen_by(run), ["ada", "bob"])

        publish(self.entry, by=self.ada, justification="The card was missing.")

        self.assertEqual(len(self.seen_by(run)), 5)

    def test_a_card_that_was_replaced_before_publication_stays_private(self):
        draft = self.draft("two-cards")
        attach_card(draft, self.file("# First thoughts\n"), by=self.ada)
        attach_card(draft, self.file("# Card\n"), by=self.ada)

        publish(draft, by=self.ada)

        first, second = draft.runs.order_by("pk")
        self.assertEqual((first.public, second.public), (False, True))

    def test_a_second_upload_of_the_same_card_shows_the_run_of_the_first(self):
        self.lab.memberships.filter(user=self.bo).update(role="editor")
        draft = self.draft("same-card")
        attach_card(draft, self.file("# Card\n"), by=self.ada)
        attach_card(draft, self.file("# Card\n", by=self.bo), by=self.bo)

        publish(draft, by=self.ada)

        self.assertEqual([r.public for r in draft.runs.all()], [True])

    def test_a_member_who_left_sees_no_draft_run(self):
        draft = self.draft("left")
        run = self.ask(entry=draft)

        self.lab.memberships.filter(user=self.bo).delete()

        self.assertEqual(self.seen_by(run), ["ada"])


class RepeatRunTests(RunTestCase):
    def test_makes_a_new_run_and_keeps_the_failed_one(self):
        first = self.ask()
        fail(claim(first.pk), "It broke.")
        first.refresh_from_db()

        again = repeat_run(first, by=self.ada)

        self.assertEqual((again.status, again.fingerprint), ("queued", first.fingerprint))
        self.assertEqual(Run.objects.get(pk=first.pk).error, "It broke.")
        self.assertEqual(repeat_run(first, by=self.ada), again)

    def test_is_refused_for_others_and_for_runs_that_did_not_fail(self):
        run = self.ask()
        with self.assertRaises(Conflict):
            repeat_run(run, by=self.ada)
        cancel_run(run, by=self.ada)
        with self.assertRaises(Refused):
            repeat_run(run, by=self.eve)

    def test_of_an_analysis_that_is_gone_is_refused_in_words(self):
        run = self.ask()
        Run.objects.filter(pk=run.pk).update(analysis="bygone", status="failed")
        run.refresh_from_db()

        with self.assertRaisesMessage(Conflict, "no longer installed"):
            repeat_run(run, by=self.ada)


class CancelRunTests(RunTestCase):
    def test_ends_it_for_the_worker_too(self):
        run = claim(self.ask().pk)

        cancel_run(run, by=self.ada)

        held = Run.objects.get(pk=run.pk)
        held.lease = "0" * 32
        self.assertFalse(keep(held, progress=0.5, message="Still at it."))
        self.assertFalse(finish(held, REPORT))
        self.assertEqual(self.verbs(run), ["run.requested", "run.cancelled"])

    def test_is_refused_to_others_and_where_it_is_over(self):
        run = self.ask()
        with self.assertRaises(Refused):
            cancel_run(run, by=self.eve)
        finish(claim(run.pk), REPORT)
        with self.assertRaises(Conflict):
            cancel_run(run, by=self.ada)


class LeaseTests(RunTestCase):
    def test_one_worker_gets_it(self):
        run = self.ask()

        first, second = claim(run.pk), claim(run.pk)

        self.assertEqual((first.status, first.attempts), ("running", 1))
        self.assertIsNone(second)

    def test_a_result_counts_only_under_the_lease(self):
        late = claim(self.ask().pk)
        lapse(late)
        sweep()
        current = claim(late.pk)

        self.assertFalse(keep(late, progress=0.9, message="Nearly."))
        self.assertFalse(finish(late, REPORT | {"result": {"sentence": "From the dead."}}))
        self.assertFalse(fail(late, "From the dead."))
        self.assertFalse(give_back(late, "From the dead."))
        self.assertTrue(finish(current, REPORT))
        self.assertFalse(finish(current, REPORT))
        done = Run.objects.get(pk=late.pk)
        self.assertEqual((done.result, done.attempts, done.lease), (REPORT["result"], 2, ""))
        self.assertEqual(self.verbs(late), ["run.requested", "run.succeeded"])

    def test_a_worker_that_slept_does_not_take_anothers_lease_for_its_own(self):
        run = self.ask()

        def slept(queryset, *args, **kwargs):
            Run.objects.filter(pk=run.pk).update(lease="f" * 32)
            return original(queryset, *args, **kwargs)

        original = type(Run.objects.all()).with_entry
        with mock.patch.object(type(Run.objects.all()), "with_entry", slept):
            self.assertIsNone(claim(run.pk))

    def test_the_sweeper_leaves_living_ones_alone(self):
        run = claim(self.ask().pk)

        self.assertEqual(sweep(), 0)
        self.assertTrue(keep(run, progress=0.3, message="Going on."))

    def test_after_three_dead_workers_it_fails_with_the_reason(self):
        pk = self.ask().pk
        for attempt in range(1, ATTEMPTS + 1):
            run = claim(pk)
            self.assertEqual(run.attempts, attempt)
            lapse(run)
            self.assertEqual(sweep(), 1)

        run.refresh_from_db()
        self.assertEqual((run.status, run.attempts), ("failed", ATTEMPTS))
        self.assertIn("worker died", run.error)
        self.assertEqual(self.verbs(run), ["run.requested", "run.failed"])

    def test_the_sweeper_does_not_fail_a_worker_that_came_back_just_then(self):
        run = claim(self.ask().pk)
        Run.objects.filter(pk=run.pk).update(attempts=ATTEMPTS)
        lapse(run)
        now = timezone.now()
        keep(run, progress=0.5, message="Back.")

        self.assertEqual(sweep(now), 0)
        self.assertEqual(give_up(run.pk, now), 0)
        self.assertEqual(Run.objects.get(pk=run.pk).status, "running")


class GiveBackTests(RunTestCase):
    def test_an_attempt_counts_unless_the_worker_was_told_to_stop(self):
        run = claim(self.ask().pk)
        self.assertTrue(give_back(run, "Stopped.", counted=False))
        run.refresh_from_db()
        self.assertEqual((run.status, run.attempts, run.lease, run.rung_at), ("queued", 0, "", None))

        give_back(claim(run.pk), "Killed.")
        run.refresh_from_db()
        self.assertEqual((run.status, run.attempts), ("queued", 1))

    def test_after_the_last_attempt_it_fails(self):
        pk = self.ask().pk
        for _ in range(ATTEMPTS):
            give_back(claim(pk), "Killed.")

        run = Run.objects.get(pk=pk)
        self.assertEqual((run.status, run.error), ("failed", "Killed. It was tried 3 times."))

    def test_one_with_a_rest_is_not_rung_at_once(self):
        give_back(claim(self.ask().pk), "The file store is away.", rest=True)

        self.assertEqual(due_runs(timezone.now()), [])
        self.assertEqual(len(due_runs(timezone.now() + 2 * RING_AGAIN)), 1)


class AlreadyComputedTests(RunTestCase):
    def test_a_result_is_taken_over_from_another_entry(self):
        first, second = self.ask(), self.ask(entry=self.draft("other"))
        finish(claim(first.pk), REPORT)

        with mock.patch("registry.analyses.tasks.compute", side_effect=AssertionError("computed again")):
            carry_out_run(second.pk)

        second.refresh_from_db()
        self.assertEqual((second.status, second.result), ("succeeded", REPORT["result"]))

    def test_not_of_another_version(self):
        first = self.ask()
        finish(claim(first.pk), REPORT)
        newer = mock.Mock(wraps=get("model_card"), version="99")
        newer.name, newer.title = "model_card", "Card"

        second = queue_run(self.entry, newer, {"card": self.file("# Card\n")}, params={}, seed=0, by=self.ada)

        self.assertNotEqual(second, first)
        self.assertIsNone(already_computed(second))


class RingTests(RunTestCase):
    def test_a_new_run_is_rung_for_once_and_again_after_a_while(self):
        run = self.ask()
        with mock.patch.object(carry_out_run, "apply_async") as bell:
            self.assertEqual([ring_for_runs(), ring_for_runs()], [1, 0])
        bell.assert_called_once_with([run.pk], queue="analyses", retry=False)

        self.assertEqual(due_runs(timezone.now() + 2 * RING_AGAIN), [run.pk])

    def test_a_broker_that_is_away_leaves_it_due(self):
        run = self.ask()
        away = mock.patch.object(carry_out_run, "apply_async", side_effect=ConnectionError)
        with away, self.assertRaises(ConnectionError):
            ring_for_runs()

        self.assertEqual(due_runs(timezone.now()), [run.pk])

    def test_nobody_has_two_runs_of_one_analysis_at_a_time(self):
        self.lab.memberships.filter(user=self.bo).update(role="editor")
        first, second, bos = self.ask("# 1\n"), self.ask("# 2\n"), self.ask("# 3\n", by=self.bo)

        self.assertEqual(due_runs(timezone.now()), [first.pk, bos.pk])
        mine = claim(first.pk)
        self.assertEqual(due_runs(timezone.now()), [bos.pk])
        finish(mine, REPORT)
        self.assertEqual(due_runs(timezone.now()), [second.pk, bos.pk])


class SimultaneousRequestTests(TransactionTestCase):
    def test_fifty_at_once_make_one_run_and_one_event(self):
        ada = make_person("ada")
        lab = register_lab(name="Lab", slug="lab", homepage="", by=ada)
        entry = begin_entry(lab, "lamp", by=ada, content=CONTENT)
        card = PlatformTestCase.file(mock.Mock(ada=ada), "# Card\n")
        gate, given, problems = threading.Barrier(50), [], []

        def ask():
            try:
                gate.wait(20)
                given.append(request_run(entry, "model_card", {"card": card}, by=ada).pk)
            except Exception as problem:  # noqa: BLE001 - shown below
                problems.append(repr(problem))
            finally:
                connection.close()

        threads = [threading.Thread(target=ask) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        self.assertEqual(problems, [])
        self.assertEqual((len(given), len(set(given))), (50, 1))
        self.assertEqual(Run.objects.count(), 1)
        self.assertEqual(Event.objects.filter(verb="run.requested").count(), 1)
