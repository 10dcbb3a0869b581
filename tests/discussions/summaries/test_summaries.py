"""Summaries of long discussions: written, replaced, called fair, stale, kept."""

import re
from html import unescape

from django.core.exceptions import ValidationError
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from discussions.summaries.actions import mark_fair, take_back_fair, write_summary
from discussions.summaries.models import LEAST_COMMENTS, Fair, Summary
from discussions.threads.actions import post, start_thread
from discussions.threads.models import Comment, CommentDraft, Thread
from registry.core.errors import Conflict, Refused, Stale
from registry.history.models import Event
from registry.history.recording import record
from tests.people import PlatformTestCase

POSITIONS = ["The weights <b>first</b>", "The script first"]


class SummaryTestCase(PlatformTestCase):
    """Eve and Bo spoke twenty times; Mo did not."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        with override_settings(RATE_LIMIT_SCALE=100):
            cls.thread = start_thread(cls.entry.subject, "At length", "First.", cls.eve)
            for n in range(LEAST_COMMENTS - 1):
                post(cls.thread, f"Words {n}.", cls.bo)
        cls.thread = Thread.objects.with_people().get(pk=cls.thread.pk)

    def write(self, body="It is **about** order.", by=None, **options):
        given = {"first": 1, "last": 20, "positions": POSITIONS} | options
        return write_summary(Thread.objects.with_people().get(pk=self.thread.pk), body, by or self.mo, **given)

    def page(self, address="", user=None):
        return unescape(self.as_(user).get(f"/t/{self.thread.pk}/{address}").content.decode())


class WriteTests(SummaryTestCase):
    def test_stands_above_the_comments_with_its_range_writer_and_positions(self):
        self.write()
        page = self.page()

        self.assertIn("Summary of #1 to #20", page)
        self.assertIn("<p>It is <strong>about</strong> order.</p>", page)
        self.assertIn("The weights <b>first</b>", page)
        self.assertNotIn("<b>first</b>", self.as_().get(f"/t/{self.thread.pk}/").content.decode())
        self.assertLess(page.index("Summary of"), page.index('class="thread"'))
        event = Event.objects.get(verb="summary.written")
        self.assertEqual((event.actor, event.subject, event.data["last"]), (self.mo, self.thread.subject, 20))

    def test_is_not_for_short_or_closed_discussions_or_visitors(self):
        short = start_thread(self.entry.subject, "Short", "First.", self.eve)
        with self.assertRaises(Refused):
            write_summary(short, "B", self.mo, first=1, last=1)
        Thread.objects.filter(pk=self.thread.pk).update(locked=True)
        with self.assertRaises(Refused):
            self.write()
        self.assertNotIn("Write a summary", self.page())

    def test_refuses_ranges_texts_and_positions_that_cannot_be(self):
        for change in (
            {"first": 0}, {"last": 21}, {"first": 5, "last": 4}, {"body": " "}, {"body": "a\0b"},
            {"positions": [str(n) for n in range(7)]}, {"positions": ["x" * 201]}, {"positions": ["a\0b"]},
        ):  # fmt: skip
            with self.subTest(change=change), self.assertRaises(ValidationError):
                self.write(**change)
        self.assertFalse(Summary.objects.exists())

    def test_takes_the_place_of_the_one_on_screen_and_of_no_other(self):
        first = self.write()
        with self.assertRaises(Stale):
            self.write("Another.", by=self.eve)
        second = self.write("Another.", by=self.eve, replaces=first.pk, positions=["One", "One", " "])

        self.assertEqual(second.positions, ["One"])
        page = self.page("summaries/")
        self.assertLess(page.index("Another."), page.index("It is <strong>about</strong> order."))
        self.assertNotIn("order.", self.page().partition('class="thread"')[0])

    def test_says_how_much_was_written_since(self):
        self.write(last=19)
        self.assertIn("1 comment was written since.", self.page())
        post(self.thread, "More.", self.bo)

        self.assertIn("2 comments were written since.", self.page())

    def test_costs_a_reader_no_query_and_is_sent_again_when_it_changes(self):
        tag = self.as_().get(f"/t/{self.thread.pk}/")["ETag"]
        summary = self.write()
        with CaptureQueriesContext(connection) as queries:
            response = self.as_().get(f"/t/{self.thread.pk}/", headers={"if-none-match": tag})
        self.assertEqual((response.status_code, len(queries)), (200, 2))
        mark_fair(summary, 1, self.bo)

        again = self.as_().get(f"/t/{self.thread.pk}/", headers={"if-none-match": response["ETag"]})
        self.assertEqual(again.status_code, 200)


class FairTests(SummaryTestCase):
    def test_is_said_once_for_each_position_by_those_who_took_part(self):
        summary = self.write()
        for _ in range(2):
            mark_fair(summary, 1, self.bo)
        mark_fair(summary, 1, self.eve)
        mark_fair(summary, 2, self.eve)

        self.assertEqual([p["fair"] for p in Summary.objects.with_people().get().stated_positions()], [2, 1])
        self.assertIn("2 people who took part call this fair", self.page())
        self.assertEqual(Event.objects.filter(verb="summary.called_fair").count(), 3)
        with self.assertRaises(Refused):
            mark_fair(summary, 1, self.mo)
        for position in (0, 3):
            with self.assertRaises(ValidationError):
                mark_fair(summary, position, self.bo)

    def test_can_be_taken_back(self):
        summary = self.write()
        mark_fair(summary, 1, self.bo)
        mark_fair(summary, 2, self.bo)
        take_back_fair(summary, self.bo, 1)

        self.assertEqual(list(Fair.objects.values_list("position", flat=True)), [2])
        self.assertIn("nobody has said yet whether this is fair", self.page())

    def test_is_said_of_the_current_one_only(self):
        old = self.write()
        mark_fair(old, 1, self.bo)
        self.write("Another.", replaces=old.pk)

        with self.assertRaises(Conflict):
            mark_fair(old, 2, self.bo)
        self.assertNotIn("this fair</span>", self.page().replace("whether this is fair", ""))


class PageTests(SummaryTestCase):
    def test_writes_through_the_form_once_and_keeps_a_draft(self):
        client, base = self.as_(self.mo), f"/t/{self.thread.pk}/summaries/"
        client.post(f"{base}new/", {"body": "Half a"}, headers={"X-Autosave": "1"})
        page = client.get(f"{base}new/").content.decode()
        self.assertIn("Half a", page)
        form = {"once": re.search(r'name="once" value="(\w+)"', page)[1], "first": 1, "last": 20, "body": "Whole.",
                "positions": "One\r\nTwo"}  # fmt: skip
        answers = [client.post(f"{base}new/", form) for _ in range(2)]

        self.assertEqual([a["Location"] for a in answers], [base, base])
        self.assertEqual([s.positions for s in Summary.objects.all()], [["One", "Two"]])
        self.assertFalse(CommentDraft.objects.exists())

    def test_keeps_what_was_typed_when_somebody_was_faster(self):
        self.write()
        form = {"first": 1, "last": 20, "body": "Typed text.", "positions": ""}
        response = self.as_(self.eve).post(f"/t/{self.thread.pk}/summaries/new/", form)

        self.assertContains(response, "Somebody else wrote a summary in the meantime.", status_code=400)
        self.assertContains(response, "Typed text.", status_code=400)

    def test_offers_marks_to_those_who_took_part(self):
        summary = self.write()
        self.assertNotIn("fairly put</button>", self.page("summaries/", self.mo))
        client = self.as_(self.bo)
        base = f"/t/{self.thread.pk}/summaries/"
        client.post(f"{base}fair/", {"summary": summary.pk, "position": 2})
        self.assertIn("Take back that 2 is fair to me", self.page("summaries/", self.bo))
        client.post(f"{base}fair/", {"summary": summary.pk, "take_back": 2})

        self.assertFalse(Fair.objects.exists())
        for wrong in ({}, {"summary": "x", "position": 1}, {"summary": 10**17, "position": 1}):
            self.assertEqual(client.post(f"{base}fair/", wrong).status_code, 404)


class ApiTests(SummaryTestCase):
    def test_is_written_read_and_called_fair(self):
        body = {"thread": self.thread.pk, "first": 1, "last": 20, "body": "In *short*.", "positions": ["One"]}
        response = self.api(self.mo).post("/api/v1/summaries", body, format="json")

        told = response.json()
        self.assertTrue(told.pop("disclosure") and told.pop("written_at"))
        self.assertEqual((response.status_code, told), (201, {
            "id": told["id"], "thread": self.thread.pk, "first": 1, "last": 20, "body": "In *short*.",
            "html": "<p>In <em>short</em>.</p>", "positions": [{"number": 1, "words": "One", "fair": 0}], "by": "mod",
        }))  # fmt: skip
        one = response["Location"]
        self.assertEqual(self.api(self.mo).post("/api/v1/summaries", body, format="json").status_code, 412)
        fair = self.api(self.bo).post(f"{one}/fairness", {"position": 1}, format="json")
        self.assertEqual((fair.status_code, fair.json()["positions"][0]["fair"]), (201, 1))
        self.assertEqual(self.api(self.mo).post(f"{one}/fairness", {"position": 1}, format="json").status_code, 403)
        self.assertEqual(self.api(self.mo).delete(f"{one}/fairness").status_code, 403)
        self.assertEqual(self.api(self.bo).delete(f"{one}/fairness").status_code, 204)
        listed = self.api().get("/api/v1/summaries", {"thread": self.thread.pk}).json()["results"]
        self.assertEqual([row["positions"][0]["fair"] for row in listed], [0])


class TakenFromViewTests(SummaryTestCase):
    def test_leaves_every_page_and_the_one_before_stands_again(self):
        first = self.write("zqfirstqz")
        second = self.write("zqsecondqz", replaces=first.pk)
        Summary.objects.filter(pk=second.pk).update(hidden=True)
        record("moderation.hid", self.thread.subject, by=None, public=False)

        for address in ("", "summaries/", "summaries/new/", "summaries/feed/"):
            self.assertNotIn("zqsecondqz", self.page(address, self.bo))
        self.assertIn("zqfirstqz", self.page())
        self.assertEqual(self.api().get(f"/api/v1/summaries/{second.pk}").status_code, 404)

    def test_goes_with_its_discussion(self):
        summary = self.write("zqfirstqz")
        Thread.objects.filter(pk=self.thread.pk).update(hidden=True)

        self.assertEqual(self.as_(self.bo).get(f"/t/{self.thread.pk}/summaries/").status_code, 404)
        self.assertEqual(self.api().get(f"/api/v1/summaries/{summary.pk}").status_code, 404)
        self.assertEqual(self.api().get("/api/v1/summaries").json()["results"], [])
        self.assertTrue(Comment.objects.exists())
