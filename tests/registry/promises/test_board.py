"""The board of promises: read off revisions, never forgotten, narrowed, fed, and private where entries are."""

from datetime import timedelta

from django.utils import timezone

from registry.promises.actions import count_promises, read_promises
from registry.promises.models import Promise, PromiseCount
from registry.promises.tasks import read_all
from registry.releases import dates
from registry.releases.actions import begin_entry, publish, save_draft
from tests.people import CONTENT, PlatformTestCase

FIRST = CONTENT["stages"][0]


def plan(title="The rest", key="rest", due="2024-12-31", **more):
    return {"status": "planned", "title": title, "key": key, "announced": "2024-05-01", "due": due, **more}


class BoardTestCase(PlatformTestCase):
    def promised(self, *stages, slug="lantern"):
        entry = begin_entry(self.lab, slug, by=self.ada, content=CONTENT | {"stages": [FIRST, *stages]})
        publish(entry, by=self.ada)
        return entry

    def again(self, entry, *stages):
        save_draft(entry, entry.draft | {"stages": [FIRST, *stages]}, by=self.ada)
        publish(entry, by=self.ada, justification="It changed.")

    def states(self):
        return {row.what: row.state for row in Promise.objects.all()}

    def board(self, query="", user=None):
        return self.as_(user).get(f"/promises/{query}").content.decode()


class ReadTests(BoardTestCase):
    def test_a_promise_that_is_kept_later_keeps_its_row(self):
        entry = self.promised(plan())
        before = Promise.objects.get()
        keeper = {"date": "2025-03-01", "title": "All", "keeps": ["rest"], "components": FIRST["components"]}

        self.again(entry, plan(), keeper)
        after = Promise.objects.get()

        self.assertEqual((before.state, before.stage), ("open", 2))
        self.assertEqual((after.pk, after.state, after.kept_by, after.days_late), (before.pk, "kept_late", 3, 60))

    def test_a_promise_that_is_put_off_remembers_for_when_it_was(self):
        entry = self.promised(plan())
        self.again(entry, plan(due="2026"))
        self.again(entry, plan(due="2027"))

        self.assertEqual([(p.due, p.first_due) for p in Promise.objects.all()], [("2027", "2024-12-31")])

    def test_a_promise_that_is_no_longer_mentioned_is_dropped_and_stays(self):
        entry = self.promised(plan())
        self.again(entry, plan(title="Another", key="other"))
        self.again(entry)

        self.assertEqual(self.states(), {"The rest": "dropped", "Another": "dropped"})
        self.assertIn("Revision 2 no longer mentions it.", self.board("?state=broken"))

    def test_a_promise_that_became_a_stage_of_the_same_title_was_kept(self):
        entry = self.promised(plan(key=""))
        self.again(entry, {"date": "2024-12-01", "title": "The rest", "components": FIRST["components"]})

        kept = Promise.objects.get()
        self.assertEqual((kept.state, kept.kept_on, kept.days_late), ("kept", "2024-12-01", 0))

    def test_reading_twice_changes_nothing(self):
        entry = self.promised(plan())
        entry.refresh_from_db()
        before = list(Promise.objects.values())

        self.assertEqual(read_promises(entry, entry.current), 0)
        read_all()

        self.assertEqual(list(Promise.objects.values()), before)

    def test_the_daily_reading_finds_what_was_published_before(self):
        self.promised(plan())
        Promise.objects.all().delete()

        read_all()

        self.assertEqual(self.states(), {"The rest": "open"})


class BoardTests(BoardTestCase):
    def setUp(self):
        super().setUp()
        soon = (timezone.now() + timedelta(days=30)).date().isoformat()
        self.promised(
            plan("Overdue one", "a"), plan("Due soon", "b", soon), plan("Far away", "c", "2090"),
            plan("Without a date", "d", "", condition="If it is safe."),
            plan("Called off", "e", status="cancelled", reason="It was not safe."),
            {"date": "2024-06-01", "title": "In time", "due": "2024-07", "components": FIRST["components"]},
            {"date": "2024-08-20", "title": "Too late", "due": "2024-07", "components": []},
        )  # fmt: skip

    def test_is_narrowed_by_what_became_of_promises(self):
        expected = {
            "": ["Overdue one", "Due soon", "Far away", "Without a date"], "?state=overdue": ["Overdue one"],
            "?state=due_soon": ["Due soon"], "?state=kept": ["In time"], "?state=kept_late": ["Too late"],
            "?state=broken": ["Called off"], "?state=nonsense": [], "?lab=other": [],
        }  # fmt: skip
        for query, titles in expected.items():
            page = self.board(query)
            found = sorted((t for t in self.states() if f">{t}</a>" in page), key=lambda t: page.index(f">{t}</a>"))

            self.assertEqual(found, titles, query)

    def test_says_how_each_stands(self):
        days = (dates.latest_today() - Promise.objects.get(what="Overdue one").day).days

        self.assertIn(f"Overdue for {days:,} days: it was due 31 December 2024", self.board())
        self.assertIn("Kept on 20 August 2024, 20 days late.", self.board("?state=kept_late"))
        self.assertIn("Called off. It was not safe.", self.board("?state=broken"))

    def test_the_lab_and_the_entry_show_what_is_overdue(self):
        for address in ("/labs/invented-lab/", "/releases/invented-lab/lantern/"):
            page = self.as_().get(address).content.decode()

            self.assertIn("Overdue one", page)
            self.assertIn("level-disputed\">overdue", page)

    def test_its_numbers_are_the_workers(self):
        self.assertNotIn("Counted", self.board())

        counts = count_promises()

        self.assertEqual({**counts}, {"open": 4, "cancelled": 1, "kept": 1, "kept_late": 1, "overdue": 1,
                                      "due_soon": 1, "broken": 1})  # fmt: skip
        self.assertEqual(PromiseCount.objects.get().counts, counts)
        self.assertIn("1 overdue", self.board())

    def test_the_feed_takes_the_same_filters(self):
        feed = self.as_().get("/promises/feed/?state=overdue")

        self.assertEqual(feed["Content-Type"].split(";")[0], "application/atom+xml")
        self.assertEqual(feed.content.decode().count("<entry>"), 1)
        self.assertIn("Overdue one (Lamp, Invented Lab)", feed.content.decode())

    def test_the_api_lists_them(self):
        found = self.api().get("/api/v1/promises?state=overdue&release=invented-lab/lantern").json()["results"]
        odd = self.api().get("/api/v1/promises?state=nonsense")

        self.assertEqual([(p["what"], p["overdue"], p["stage"], p["release"]) for p in found],
                         [("Overdue one", True, 2, "invented-lab/lantern")])  # fmt: skip
        self.assertEqual(odd.status_code, 400)

    def test_one_page_costs_the_same_queries_for_one_and_for_thirty(self):
        def queries():
            with self.assertNumQueries(2):
                self.board("?state=overdue")

        queries()
        self.promised(*(plan(f"Late {n}", f"k{n}") for n in range(25)), slug="lamps")
        queries()

    def test_turns_pages_by_place(self):
        late = [plan(f"Late {n:02}", f"k{n}", f"2020-01-{n:02}", announced="") for n in range(1, 32)]
        self.promised(*late, slug="lamps")
        first = self.as_().get("/promises/?state=overdue").context["page"]
        second = self.as_().get(f"/promises/{first.older}").context["page"]

        self.assertEqual([len(first.rows), len(second.rows)], [30, 2])
        self.assertEqual([row.what for row in second.rows], ["Late 31", "Overdue one"])


class PrivateTests(BoardTestCase):
    def test_drafts_and_what_is_taken_from_view_promise_nothing(self):
        begin_entry(self.lab, "secret", by=self.ada, content=CONTENT | {"stages": [FIRST, plan("Secret plan", "s")]})
        entry = self.promised(plan("Hidden plan", "h"))
        entry.subject.hidden = True
        entry.subject.save()

        for page in (self.board("?state=all"), self.as_().get("/promises/feed/?state=all").content.decode(),
                     self.api().get("/api/v1/promises").content.decode()):  # fmt: skip
            self.assertNotIn("Secret plan", page)
            self.assertNotIn("Hidden plan", page)
        self.assertEqual(count_promises()["overdue"], 0)
