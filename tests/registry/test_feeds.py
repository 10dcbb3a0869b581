"""Every list has an Atom feed at `feed/` below it; derived from the addresses of the site."""

import xml.etree.ElementTree as ET

from django.conf import settings
from django.urls import reverse

from discussions.threads.actions import start_thread
from registry.core.subjects import Subject
from tests.security.test_permissions import table
from tests.security.world import WorldTestCase, patterns

ATOM = "{http://www.w3.org/2005/Atom}"
# Pages that everyone may open and that list nothing which grows; a new page stands here or has a feed.
NOT_LISTS = {
    "claims:detail": "stands in the feed of claims", "disclosures:authors": "of one entry; its feed tells of changes",
    "access:programme": "a part of its entry, whose feed tells of it",
    "finding:compare": "made of what is asked for", "finding:precedents": "made of what is asked for",
    "samples:sets": "a part of its entry", "samples:samples": "a file, leaf by leaf", "releases:ledger": "a table",
    "clock:board": "sums over entries", "clock:curve_csv": "a file", "clock:rows_csv": "a file",
    "mail_in:by_link": "a letter of one's own", "letters:detail": "stands in the feed of letters",
    "home": "shows what other lists hold",
    "healthz": "no page", "readyz": "no page", "robots": "no page", "favicon": "no page", "download": "a file",
    "api": "words about the API",
    "releases:card": "a text", "releases:badge": "a picture", "releases:content": "a revision as JSON",
    "releases:revision": "never changes", "releases:diff": "never changes", "releases:compare": "leads elsewhere",
    "exchange:exports": "never changes", "exchange:download": "a file", "exchange:losses": "never changes",
    "norms:version": "never changes", "norms:diff": "never changes",
    "analyses:run": "ends, and stands in the feed of runs then",
    "threads:comment": "leads to its thread", "threads:history": "of one comment; its edits are in the thread's feed",
    "threads:json": "a copy of a thread", "threads:mbox": "a copy of a thread",
    "threads:search": "has the feed of all discussions, and a search of the whole site can be followed",
    "disclosures:of_comment": "of one comment", "moderation:rules": "a text", "moderation:figures": "sums of the log",
    "moderation:decision": "stands in the log, which has one", "notifications:unsubscribe": "a button",
    "workshops:session": "stands in the feed of its workshop",
}  # fmt: skip


def public_pages():
    return [row["name"] for row in table() if row["method"] == "GET" and row["published"] == "everyone"
            and not row["address"].startswith(("/api/v1/", "/accounts/"))]  # fmt: skip


class EveryListTests(WorldTestCase):
    def test_has_a_feed_below_it_or_is_said_to_be_none(self):
        routes = {name: route for name, route, _ in patterns()}
        feeds = {route for route in routes.values() if route.endswith("feed/")}
        pages = [name for name in public_pages() if routes[name] not in feeds]

        without = {name for name in pages if f"{routes[name]}feed/" not in feeds}

        self.assertEqual(without, set(NOT_LISTS), "Give a new list a feed, or name a new page in NOT_LISTS and why.")
        self.assertEqual({route.removesuffix("feed/") for route in feeds} - set(routes.values()), set())

    def test_and_each_is_a_true_one_that_its_page_leads_to(self):
        routes = {name: route for name, route, _ in patterns()}
        names = {route: name for name, route in routes.items()}
        checked = 0
        for name in public_pages():
            feed = names.get(f"{routes[name]}feed/")
            if feed is None:
                continue
            with self.subTest(page=name):
                key, query = self.key(name), "?q=lamp" if name == "search:search" else ""
                page, address = reverse(name, kwargs=key) + query, reverse(feed, kwargs=key) + query
                self.assertContains(self.as_().get(page), f'href="{address}"')
                answer = self.as_().get(address)
                self.assertEqual(answer["Content-Type"].split(";")[0], "application/atom+xml")
                told = ET.fromstring(answer.content)  # noqa: S314 - our own answer
                links = {link.get("rel"): link.get("href") for link in told.findall(f"{ATOM}link")}
                self.assertEqual(links["alternate"], settings.BASE_URL + page)
                checked += 1
        self.assertGreaterEqual(checked, 20)


class NarrowedFeedTests(WorldTestCase):
    def titles(self, address):
        told = ET.fromstring(self.as_().get(address).content)  # noqa: S314 - our own answer
        return [entry.findtext(f"{ATOM}title") for entry in told.findall(f"{ATOM}entry")]

    def test_of_discussions_of_one_subject_holds_those_alone(self):
        feeds = "/threads/feed/?subject=norm:N-1", "/threads/feed/?subject=release:invented-lab/lamp", "/threads/feed/"
        before = [len(self.titles(feed)) for feed in feeds]

        start_thread(self.norm.subject, "Of the norm", "Words.", self.ida)

        of_norm, of_entry, of_all = (len(self.titles(feed)) for feed in feeds)
        self.assertEqual([of_norm, of_entry], [before[0] + 1, before[1]])
        self.assertGreater(of_all, of_norm)
        for ref in ("norm:N-99", "release:invented-lab/hidden-lantern"):
            self.assertEqual(self.as_().get("/threads/feed/", {"subject": ref}).status_code, 404)

    def test_of_a_search_holds_what_is_new_about_its_matches(self):
        found = self.titles("/search/feed/?q=invented+norm")

        self.assertIn("Mo Example published version 2 of N-1 Invented norm", found)
        self.assertFalse([title for title in found if "Spring" in title])
        self.assertEqual(self.titles("/search/feed/?q="), [])
        self.assertEqual(self.titles("/search/feed/"), [])

    def test_of_a_search_never_tells_of_drafts_or_of_what_is_hidden(self):
        self.assertEqual(self.titles("/search/feed/?q=hidden+lantern"), [])
        self.assertIn("Mo Example opened Spring", self.titles("/search/feed/?q=spring"))
        Subject.objects.filter(pk=self.workshop.subject_id).update(hidden=True)

        self.assertNotIn("Mo Example opened Spring", self.titles("/search/feed/?q=spring"))

    def test_of_the_history_of_an_entry_holds_its_revisions(self):
        self.assertEqual(
            self.titles("/releases/invented-lab/lamp/history/feed/"),
            ["Lamp, revision 3", "Lamp, revision 2", "Lamp, revision 1"],
        )
        self.assertEqual(self.as_(self.ada).get("/releases/invented-lab/hidden-lantern/history/feed/").status_code, 404)
