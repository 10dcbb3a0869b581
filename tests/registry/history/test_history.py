"""Events, activity and feeds."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings

from registry.history.models import Event
from registry.history.phrases import PHRASES, in_words
from registry.history.recording import record, recorded
from registry.norms.actions import declare
from tests.people import PlatformTestCase
from tests.shared import ROOT

ATOM = "{http://www.w3.org/2005/Atom}"


class RecordTests(PlatformTestCase):
    def test_tells_listeners_within_the_act(self):
        heard = []

        def listen(event, **_):
            heard.append((event.verb, event.pk))

        recorded.connect(listen, dispatch_uid="test-listen")
        try:
            event = record("lab.changed", self.lab.subject, by=self.ada)
        finally:
            recorded.disconnect(dispatch_uid="test-listen")

        self.assertEqual(heard, [("lab.changed", event.pk)])

    def test_every_verb_of_the_tree_has_its_words(self):
        verbs = set()
        for path in [*ROOT.glob("registry/**/actions.py"), *ROOT.glob("discussions/**/actions.py")]:
            verbs |= set(re.findall(r'"((?:[a-z]+)\.[a-z_]+)"', path.read_text()))
        known = {v for v in verbs if v.split(".")[0] in {p.split(".")[0] for p in PHRASES}}

        files = ROOT.glob("*/**/rules.py")
        rules = {name for path in files for name in re.findall(r'@rule\("([^"]+)"', path.read_text())}
        self.assertGreater(len(known), 20)
        self.assertGreater(len(rules), 20)
        self.assertEqual(sorted(v for v in known - rules if v not in PHRASES), [])

    def test_unknown_verb_is_shown_as_itself(self):
        self.assertEqual(in_words(Event(verb="lamp.was_lit", data={})), "lamp was lit:")


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        record("lab.changed", None, by=None)


class ActivityTests(PlatformTestCase):
    def test_shows_public_acts_to_everyone_and_private_ones_to_their_author(self):
        self.draft(title="Secret lantern")

        self.assertNotContains(self.as_().get("/activity/"), "Secret lantern")
        self.assertNotContains(self.as_(self.eve).get("/activity/"), "Secret lantern")
        self.assertContains(self.as_(self.ada).get("/activity/"), "Secret lantern")
        refs = {e["subject"] for e in self.api().get("/api/v1/events?limit=200").json()["results"]}
        self.assertIn("release:invented-lab/lamp", refs)
        self.assertNotIn("release:invented-lab/draft", refs)

    def test_api_pages_by_cursor_and_refuses_unknown_parameters(self):
        first = self.api().get("/api/v1/events?limit=2").json()
        second = self.api().get(first["next"]).json()

        self.assertEqual((len(first["results"]), len(second["results"])), (2, 2))
        self.assertFalse({e["id"] for e in first["results"]} & {e["id"] for e in second["results"]})
        for query in ("colour=red", "limit=0", "limit=201", "limit=x", "cursor=!!!"):
            answer = self.api().get(f"/api/v1/events?{query}")
            self.assertEqual((answer.status_code, answer["Content-Type"]), (400, "application/problem+json"), query)

    def test_costs_the_same_queries_for_any_number_of_events(self):
        with self.assertNumQueries(1):
            self.as_().get("/activity/")


class FeedTests(PlatformTestCase):
    PATHS = (
        "/activity/feed/",
        "/releases/feed/",
        "/labs/feed/",
        "/labs/invented-lab/feed/",
        "/norms/feed/",
        "/norms/N-1/feed/",
        "/norms/N-1/c/1/feed/",
        "/matrix/feed/",
        "/workshops/feed/",
        "/people/ada/feed/",
        "/runs/feed/",
        "/releases/invented-lab/lamp/feed/",
    )

    def test_are_valid_atom_with_addresses_of_this_site(self):
        declare(self.entry, self.clause, stance="adheres", by=self.ada)
        for path in self.PATHS:
            with self.subTest(path=path):
                answer = self.as_().get(path, HTTP_HOST="127.0.0.1")
                self.assertEqual(answer.status_code, 200)
                feed = ET.fromstring(answer.content)  # noqa: S314 - our own answer
                self.assertEqual(feed.tag, f"{ATOM}feed")
                for link in feed.findall(f"{ATOM}entry/{ATOM}link"):
                    self.assertTrue(link.get("href").startswith(settings.BASE_URL + "/"), link.get("href"))

    def test_hold_any_text_as_valid_xml(self):
        self.lab.subject.title = "A <lab> & \x0b\ud800".encode("utf-8", "ignore").decode()
        self.lab.subject.save()

        ET.fromstring(self.as_().get("/labs/feed/").content)  # noqa: S314 - our own answer
