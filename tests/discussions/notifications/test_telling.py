"""Who is told of what, and why; once, whatever the workers do."""

from datetime import timedelta
from unittest import mock

from django.utils import timezone

from discussions.notifications import telling
from discussions.notifications.actions import follow, stop_following
from discussions.notifications.models import Cadence, Notice, Subscription, Untold
from discussions.notifications.telling import tell
from discussions.threads.actions import edit, post, start_thread
from discussions.threads.models import Comment, Thread
from discussions.workshops.actions import add_session, open_workshop
from registry.core.subjects import Subject
from registry.history.models import Event
from registry.labs.actions import change_role, leave
from registry.norms.actions import declare
from registry.releases.actions import publish, save_draft
from tests.people import make_person

from .case import NotifiedTestCase, tell_all


class ReasonTests(NotifiedTestCase):
    def test_whoever_began_a_discussion_follows_it_and_the_author_is_not_told_of_their_own_word(self):
        comment = self.say()

        self.assertEqual(self.told(self.eve), [(comment.pk, "thread")])
        self.assertEqual(self.told(self.zed), [])
        made = Subscription.objects.get(user=self.zed)
        self.assertEqual((made.subject, made.made_by), (self.thread.subject, "posting"))

    def test_whoever_speaks_for_the_lab_is_told_and_a_plain_member_is_not(self):
        comment = self.say()

        self.assertEqual(self.told(self.ada), [(comment.pk, "lab")])
        self.assertEqual(self.told(self.bo), [])

    def test_an_answer_and_a_mention_are_told_to_those_who_follow_nothing(self):
        first = self.say()
        Subscription.objects.all().delete()
        answer = self.say("Is it? @mod may know.", by=self.eve, parent=first)

        self.assertEqual(self.told(self.zed), [(answer.pk, "reply")])
        self.assertEqual(self.told(self.mo), [(answer.pk, "mention")])

    def test_the_nearest_reason_is_given_and_only_one_notice(self):
        for subject in (self.entry.subject, self.lab.subject, self.zed.subject, self.thread.subject):
            follow(by=self.mo, subject=subject)
        follow(by=self.mo, words="indeed")

        comment = self.say()

        self.assertEqual(self.told(self.mo), [(comment.pk, "thread")])

    def test_followers_of_the_entry_the_lab_the_person_and_a_search_are_told_each_for_their_reason(self):
        people = {handle: make_person(handle) for handle in ("ent", "lab-fan", "fan", "seeker", "idler")}
        follow(by=people["ent"], subject=self.entry.subject)
        follow(by=people["lab-fan"], subject=self.lab.subject)
        follow(by=people["fan"], subject=self.zed.subject)
        follow(by=people["seeker"], words="peculiar -usual")

        comment = self.say("A peculiar thing.")

        reasons = {handle: self.told(person) for handle, person in people.items()}
        self.assertEqual(reasons, {
            "ent": [(comment.pk, "subject")], "lab-fan": [(comment.pk, "lab")], "fan": [(comment.pk, "person")],
            "seeker": [(comment.pk, "search")], "idler": [],
        })  # fmt: skip

    def test_a_search_with_operators_is_told_of_the_comments_that_it_finds_and_of_no_others(self):
        seekers = {
            words: make_person(f"seeker-{n}")
            for n, words in enumerate(
                ("author:zed", "thing -author:zed", "peculiar role:official", f"thing in:{self.thread.pk}",
                 "quoted:odd", "quoted:thing on:release:invented-lab/lamp", "author:zed after:2999-01-01")
            )
        }  # fmt: skip
        for words, person in seekers.items():
            follow(by=person, words=words)

        comment = self.say("> An odd remark.\n\nA peculiar thing, written by an author.")

        told = {words for words, person in seekers.items() if self.told(person) == [(comment.pk, "search")]}
        self.assertEqual(told, {"author:zed", f"thing in:{self.thread.pk}", "quoted:odd"})

    def test_different_searches_of_one_sort_cost_one_query_each_however_many_follow_them(self):
        for n in range(5):
            follow(by=make_person(f"seeker-{n}"), words="author:zed")
        with mock.patch.object(telling, "find", wraps=telling.find) as looked:
            self.say()
        self.assertEqual(looked.call_count, 1)

    def test_followers_of_a_norm_are_told_of_its_clauses_and_of_a_workshop_of_its_sessions(self):
        follow(by=self.zed, subject=self.norm.subject)
        thread = start_thread(self.clause.subject, "Which components?", "All?", self.eve)
        day = timezone.now()
        workshop = open_workshop(slug="spring", title="Spring", starts_on=day.date(), ends_on=day.date(), by=self.mo)
        tell_all()
        follow(by=self.zed, subject=workshop.subject)
        with mock.patch("discussions.workshops.actions.check_times"):
            add_session(workshop, title="Opening", starts_at=day, ends_at=day + timedelta(minutes=1), by=self.mo)
        tell_all()

        opening = thread.comments.get().pk
        self.assertEqual(self.told(self.zed), [(opening, "subject"), ("session.added", "subject")])

    def test_followers_of_an_entry_are_told_of_revisions_and_declarations(self):
        follow(by=self.zed, subject=self.entry.subject)
        save_draft(self.entry, self.entry.draft | {"summary": "Larger."}, by=self.ada)
        publish(self.entry, by=self.ada, justification="It grew.")
        declare(self.entry, self.clause, stance="adheres", reason="As stated.", by=self.ada)
        tell_all()

        self.assertEqual(self.told(self.zed), [("release.published", "subject"), ("norm.declared", "subject")])

    def test_an_edit_and_a_draft_are_nobodys_news(self):
        comment = self.say()
        Notice.objects.all().delete()
        follow(by=self.mo, subject=self.lab.subject)

        edit(comment, "Indeed, @mod.", self.zed)
        self.draft("secret")
        tell_all()

        self.assertEqual(Notice.objects.count(), 0)


class MentionTests(NotifiedTestCase):
    def mentioned(self, body):
        self.say(body)
        return set(Notice.objects.filter(reason="mention").values_list("user__handle", flat=True))

    def test_code_quotations_and_addresses_mention_nobody(self):
        body = "> @ada said\n\n`@bob`\n\n```\n@mod\n```\n\nmail eve@eve.example or x@mod, @mod-x and /@bob"
        self.assertEqual(self.mentioned(body), set())

    def test_a_handle_in_a_sentence_does(self):
        self.assertEqual(self.mentioned("What do (@ada), @bob and @mod. think, @nobody-here?"), {"ada", "bob", "mod"})

    def test_what_the_event_names_is_believed_before_the_text(self):
        Subscription.objects.all().delete()
        comment = post(self.thread, "Hello @mod.", self.zed)
        Event.objects.filter(data__comment=comment.pk).update(data={"comment": comment.pk, "mentions": ["bob"]})
        tell_all()

        self.assertEqual(self.told(self.bo), [(comment.pk, "mention")])
        self.assertEqual(self.told(self.mo), [])


class MuteTests(NotifiedTestCase):
    def test_beats_everything(self):
        follow(by=self.mo, subject=self.entry.subject, cadence=Cadence.IMMEDIATE)
        for subject in (self.thread.subject, self.zed.subject, self.lab.subject, self.entry.subject):
            with self.subTest(subject=subject):
                kept = follow(by=self.mo, subject=subject, cadence=Cadence.NONE)
                self.say("Well, @mod?")
                self.assertEqual(self.told(self.mo), [])
                stop_following(kept, by=self.mo)

    def test_outlives_writing_in_the_discussion(self):
        follow(by=self.zed, subject=self.thread.subject, cadence=Cadence.NONE)
        first = self.say()
        self.say(by=self.eve, parent=first)

        self.assertEqual(self.told(self.zed), [])


class LabTests(NotifiedTestCase):
    def follows(self, user):
        return Subscription.objects.filter(user=user, subject=self.lab.subject).exists()

    def test_speaking_for_a_lab_begins_and_ends_following_it(self):
        membership = self.lab.memberships.get(user=self.bo)
        self.assertFalse(self.follows(self.bo))
        change_role(membership, role="editor", by=self.ada)
        self.assertTrue(self.follows(self.bo))
        leave(membership, by=self.bo)
        self.assertFalse(self.follows(self.bo))

    def test_what_they_chose_themselves_stays(self):
        follow(by=self.ada, subject=self.lab.subject, cadence=Cadence.WEEKLY)
        membership = self.lab.memberships.get(user=self.bo)
        change_role(membership, role="owner", by=self.ada)
        leave(self.lab.memberships.get(user=self.ada), by=self.ada)

        self.assertEqual(Subscription.objects.get(user=self.ada, subject=self.lab.subject).cadence, "weekly")


class NotToldTests(NotifiedTestCase):
    """Looked at when it is told, not when it was done."""

    def after(self, change):
        comment = post(self.thread, "Hello @mod.", self.zed)
        change(comment)
        tell_all()
        return Notice.objects.filter(comment=comment).count()

    def test_it_would_be_told(self):
        self.assertEqual(self.after(lambda comment: None), 3)

    def test_a_hidden_comment(self):
        self.assertEqual(self.after(lambda c: Comment.objects.filter(pk=c.pk).update(hidden=True)), 0)

    def test_a_comment_in_a_hidden_discussion(self):
        self.assertEqual(self.after(lambda c: Thread.objects.filter(pk=c.thread_id).update(hidden=True)), 0)

    def test_a_comment_on_what_was_withdrawn_from_view(self):
        subjects = Subject.objects.filter(pk=self.entry.subject_id)
        self.assertEqual(self.after(lambda c: subjects.update(public=False)), 0)

    def test_words_of_somebody_who_was_suspended(self):
        people = type(self.zed).objects.filter(pk=self.zed.pk)
        self.assertEqual(self.after(lambda c: people.update(suspended_at=timezone.now())), 0)

    def test_suspended_and_departed_people(self):
        type(self.mo).objects.filter(pk=self.mo.pk).update(suspended_at=timezone.now())
        type(self.eve).objects.filter(pk=self.eve.pk).update(is_active=False)
        self.assertEqual(self.after(lambda c: None), 1)


class BatchTests(NotifiedTestCase):
    def test_goes_on_where_a_worker_died(self):
        crowd = [make_person(f"crowd-{n}") for n in range(7)]
        for person in crowd:
            follow(by=person, subject=self.thread.subject)
        comment = post(self.thread, "Hello.", self.zed)
        event = Event.objects.get(data__comment=comment.pk, verb="comment.posted")
        batches, real = [], telling._write

        def dies_in_its_second_batch(*args):
            written = real(*args)
            batches.append(written)
            if len(batches) == 2:
                raise MemoryError
            return written

        with mock.patch.object(telling, "_write", dies_in_its_second_batch), self.assertRaises(MemoryError):
            tell(event.pk, batch=3)
        self.assertEqual(Notice.objects.filter(event=event).count(), batches[0])
        tell(event.pk, batch=3)

        told = Notice.objects.filter(event=event, user__in=crowd)
        self.assertEqual(sorted(told.values_list("user", flat=True)), sorted(p.pk for p in crowd))
        self.assertFalse(Untold.objects.filter(pk=event.pk).exists())

    def test_costs_the_same_queries_for_ten_followers_and_fifty(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        counts = []
        for start, end in ((0, 10), (10, 50)):
            for n in range(start, end):
                follow(by=make_person(f"crowd-{n}"), subject=self.thread.subject)
            comment = post(self.thread, "Hello.", self.zed)
            with CaptureQueriesContext(connection) as queries:
                tell_all()
            counts.append(len(queries))
            self.assertGreaterEqual(Notice.objects.filter(comment=comment).count(), end)
        self.assertEqual(*counts)

    def test_an_act_writes_one_row_for_all_followers(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            post(self.thread, "Hello.", self.zed)

        ours = [q["sql"] for q in queries if "subscription" in q["sql"] or "notice" in q["sql"] or "untold" in q["sql"]]
        self.assertEqual(len(ours), 1)
