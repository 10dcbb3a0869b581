"""The heads of lasting pages: where their JSON and feed are, and what they tell machines."""

import json
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from tests.security.world import WorldTestCase

# Kinds of lasting pages → the schema.org type of what they are about.
PAGES = {
    "labs:detail": "Organization",
    "accounts:person": "Person",
    "releases:detail": "Report",
    "releases:revision": "Report",
    "norms:detail": "CreativeWork",
    "norms:version": "CreativeWork",
    "norms:clause": "CreativeWork",
    "workshops:detail": "Event",
    "workshops:session": "Event",
}
CITED = ("releases:detail", "releases:revision", "norms:version")
TYPES = {"application/json": "application/json", "application/atom+xml": "application/atom+xml"}


class Head(HTMLParser):
    """The links, properties and JSON-LD of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.properties, self.blocks, self.in_block = [], {}, [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.in_block = tag == "script" and found.get("type") == "application/ld+json"
        if tag == "link":
            self.links.append(found)
        if tag == "meta" and "property" in found:
            self.properties[found["property"]] = found["content"]

    def handle_data(self, data):
        if self.in_block:
            self.blocks.append(json.loads(data))
            self.in_block = False

    def of(self, relation):
        return [link for link in self.links if link.get("rel") == relation]


class HeadTests(WorldTestCase):
    def pages(self):
        for name, schema_type in PAGES.items():
            path = reverse(name, kwargs=self.key(name))
            with self.subTest(page=name):
                answer = self.as_().get(path)
                self.assertEqual(answer.status_code, 200)
                yield name, path, schema_type, Head(answer.content.decode())

    def test_lead_to_json_and_feed_which_are_what_they_say(self):
        for _, _, _, head in self.pages():
            kinds = [link["type"] for link in head.of("alternate")]
            self.assertEqual(sorted(kinds), sorted(TYPES))
            for link in head.of("alternate"):
                answer = self.as_().get(link["href"])
                self.assertEqual(answer.status_code, 200, link)
                self.assertEqual(answer["Content-Type"].split(";")[0], link["type"], link)
                self.assertTrue(link["title"])

    def test_name_one_address_everywhere(self):
        for _, path, _, head in self.pages():
            self.assertEqual([link["href"] for link in head.of("canonical")], [settings.BASE_URL + path])
            self.assertEqual(head.properties["og:url"], settings.BASE_URL + path)
            self.assertEqual(head.blocks[0]["@id"], settings.BASE_URL + path)

    def test_hold_one_block_of_json_ld_without_empty_facts(self):
        for _, path, schema_type, head in self.pages():
            self.assertEqual(len(head.blocks), 1)
            facts = head.blocks[0]
            self.assertEqual((facts["@context"], facts["@type"]), ("https://schema.org", schema_type))
            self.assertTrue(facts["name"])
            self.assertEqual([name for name, value in facts.items() if value in (None, "", [], {})], [])
            self.assertEqual(urlsplit(facts["url"]).path, path)

    def test_tell_open_graph_what_stands_on_the_page(self):
        for name, _, _, head in self.pages():
            self.assertEqual(head.properties["og:site_name"], "Daylight")
            self.assertIn(head.properties["og:type"], {"article", "website", "profile"})
            self.assertTrue(head.properties["og:title"], name)

    def test_events_say_when_they_are(self):
        heads = {name: head.blocks[0] for name, _, _, head in self.pages()}

        self.assertEqual(heads["workshops:detail"]["startDate"], "2030-05-01")
        self.assertEqual(heads["workshops:session"]["startDate"], "2030-05-01T09:00:00+00:00")
        self.assertEqual(heads["workshops:session"]["superEvent"]["name"], "Spring")

    def test_what_never_changes_says_how_to_cite_it(self):
        for name in CITED:
            with self.subTest(page=name):
                path = reverse(name, kwargs=self.key(name))
                self.assertContains(self.as_().get(path), "@misc{daylight-")
        version = self.as_().get("/norms/N-1/v/1/").content.decode()
        self.assertIn("Daylight contributors. N-1 Invented norm, version 1. Daylight, ", version)
        self.assertIn(f"{settings.BASE_URL}/norms/N-1/v/1/</p>", version)

    def test_no_text_breaks_out(self):
        type(self.lab).objects.update(about="</script><script>alert(1)</script>", homepage='https://example.org/"><b>')

        answer = self.as_().get("/labs/invented-lab/").content.decode()

        self.assertNotIn("<script>alert", answer)
        self.assertEqual(Head(answer).blocks[0]["description"], "</script><script>alert(1)</script>")

    def test_a_draft_is_announced_nowhere(self):
        answer = self.as_(self.ada).get("/releases/invented-lab/hidden-lantern/").content.decode()

        self.assertEqual((Head(answer).blocks, Head(answer).of("alternate"), Head(answer).properties), ([], [], {}))
        self.assertIn('content="noindex"', answer)

    def test_a_person_is_told_of_without_an_address(self):
        self.assertNotIn("@example.org", self.as_().get("/people/ida/").content.decode())
