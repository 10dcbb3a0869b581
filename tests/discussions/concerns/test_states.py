"""A concern's states: which may follow which, and who may say so."""

from django.core.exceptions import ValidationError
from django.test import override_settings

from discussions.concerns.actions import RESOLUTIONS, TRANSITIONS, answer, open_concern, raise_concern, resolve
from discussions.concerns.models import Concern
from discussions.threads.actions import post, start_thread
from discussions.threads.models import Comment, Thread
from registry.core.errors import Conflict, Refused
from registry.core.subjects import Subject
from registry.history.models import Event
from tests.people import PlatformTestCase, make_person

State = Concern.State
# How each state is reached from a fresh concern.
WAYS = {
    State.OPEN: [],
    State.ANSWERED: ["answer"],
    State.ACCEPTED: ["answer", State.ACCEPTED],
    State.DISSENT_KEPT: ["answer", State.DISSENT_KEPT],
    State.WITHDRAWN: [State.WITHDRAWN],
}
ACTS = ["answer", *RESOLUTIONS]
# (state, act) → state; whatever is not named is a conflict and changes nothing.
LEADS_TO = {
    (State.OPEN, "answer"): State.ANSWERED,
    (State.OPEN, State.WITHDRAWN): State.WITHDRAWN,
    (State.ANSWERED, State.ACCEPTED): State.ACCEPTED,
    (State.ANSWERED, State.DISSENT_KEPT): State.DISSENT_KEPT,
    (State.ANSWERED, State.OPEN): State.OPEN,
    (State.ANSWERED, State.WITHDRAWN): State.WITHDRAWN,
}


class ConcernTestCase(PlatformTestCase):
    """Eve opened a concern about Ada's entry."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.concern = open_concern(cls.entry.subject, "The script is missing", "Where is the **script**?", cls.eve)
        cls.zoe = make_person("zoe", "Zoe Example")

    def now(self, concern=None):
        return Concern.objects.with_comments().get(pk=(concern or self.concern).pk)

    def act(self, name, by=None):
        if name == "answer":
            return answer(self.now(), "Here it is.", by or self.ada)
        return resolve(self.now(), name, by or self.eve, "Because.")

    def reach(self, state):
        for step in WAYS[state]:
            self.act(step)
        return self.now()

    def waiting(self):
        return Subject.objects.get(pk=self.entry.subject_id).open_concerns


class OpenTests(ConcernTestCase):
    def test_starts_a_discussion_named_like_the_concern_with_the_body_as_first_comment(self):
        thread = Thread.objects.get()
        opening = thread.comments.get()

        concern = self.now()
        self.assertEqual(
            (concern.about, concern.lab, concern.thread, concern.opening, concern.state, concern.opened_by),
            (self.entry.subject, self.lab, thread, opening, "open", self.eve),
        )
        self.assertEqual((thread.title, opening.body), ("The script is missing", "Where is the **script**?"))
        self.assertEqual(
            (concern.subject.ref, concern.subject.path, concern.subject.title),
            (f"concern:{concern.pk}", f"/concerns/{concern.pk}/", "The script is missing"),
        )
        self.assertEqual(concern.disclosure["handle"], "eve")

    def test_is_marked_beside_the_comment_counted_and_recorded(self):
        event = Event.objects.get(verb="concern.opened")

        self.assertEqual(
            self.now().opening.marks,
            [{"kind": "concern", "words": "opens a concern: The script is missing (open)",
              "path": f"/concerns/{self.concern.pk}/"}],
        )  # fmt: skip
        self.assertEqual(self.waiting(), 1)
        self.assertEqual(
            (event.actor, event.subject, event.lab, event.data["about"]),
            (self.eve, self.concern.subject, self.lab.subject, "release:invented-lab/lamp"),
        )

    def test_is_for_those_who_are_signed_in_about_what_is_public_and_open(self):
        draft = self.draft()
        for change in ({"public": False}, {"hidden": True}, {"locked": True}):
            subject = Subject(ref="release:x/y", kind="release", **({"public": True} | change))
            with self.subTest(change=change), self.assertRaises(Refused):
                open_concern(subject, "T", "B", self.eve)
        for subject in (draft.subject, self.eve.subject, self.concern.subject, self.concern.thread.subject):
            with self.subTest(subject=subject.ref), self.assertRaises(Refused):
                open_concern(subject, "T", "B", self.ada)

    def test_names_a_clause_only_where_a_lab_is_asked(self):
        concern = open_concern(self.entry.subject, "T", "B", self.eve, clause=self.clause)

        self.assertEqual(concern.clause, self.clause)
        with self.assertRaises(ValidationError):
            open_concern(self.norm.subject, "T", "B", self.eve, clause=self.clause)

    def test_takes_up_a_resolved_one_about_the_same_and_no_other(self):
        with self.assertRaises(Conflict):
            open_concern(self.entry.subject, "Again", "B", self.eve, follows=self.now())
        self.reach(State.ACCEPTED)
        again = open_concern(self.entry.subject, "Again", "B", self.zoe, follows=self.now())

        self.assertEqual(again.follows, self.concern)
        with self.assertRaises(ValidationError):
            open_concern(self.norm.subject, "T", "B", self.eve, follows=self.now())


class RaiseTests(ConcernTestCase):
    def setUp(self):
        super().setUp()
        self.thread = start_thread(self.entry.subject, "Talk", "First.", self.ada)
        self.said = post(self.thread, "I object.", self.eve)

    def test_opens_it_where_it_was_said(self):
        concern = raise_concern(self.said, "An objection", self.eve)

        self.assertEqual((concern.thread, concern.opening), (self.thread, self.said))
        self.assertEqual(self.waiting(), 2)
        self.assertEqual(Comment.objects.get(pk=self.said.pk).marks[0]["words"], "opens a concern: An objection (open)")

    def test_is_for_its_author_alone_and_once(self):
        for person in (self.ada, self.mo, self.bo):
            with self.assertRaises(Refused):
                raise_concern(self.said, "T", person)
        raise_concern(self.said, "T", self.eve)
        with self.assertRaises(Conflict):
            raise_concern(self.said, "T", self.eve)

    def test_is_not_possible_from_what_was_hidden_or_taken_back(self):
        for change in ({"hidden": True}, {"retracted_at": self.said.created_at}):
            said = Comment.objects.with_thread().get(pk=self.said.pk)
            for name, value in change.items():
                setattr(said, name, value)
            with self.subTest(change=change), self.assertRaises(Refused):
                raise_concern(said, "T", self.eve)

    def test_needs_a_title_that_can_be_read(self):
        for title in ("", "  ", "\u200b", "x" * 201, "a\0b"):
            with self.subTest(title=title), self.assertRaises(ValidationError):
                raise_concern(self.said, title, self.eve)


@override_settings(RATE_LIMIT_SCALE=100)
class TransitionTests(ConcernTestCase):
    def test_every_act_in_every_state_leads_where_the_table_says_or_changes_nothing(self):
        for state in State:
            for act in ACTS:
                with self.subTest(state=state, act=act):
                    self._try(state, act)

    def _try(self, state, act):
        concern = open_concern(self.entry.subject, f"{state} {act}", "B", self.eve)
        original, self.concern = self.concern, concern
        try:
            before = self.reach(state)
            expected = LEADS_TO.get((state, act))
            if expected:
                self.act(act)
                self.assertEqual(self.now().state, expected)
            else:
                comments = Comment.objects.count()
                with self.assertRaises(Conflict):
                    self.act(act)
                after = self.now()
                self.assertEqual(
                    [getattr(after, f.attname) for f in Concern._meta.fields],
                    [getattr(before, f.attname) for f in Concern._meta.fields],
                )
                self.assertEqual(Comment.objects.count(), comments)
        finally:
            self.concern = original

    def test_the_table_of_the_code_is_that_of_this_test(self):
        said = {(source, target) for target, (sources, _, _) in TRANSITIONS.items() for source in sources}

        self.assertEqual(said, {(state, found) for (state, _), found in LEADS_TO.items()})

    def test_only_those_named_may_and_nobody_else(self):
        opener, side, others = self.eve, self.ada, (self.bo, self.mo, self.zoe)
        may = {
            "answer": {side}, State.ACCEPTED: {opener}, State.OPEN: {opener}, State.WITHDRAWN: {opener},
            State.DISSENT_KEPT: {opener, side},
        }  # fmt: skip
        self.reach(State.ANSWERED)
        for act, people in may.items():
            for person in {opener, side, *others} - people:
                with self.subTest(act=act, person=person.handle), self.assertRaises(Refused):
                    self.act(act, by=person)
        self.assertEqual(self.now().state, State.ANSWERED)

    def test_the_other_side_may_record_the_dissent_as_its_official_word(self):
        self.reach(State.ANSWERED)
        self.act(State.DISSENT_KEPT, by=self.ada)

        self.assertEqual((self.now().state, self.now().resolution.official_for), (State.DISSENT_KEPT, self.lab))

    def test_whoever_speaks_for_the_lab_cannot_answer_a_concern_of_their_own(self):
        concern = open_concern(self.entry.subject, "From within", "B", self.ada)

        with self.assertRaises(Refused):
            answer(concern, "All is well.", self.ada)

    def test_a_suspended_or_closed_out_person_can_do_nothing(self):
        self.reach(State.ANSWERED)
        Thread.objects.update(locked=True)
        for act in (State.ACCEPTED, State.OPEN, State.WITHDRAWN, State.DISSENT_KEPT):
            with self.subTest(act=act), self.assertRaises(Refused):
                self.act(act)


class AnswerTests(ConcernTestCase):
    def test_is_an_official_comment_below_the_opening_one(self):
        self.act("answer")

        concern = self.now()
        self.assertEqual(
            (concern.answer.parent, concern.answer.official_for, concern.answer.author, concern.answer.body),
            (concern.opening, self.lab, self.ada, "Here it is."),
        )
        self.assertIsNotNone(concern.answered_at)
        self.assertEqual(self.waiting(), 0)
        self.assertEqual(concern.opening.marks[0]["words"], "opens a concern: The script is missing (answered)")
        self.assertEqual(concern.answer.marks[0]["words"], "answers the concern of #1")
        self.assertEqual(Event.objects.get(verb="concern.answered").data["comment"], concern.answer.pk)

    def test_comes_from_moderators_for_a_norm(self):
        concern = open_concern(self.norm.subject, "Too strict", "B", self.eve)
        with self.assertRaises(Refused):
            answer(concern, "No.", self.ada)
        answer(concern, "It is meant so.", self.mo)

        self.assertEqual((concern.state, concern.answer.official_for), (State.ANSWERED, None))

    def test_comes_from_the_chairs_for_a_session(self):
        from discussions.workshops.actions import add_session, open_workshop

        day = self.entry.published_at
        workshop = open_workshop(
            slug="spring", title="Spring", starts_on=day.date(), ends_on=day.date(), by=self.mo, chairs=[self.zoe]
        )
        ends_at = day.replace(hour=23, minute=59)
        session = add_session(workshop, title="Talk", starts_at=day, ends_at=ends_at, by=self.mo)
        concern = open_concern(session.subject, "No minutes", "B", self.eve)
        with self.assertRaises(Refused):
            answer(concern, "Here.", self.ada)
        answer(concern, "Here.", self.zoe)

        self.assertEqual(concern.state, State.ANSWERED)


class ResolveTests(ConcernTestCase):
    def test_needs_a_reason_but_for_acceptance(self):
        self.reach(State.ANSWERED)
        for resolution in (State.DISSENT_KEPT, State.OPEN, State.WITHDRAWN):
            with self.subTest(resolution=resolution), self.assertRaises(ValidationError):
                resolve(self.now(), resolution, self.eve, "  ")
        resolve(self.now(), State.ACCEPTED, self.eve)

        concern = self.now()
        self.assertEqual((concern.state, concern.resolution), (State.ACCEPTED, None))
        self.assertIsNotNone(concern.resolved_at)

    def test_puts_the_reason_below_the_answer(self):
        self.reach(State.DISSENT_KEPT)

        concern = self.now()
        self.assertEqual((concern.resolution.parent, concern.resolution.body), (concern.answer, "Because."))
        self.assertEqual(concern.resolution.marks[0]["words"], "records that the dissent of #1 stays")

    def test_open_again_waits_again_and_each_answer_can_be_refused_once(self):
        self.act("answer")
        self.act(State.OPEN)

        concern = self.now()
        self.assertEqual((concern.state, concern.answer, concern.answered_at), (State.OPEN, None, None))
        self.assertEqual(self.waiting(), 1)
        with self.assertRaises(Conflict):
            self.act(State.OPEN)
        self.act("answer")
        self.act(State.OPEN)
        self.assertEqual(Event.objects.filter(verb="concern.reopened").count(), 2)

    def test_refuses_what_is_no_resolution(self):
        for word in ("answered", "closed", "", "open "):
            with self.subTest(word=word), self.assertRaises(ValidationError):
                resolve(self.now(), word, self.eve, "Because.")
