"""Many people at the same moment, each with a connection of their own."""

from django.core.cache import cache
from django.test import TransactionTestCase, override_settings

from discussions.concerns.actions import answer, open_concern, raise_concern, resolve
from discussions.concerns.figures import compute_answer_times
from discussions.concerns.models import OPEN_CALL_SIGNERS, AnswerTimes, Concern, Signature
from discussions.concerns.signing import sign, withdraw_signature
from discussions.threads.actions import post, start_thread
from discussions.threads.models import Comment, Thread
from registry.core.errors import Conflict
from registry.core.subjects import Subject
from registry.history.models import Event
from tests.people import PlatformTestCase, at_once, make_person

TIMES = 50


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend", RATE_LIMIT_SCALE=1000)
class AtOnceTests(TransactionTestCase):
    def setUp(self):
        cache.clear()
        PlatformTestCase.setUpTestData.__func__(self)
        self.concern = open_concern(self.entry.subject, "The script is missing", "Where is it?", self.eve)

    def now(self):
        return Concern.objects.with_comments().get(pk=self.concern.pk)

    def test_fifty_signatures_of_one_person_are_one(self):
        came = at_once(*[lambda: sign(self.now(), self.mo)] * TIMES)

        self.assertEqual(sum(new for _, new in came), 1, came)
        self.assertEqual((Signature.objects.count(), self.now().signers), (1, 1))
        self.assertEqual(Event.objects.filter(verb="concern.signed").count(), 1)

    def test_signatures_of_many_are_all_counted_and_make_one_open_call(self):
        people = [make_person(f"signer-{n}") for n in range(OPEN_CALL_SIGNERS + 3)]
        came = at_once(*(lambda p=person: sign(self.now(), p) for person in people))

        self.assertFalse([problem for problem in came if isinstance(problem, Exception)])
        self.assertEqual((self.now().signers, self.now().independent_signers), (len(people), len(people)))
        self.assertEqual(Event.objects.filter(verb="concern.became_open_call").count(), 1)

    def test_of_many_answers_and_of_many_resolutions_one_holds(self):
        answers = at_once(*[lambda: answer(self.now(), "Here.", self.ada)] * 8)
        resolutions = at_once(
            *[lambda: resolve(self.now(), "accepted", self.eve, "Good.")] * 3,
            *[lambda: resolve(self.now(), "withdrawn", self.eve, "Never mind.")] * 3,
            *[lambda: resolve(self.now(), "dissent_kept", self.ada, "We differ.")] * 3,
        )

        for came in (answers, resolutions):
            self.assertEqual(sum(isinstance(one, Concern) for one in came), 1, came)
            self.assertTrue(all(isinstance(one, Concern | Conflict) for one in came), came)
        self.assertEqual(Comment.objects.count(), 3)
        self.assertEqual(Subject.objects.get(pk=self.entry.subject_id).open_concerns, 0)

    def test_a_comment_opens_one_concern_and_counts_are_kept_while_people_post(self):
        thread = start_thread(self.entry.subject, "Talk", "First.", self.mo)
        said = [post(thread, f"I object to {n}.", self.eve) for n in range(4)]
        came = at_once(
            *(lambda c=comment: raise_concern(self.comment(c), "An objection", self.eve) for comment in said * 2),
            *(lambda n=n: open_concern(self.subject(), f"Number {n}", "B", self.bo) for n in range(4)),
            *[lambda: post(Thread.objects.with_people().get(pk=thread.pk), "Indeed.", self.mo)] * 6,
            *[lambda: sign(self.now(), self.mo), lambda: withdraw_signature(self.now(), self.mo)] * 2,
        )

        self.assertTrue(all(not isinstance(one, Exception) or isinstance(one, Conflict) for one in came), came)
        self.assertEqual(sum(isinstance(one, Conflict) for one in came), 4)
        subject = self.subject()
        self.assertEqual((Concern.objects.count(), subject.open_concerns), (9, 9))
        self.assertEqual(subject.comment_count, Comment.objects.count())

    def comment(self, found):
        return Comment.objects.with_thread().get(pk=found.pk)

    def subject(self):
        return Subject.objects.get(pk=self.entry.subject_id)

    def test_figures_computed_by_two_workers_are_one_row_a_lab(self):
        came = at_once(*[compute_answer_times] * 4)

        self.assertEqual(came, [None] * 4)
        self.assertEqual(AnswerTimes.objects.count(), 2)
