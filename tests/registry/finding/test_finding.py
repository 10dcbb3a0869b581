"""Lists narrowed by facets, decisions side by side, and decisions like one."""

import re
from datetime import date

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from registry.core.subjects import Subject
from registry.finding.precedents import precedents
from registry.norms.actions import declare
from registry.promises.models import Promise
from registry.releases.actions import begin_entry, publish, save_draft, take_from_view
from registry.releases.facets import facets
from registry.releases.models import Entry
from registry.replications.actions import report_replication
from tests.people import PlatformTestCase
from tests.registry.releases import contents

TITLE = re.compile(r'<h2><a href="/releases/[^"]+">([^<]+)</a></h2>')

TODAY = date(2026, 1, 1)


def stages_of(*parts, since="2020-03-01"):
    return [contents.stage(since, *parts)]


class Case(PlatformTestCase):
    """Lamp: weights for everybody. Torch: weights by form, code for everybody, since 2020. Gloom: all kept."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        code = contents.part("inference_code", contents.OPEN)
        cls.torch = cls.published("torch", "Torch", stages_of(contents.part("weights_final", contents.BY_FORM), code))
        cls.gloom = cls.published(
            "gloom", "Gloom", stages_of(contents.part("weights_final", contents.CLOSED), since="2021")
        )

    @classmethod
    def published(cls, slug, title, stages):
        entry = begin_entry(cls.lab, slug, by=cls.ada, content=contents.entry(title, stages))
        publish(entry, by=cls.ada)
        return entry

    def listed(self, query):
        """The titles on the page, which the API and the feed of the same selection have as well."""
        page = self.client.get(f"/releases/?{query}")
        assert page.status_code == 200
        titles = TITLE.findall(page.content.decode())
        if not {"q", "sort"} & set(QueryDict(query)):
            in_api = self.client.get(f"/api/v1/releases?{query}").json()["results"]
            assert {row["title"] for row in in_api} == set(titles), query
        feed = self.client.get(f"/releases/feed/?{query}").content.decode()
        assert {title for title in ("Lamp", "Torch", "Gloom") if f"<title>{title}, revision" in feed} == set(titles)
        return titles


class FacetTests(Case):
    def test_are_those_of_one_line_each_alone_and_together(self):
        content = contents.entry("One", stages_of(contents.part("weights_final", contents.BY_FORM)))
        assert facets(content, TODAY) == sorted([
            "component=weights_final", "mode=downloadable", "gate=application_manual",
            "component=weights_final&mode=downloadable", "component=weights_final&gate=application_manual",
            "mode=downloadable&gate=application_manual",
            "component=weights_final&mode=downloadable&gate=application_manual",
        ])  # fmt: skip

    def test_tell_what_holds_today_and_neither_what_was_nor_what_is_planned(self):
        first = contents.stage("2019-01", contents.part("weights_final", contents.CLOSED))
        second = contents.stage("2019-06", contents.part("weights_final", contents.OPEN))
        ahead = contents.stage("", contents.part("training_data", contents.OPEN), status="planned", due="2030")
        found = facets(contents.entry("Two", [first, second, ahead]), TODAY)

        assert "component=weights_final&mode=downloadable" in found
        assert not [token for token in found if "fully_closed" in token or "training_data" in token]

    def test_hold_no_leak_which_the_comparison_calls_by_its_name(self):
        kept = contents.stage("2023-02", contents.part("weights_final", contents.BY_FORM))
        leak = contents.stage("2023-03", contents.part("weights_final", contents.OPEN), basis="unauthorised")
        torn = self.published("torn", "Torn", [kept, leak])

        assert not [token for token in torn.facets if "gate=none" in token]
        page = self.client.get("/releases/compare/?entry=invented-lab/torn&entry=invented-lab/lamp").content.decode()
        assert "Came out against the decision, Downloadable" in page


class ListTests(Case):
    def test_narrows_by_each_and_by_several_at_once(self):
        assert self.listed("mode=fully_closed") == ["Gloom"]
        assert self.listed("component=weights_final&mode=downloadable") == ["Lamp", "Torch"]
        assert self.listed("component=weights_final&gate=none") == ["Lamp"]  # Torch's open code is no open weights
        assert self.listed("component=inference_code&gate=none") == ["Torch"]
        assert self.listed("year=2020") == ["Torch"]
        assert self.listed("lab=invented-lab&word=withheld") == ["Gloom"]
        assert self.listed("q=torch") == ["Torch"]
        assert self.listed("q=torch&mode=fully_closed") == []

    def test_narrows_by_what_later_acts_say_of_an_entry(self):
        declare(self.torch, self.clause, stance="adheres", by=self.ada)
        declare(self.gloom, self.clause, stance="does_not", reason="It is kept.", by=self.ada)
        Entry.objects.filter(pk=self.gloom.pk).update(disputed=1)
        due = {"lab": self.lab, "revision": 1, "changed_at": "2026-01-01T00:00Z"}
        for entry, state, day in ((self.torch, "open", "2021-01-01"), (self.gloom, "kept", "2021-01-01")):
            Promise.objects.create(entry=entry, identity="x", state=state, day=day, **due)

        assert self.listed("norm=N-1") == ["Torch"]
        assert self.listed("disputed=true") == ["Gloom"]
        assert self.listed("overdue=true") == ["Torch"]

    def test_is_read_in_other_orders_page_by_page(self):
        assert self.listed("sort=title") == ["Gloom", "Lamp", "Torch"]
        save_draft(self.entry, self.entry.draft | {"summary": "Changed."}, by=self.ada)
        publish(self.entry, by=self.ada, justification="A word.")
        assert self.listed("sort=changed") == ["Lamp", "Gloom", "Torch"]
        place = f"{self.entry.title}~{self.entry.pk}"
        after = self.client.get("/releases/", {"sort": "title", "after": place})
        assert TITLE.findall(after.content.decode()) == ["Torch"]

    def test_says_what_was_chosen_and_how_to_take_it_out(self):
        page = self.client.get("/releases/?mode=hosted&year=2020&sort=title").content.decode()

        assert "No decision fits all of this" in page
        assert 'href="?year=2020&amp;sort=title">take out<span class="vh"> Mode: Hosted<' in page
        assert 'href="/releases/feed/?mode=hosted&amp;year=2020"' in page

    def test_says_what_is_wrong_with_what_was_typed(self):
        for query, said in (("year=20", "four digits"), ("norm=first", "such as N-1"), ("mode=secret", "not one of")):
            page = self.client.get(f"/releases/?{query}")
            assert said in page.content.decode(), query
            assert self.client.get(f"/api/v1/releases?{query}").status_code == 400

    def test_costs_the_same_queries_whatever_is_asked(self):
        self.client.get("/releases/")
        counts = set()
        for query in ("", "mode=downloadable", "q=lamp&norm=N-1&overdue=on&disputed=on&component=weights_final"):
            with CaptureQueriesContext(connection) as queries:
                self.client.get(f"/releases/?{query}&x")
            counts.add(len(queries))
        assert max(counts) <= 2

    def test_shows_nothing_that_was_taken_from_view(self):
        take_from_view(self.torch)
        for query in ("", "component=weights_final", "q=torch", "year=2020"):
            assert "Torch" not in self.client.get(f"/releases/?{query}").content.decode()
            assert "Torch" not in self.client.get(f"/releases/feed/?{query}").content.decode()


class ComparisonTests(Case):
    PAIR = "/releases/compare/?entry=invented-lab/lamp&entry=invented-lab/torch"

    def test_stands_thing_by_thing_with_what_differs_marked(self):
        report_replication(self.torch, {
            "kind": "independent_retraining", "component": "weights_final", "date": "2020-09", "who": "Others",
            "source_title": "A report", "source_url": "https://example.org/r",
        }, by=self.eve)  # fmt: skip
        page = self.client.get(self.PAIR).content.decode()

        assert page.count('<th scope="row">') >= 8
        assert "Downloadable, application, decided by a person, for verified researchers" in page
        assert "Independent retraining, first September 2020<" in page
        assert 'Inference code <span title="They differ">' in page and ">Kind</th>" in page
        assert "not stated" in page

        asked = {"release": ["invented-lab/lamp", "invented-lab/torch"]}
        told = {row["what"]: row for row in self.client.get("/api/v1/comparison", asked).json()["rows"]}
        assert (told["Inference code"]["cells"][0], told["Kind"]["differs"]) == ([], False)

    def test_is_chosen_step_by_step(self):
        assert self.client.get("/releases/compare/").status_code == 200
        one = self.client.get("/releases/compare/?entry=invented-lab/lamp&entry=").content.decode()
        assert "entry=invented-lab/lamp&amp;entry=invented-lab/torch" in one

    def test_says_what_cannot_be_compared(self):
        draft = self.draft("hidden-lamp")
        for query, said in (
            ("entry=nobody/nothing", "no published entry"), (f"entry=invented-lab/{draft.slug}", "no published entry"),
            ("&".join(f"entry=invented-lab/{n}" for n in range(5)), "4 entries fit"),
        ):  # fmt: skip
            page = self.as_(self.ada).get(f"/releases/compare/?{query}")
            assert (page.status_code, said in page.content.decode()) == (400, True), query
        assert self.client.get("/api/v1/comparison?release=invented-lab/lamp").status_code == 400

    def test_costs_no_more_queries_for_four_than_for_two(self):
        other = self.published("dusk", "Dusk", stages_of(contents.part("weights_final", contents.BY_FORM)))
        counts = []
        for keys in (["lamp", "torch"], ["lamp", "torch", "gloom", other.slug]):
            with CaptureQueriesContext(connection) as queries:
                self.client.get("/releases/compare/?" + "&".join(f"entry=invented-lab/{key}" for key in keys))
            counts.append(len(queries) - len(keys))  # each is found by its address
        assert counts[0] == counts[1]


class PrecedentTests(Case):
    def test_are_the_most_alike_first_with_what_is_shared_and_what_came_next(self):
        twin = self.published("ember", "Ember", [
            contents.stage("2019-01", contents.part("weights_final", contents.CLOSED)),
            contents.stage("2019-03-02", contents.part("weights_final", contents.BY_FORM), title="By form"),
        ])  # fmt: skip
        first, *others = precedents(self.torch)

        assert first.entry == twin and first.likeness == 7 / 13
        assert first.why[0] == "Weights: downloadable, application, decided by a person"
        assert first.next == ["1 later stage, the last 60 days after the first: By form"]
        assert [one.entry.title for one in others] == ["Lamp", "Gloom"]
        page = self.client.get("/releases/invented-lab/torch/precedents/").content.decode()
        assert page.index("Ember") < page.index("Lamp")
        api = self.client.get("/api/v1/releases/invented-lab/torch/precedents").json()["results"]
        assert api[0]["release"] == "invented-lab/ember"

    def test_of_a_draft_are_for_those_who_may_see_it(self):
        draft = self.draft("embers")
        address = f"/releases/invented-lab/{draft.slug}/precedents/"

        assert "Lamp" in self.as_(self.ada).get(address).content.decode()
        assert [self.as_(user).get(address).status_code for user in (None, self.eve)] == [404, 404]

    def test_hold_nothing_hidden_and_say_so_where_there_is_none(self):
        take_from_view(self.torch)
        assert "Torch" not in self.client.get("/releases/invented-lab/lamp/precedents/").content.decode()
        alone = self.published("alone", "Alone", stages_of(contents.part("training_log", contents.OPEN)))
        Subject.objects.filter(pk=alone.subject_id).update(hidden=False)
        Entry.objects.filter(pk=alone.pk).update(facets=[])
        draft = begin_entry(self.lab, "empty", by=self.ada, content={"title": "Empty"})
        assert precedents(draft) == []
        page = self.as_(self.ada).get(f"/releases/invented-lab/{draft.slug}/precedents/").content.decode()
        assert "No other entry shares" in page
