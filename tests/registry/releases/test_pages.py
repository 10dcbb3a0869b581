"""The pages of entries, for readers and for those who write: without script, with a plain browser."""

import re
from unittest import mock

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.core.canonical import canonical_json
from registry.core.rules import allows
from registry.core.subjects import Subject
from registry.labs.models import Lab
from registry.releases import listing
from registry.releases.actions import attach_card, begin_entry, publish, save_draft
from registry.releases.models import Entry
from registry.releases.page import _letter
from tests.people import CONTENT, PlatformTestCase
from tests.registry.releases.contents import gpt2

LAMP = "/releases/invented-lab/lamp/"


class VisitorTests(PlatformTestCase):
    def test_get_a_page_that_their_browser_may_keep_until_it_says_something_else(self):
        for address in ("/", "/releases/", "/releases/invented-lab/lamp/"):
            first = self.client.get(address)
            assert first["Cache-Control"] == "public, no-cache" and "Cookie" in first["Vary"], address
            again = self.client.get(address, headers={"if-none-match": first["ETag"]})
            assert (again.status_code, again.content) == (304, b""), address
        save_draft(self.entry, CONTENT | {"title": "Lamp, reworded"}, by=self.ada)
        publish(self.entry, by=self.ada, justification="Another title.")
        changed = self.client.get(address, headers={"if-none-match": first["ETag"]})
        assert (changed.status_code, "Lamp, reworded" in changed.content.decode()) == (200, True)

    def test_do_not_share_it_with_whoever_is_signed_in(self):
        page = self.as_(self.ada).get("/releases/invented-lab/lamp/")
        assert "ETag" not in page and "public" not in page["Cache-Control"]


class EntryPageTests(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.curated = begin_entry(cls.lab, "gpt-2", by=cls.mo, content=gpt2(), origin="third_party")
        publish(cls.curated, by=cls.mo)

    def test_the_first_screen_says_what_why_since_when_and_by_whom(self):
        page = self.as_().get("/releases/invented-lab/gpt-2/").content.decode()
        head = page[page.index('class="head"') : page.index("</header>", page.index('class="head"'))]

        for said in (
            "GPT-2",
            "curated by third parties",
            "1 source",
            "Staged: the largest weights were withheld for 264 days",
            "As the sources tell it.",
            "revision 1",
            "history",
            "cite",
            "feed",
            "JSON",
        ):
            self.assertIn(said, head)

    def test_the_why_is_the_stated_reason_and_nothing_else(self):
        stage = CONTENT["stages"][0] | {"rationale": "Everything at once."}
        publish(self.draft("plain", rationale="", stages=[stage]), by=self.ada)
        publish(self.draft("said", rationale="It was **cheap**.[^1] It was fast.\n\n[^1]: So they say."), by=self.ada)

        page = self.as_().get("/releases/invented-lab/plain/")
        self.assertContains(page, '<span class="quiet">Why:</span> no reason is stated.')
        self.assertContains(self.as_().get("/releases/invented-lab/said/"), "Why:</span> It was cheap.</p>")

    def test_the_footnotes_of_a_text_are_letters_since_numbers_are_sources(self):
        said = "One.[^1] Two.[^2] One again.[^1]\n\n[^1]: A note.\n[^2]: Another."
        publish(self.draft("noted", rationale=said), by=self.ada)

        page = self.as_().get("/releases/invented-lab/noted/").content.decode()

        self.assertEqual(re.findall(r'class="footnote-ref"[^>]*>([^<]+)</a>', page), ["a", "b", "a"])
        self.assertEqual(page.count('<ol type="a">'), 1)
        self.assertEqual([_letter(n) for n in (1, 26, 27, 52, 53, 703)], ["a", "z", "aa", "az", "ba", "aaa"])

    def test_the_timeline_is_a_picture_with_a_table_as_its_text(self):
        page = self.as_().get("/releases/invented-lab/gpt-2/").content.decode()

        self.assertEqual(page.count('<svg class="timeline'), 2)
        table = page[page.index("The same as a table") :]
        for said in ("14 February 2019", "5 November 2019", "22 August 2019", "Replication"):
            self.assertIn(said, table)

    def test_marks_what_has_no_source_on_curated_entries_only(self):
        self.assertContains(self.as_().get("/releases/invented-lab/gpt-2/"), 'class="unsourced"')
        self.assertNotContains(self.as_().get(LAMP), 'class="unsourced"')

    def test_tells_machines_the_same(self):
        page = self.as_().get(LAMP).content.decode()

        for said in ('rel="canonical"', "/api/v1/releases/invented-lab/lamp", f"{LAMP}feed/", 'property="og:title"',
                     '"@context": "https://schema.org"', "@misc{daylight-invented-lab-lamp-r1"):  # fmt: skip
            self.assertIn(said, page)

    def test_no_text_breaks_out_of_the_page(self):
        evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
        fields = {
            "title": evil,
            "summary": evil,
            "rationale": evil,
            "links": [{"title": evil, "url": "https://example.org/"}],
            "concerns": [{"concern": evil, "mitigation": evil}],
            "alternatives": [{"alternative": evil, "why_not": evil}],
            "sources": [{"key": "a", "title": evil, "note": evil}],
            "events": [{"date": "2024", "text": evil, "kind": "leak"}],
        }
        entry = self.draft(slug="evil", **fields)
        publish(entry, by=self.ada)
        save_draft(entry, CONTENT | fields | {"summary": evil + evil}, by=self.ada)
        publish(entry, by=self.ada, justification=evil)

        base = "/releases/invented-lab/evil/"
        for path in (
            base,
            f"{base}r/2/",
            f"{base}history/",
            f"{base}diff/1..2/",
            f"{base}badge.svg",
            "/releases/",
            "/",
            f"{base}edit/",
            f"{base}publish/",
            f"{base}feed/",
            "/releases/feed/",
        ):
            page = self.as_(self.ada).get(path)
            self.assertEqual(page.status_code, 200, path)
            self.assertNotIn("<script>alert", page.content.decode(), path)
            self.assertNotIn("<img src=x", page.content.decode(), path)

    def test_costs_a_few_queries_however_much_it_says(self):
        with self.assertNumQueries(queries_of(self, LAMP)):
            self.as_().get("/releases/invented-lab/gpt-2/")
        self.assertLessEqual(queries_of(self, LAMP), 11)

    def test_two_revisions_are_compared_where_there_are_two(self):
        self.assertRedirects(self.as_().get(f"{LAMP}diff/"), f"{LAMP}history/")
        self.assertNotContains(self.as_().get(f"{LAMP}history/"), "Show what changed")
        for number in (2, 3):
            save_draft(self.entry, CONTENT | {"summary": f"Summary {number}."}, by=self.ada)
            publish(self.entry, by=self.ada, justification="So.")

        self.assertRedirects(self.as_().get(f"{LAMP}diff/"), f"{LAMP}diff/2..3/")
        self.assertRedirects(self.as_().get(f"{LAMP}diff/?before=1&after=3"), f"{LAMP}diff/1..3/")
        for query in ("?before=1", "?before=x&after=1", "?before=1&after=9"):
            self.assertEqual(self.as_().get(f"{LAMP}diff/{query}", follow=True).status_code, 404, query)
        self.assertContains(self.as_().get(f"{LAMP}history/"), "<option selected>2</option>")

    def test_a_draft_is_seen_by_the_lab_alone(self):
        self.draft()
        path = "/releases/invented-lab/draft/"

        self.assertContains(self.as_(self.bo).get(path), "Only members of Invented Lab can see it.")
        for person in (None, self.eve, self.mo):
            for more in ("", "history/", "r/1/", "diff/1..1/", "card/", "badge.svg", "feed/"):
                self.assertEqual(self.as_(person).get(path + more).status_code, 404, more)
        for page in ("/", "/releases/", "/releases/feed/"):
            self.assertNotContains(self.as_(self.eve).get(page), "/draft/")

    def test_what_is_not_there_is_not_found(self):
        for path in (
            "nobody/lamp/",
            "invented-lab/nothing/",
            "invented-lab/lamp/r/2/",
            "invented-lab/lamp/r/0/",
            f"invented-lab/lamp/r/{9**40}/",
            "invented-lab/lamp/diff/1..2/",
            "invented-lab/lamp/diff/?before=x&after=1",
            "invented-lab/lamp/card/",
            "?after=zz",
        ):
            self.assertEqual(self.as_().get(f"/releases/{path}").status_code, 404, path)


def queries_of(case, path):
    with CaptureQueriesContext(connection) as queries:
        case.as_().get(path)
    return len(queries)


class ListTests(PlatformTestCase):
    def test_costs_one_query_for_one_row_and_for_many_and_another_where_some_are_new(self):
        with self.assertNumQueries(2):
            self.as_().get("/releases/")
        with self.assertNumQueries(1):
            self.as_().get("/releases/")
        for number in range(6):
            publish(self.draft(slug=f"lamp-{number}", title=f"Lamp {number}"), by=self.ada)
        with self.assertNumQueries(2):
            self.assertContains(self.as_().get("/releases/"), "Lamp 5")
        with self.assertNumQueries(1):
            self.assertContains(self.as_().get("/releases/"), "Lamp 5")

    def test_shows_all_rows_where_few_are_kept(self):
        for number in range(6):
            publish(self.draft(slug=f"lamp-{number}", title=f"Lamp no. {number}"), by=self.ada)
        with mock.patch.object(listing, "MOST", 3):
            for _ in range(3):
                page = self.as_().get("/releases/").content.decode()
                self.assertEqual(len(re.findall('<h2><a href="/releases/invented-lab/', page)), 7)
                listing._kept.pop(min(listing._kept))

    def test_shows_each_row_as_it_is_now(self):
        self.assertContains(self.as_().get("/releases/"), LAMP)
        Subject.objects.filter(pk=self.entry.subject_id).update(comment_count=7, open_concerns=1)
        Lab.objects.filter(pk=self.lab.pk).update(name="Renamed Lab")
        Entry.objects.filter(pk=self.entry.pk).update(disputed=3)
        page = self.as_().get("/releases/")
        for said in ("7 comments", "1 open concern<", "Renamed Lab", "3 facts disputed"):
            self.assertContains(page, said)
        save_draft(self.entry, CONTENT | {"title": "Lantern"}, by=self.ada)
        publish(self.entry, by=self.ada, justification="Another name.")
        self.assertContains(self.as_().get("/releases/"), "Lantern")

    def test_reads_newest_decision_first_page_by_page(self):
        for number in range(35):
            stages = [CONTENT["stages"][0] | {"date": f"2020-01-{number % 28 + 1:02d}"}]
            publish(self.draft(slug=f"lamp-{number}", title=f"Lamp no. {number:02d}", stages=stages), by=self.ada)

        first = self.as_().get("/releases/").content.decode()
        older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
        second = self.as_().get(f"/releases/{older}").content.decode()

        slugs = re.findall(r'<h2><a href="/releases/invented-lab/([^/]+)/">', first + second)
        self.assertEqual(slugs[0], "lamp")
        self.assertEqual((len(slugs), len(set(slugs))), (36, 36))

    def test_is_narrowed_by_word_and_kind(self):
        self.assertContains(self.as_().get("/releases/?kind=model"), LAMP)
        self.assertNotContains(self.as_().get("/releases/?kind=dataset"), LAMP)
        self.assertContains(self.as_().get("/releases/?word=odd"), "No decision fits all of this.")

    def test_the_front_page_says_what_this_is_and_lists_decisions(self):
        page = self.as_().get("/")

        self.assertContains(page, "public register of those decisions")
        self.assertContains(page, LAMP)

    def test_feeds_are_atom_and_absolute(self):
        for path in ("/releases/feed/", f"{LAMP}feed/"):
            feed = self.as_().get(path)
            self.assertContains(feed, f"{settings.BASE_URL}/releases/invented-lab/lamp/r/1/")
            self.assertTrue(feed["Content-Type"].startswith("application/atom+xml"))


class RevisionPageTests(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        changed = CONTENT | {"summary": "A small invented model, released in two steps."}
        save_draft(cls.entry, changed, by=cls.ada)
        publish(cls.entry, by=cls.ada, justification="It was two steps.")

    def test_stays_what_it_was_and_leads_to_the_current_one(self):
        page = self.as_().get(f"{LAMP}r/1/")

        for said in (
            "released in one step",
            self.entry.revisions.get(number=1).digest,
            "the current one is",
            f"{LAMP}diff/1..2/",
        ):
            self.assertContains(page, said)

    def test_its_canonical_json_can_be_downloaded(self):
        response = self.as_().get(f"{LAMP}r/1/content.json")

        self.assertEqual(response.content, canonical_json(self.entry.revisions.get(number=1).content))
        self.assertIn("attachment", response["Content-Disposition"])

    def test_the_difference_reads_as_mark_up_both_ways(self):
        self.assertContains(self.as_().get(f"{LAMP}diff/1..2/"), "<del>one step</del><ins>two steps</ins>")
        self.assertContains(self.as_().get(f"{LAMP}diff/2..1/"), "<del>two steps</del><ins>one step</ins>")
        self.assertContains(self.as_().get(f"{LAMP}diff/2..2/"), "The two say the same.")

    def test_the_history_gives_each_reason_and_compares_any_two(self):
        page = self.as_().get(f"{LAMP}history/")

        self.assertContains(page, "It was two steps.")
        response = self.as_().get(f"{LAMP}diff/?before=1&after=2")
        self.assertRedirects(response, f"{LAMP}diff/1..2/")


class CardOfADraftTests(PlatformTestCase):
    def download(self, user):
        return [
            self.as_(user).get(f"/files/{self.card.pk}/").status_code,
            self.api(user).get(f"/api/v1/files/{self.card.pk}").status_code,
        ]

    def test_is_for_whoever_may_read_the_draft_and_for_nobody_else(self):
        draft = self.draft()
        self.card = self.file("# Draft\n")
        self.assertEqual(self.download(self.bo), [404, 404])

        attach_card(draft, self.card, by=self.ada)
        self.assertEqual([self.download(p) for p in (self.ada, self.bo)], [[200, 200]] * 2)
        self.assertEqual([self.download(p) for p in (None, self.eve, self.mo)], [[404, 404]] * 3)

        self.lab.memberships.filter(user=self.bo).delete()
        self.assertEqual(self.download(self.bo), [404, 404])

    def test_of_the_next_revision_is_for_those_who_edit(self):
        self.card = self.file("# Next\n")
        attach_card(self.entry, self.card, by=self.ada)
        self.assertEqual(self.download(self.bo), [404, 404])

        self.lab.memberships.filter(user=self.bo).update(role="editor")
        self.assertEqual(self.download(self.bo), [200, 200])

    def test_of_a_curated_draft_is_for_its_curator_alone(self):
        curated = begin_entry(self.lab, "seen", by=self.mo, content=CONTENT, origin="third_party")
        self.card = self.file("# Seen\n", by=self.mo)
        attach_card(curated, self.card, by=self.mo)

        self.assertEqual(self.download(self.mo), [200, 200])
        self.assertEqual([self.download(p) for p in (self.ada, self.bo)], [[404, 404]] * 2)

    def test_that_the_store_lost_is_a_page_that_says_so(self):
        card = self.file("# Lost\n")
        attach_card(self.entry, card, by=self.ada)
        publish(self.entry, by=self.ada, justification="A card.")
        default_storage.delete(card.key)

        lamp = "/releases/invented-lab/lamp/"
        for address in (f"/files/{card.pk}/", f"{lamp}card/", f"{lamp}prefill/"):
            page = self.as_(self.ada).get(address)
            self.assertContains(page, "The file card.md is no longer in the store of this site.", status_code=410)
        self.assertEqual(self.as_().get(lamp).status_code, 200)


class RuleTests(PlatformTestCase):
    def test_what_lists_show_is_what_may_be_opened(self):
        self.draft()
        for slug in ("seen", "seen-too"):
            curated = begin_entry(self.lab, slug, by=self.mo, content=CONTENT, origin="third_party")
        publish(curated, by=self.mo)

        for person in (self.ada, self.bo, self.mo, self.eve, AnonymousUser()):
            listed = set(Entry.objects.visible_to(person))
            self.assertEqual(listed, {e for e in Entry.objects.all() if allows(person, "releases.see", e)}, person)
            opened = {e for e in Entry.objects.all() if self.opens(person, e)}
            self.assertEqual(listed, opened, person)
            edited = {e for e in Entry.objects.all() if allows(person, "releases.edit", e)}
            self.assertEqual(set(Entry.objects.editable_by(person)), edited, person)

    def opens(self, person, entry):
        browser = self.as_(person if person.is_authenticated else None)
        return browser.get(entry.get_absolute_url()).status_code == 200


class WeightTests(PlatformTestCase):
    """Lists bring what they show, and not whole drafts or what search finds things by."""

    def statements(self, client, address):
        with CaptureQueriesContext(connection) as caught:
            self.assertEqual(client.get(address).status_code, 200)
        return [query["sql"] for query in caught]

    def test_of_lists_of_entries_and_events_has_no_drafts_and_no_search_text(self):
        self.draft(title="Unpublished lantern")
        for client in (self.as_(), self.as_(self.ada), self.api(self.ada)):
            for address in ("/releases/", "/labs/invented-lab/", "/activity/", "/activity/feed/", "/releases/feed/",
                            "/api/v1/releases", "/api/v1/events", "/api/v1/revisions"):  # fmt: skip
                for sql in self.statements(client, address):
                    self.assertNotIn('"registry_entry"."draft",', sql, address)
                    of_subjects = re.sub(r'"discussions_\w+"\."\w+"', "", sql)  # a subscription has words of its own
                    self.assertNotRegex(of_subjects, r'"\."(text|words)"', address)
        rows = self.api(self.ada).get("/api/v1/releases").json()["results"]
        self.assertEqual({row["title"] for row in rows}, {"Unpublished lantern", "Lamp"})
        self.assertContains(self.as_(self.ada).get("/labs/invented-lab/"), "Unpublished lantern")
