"""What makes a fact, how it is known again after a revision, and what two sides say of it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext

from registry.core.errors import Conflict, Invalid, Refused, Stale
from registry.facts.actions import state, take_back
from registry.facts.models import Fact, Statement
from registry.facts.standing import lines_of
from registry.history.models import Event
from registry.labs.actions import register_lab
from registry.releases.actions import begin_entry, publish, save_draft
from registry.releases.content import normalise
from registry.releases.facts import facts_of, moved_keys, says
from registry.releases.models import Entry
from tests.people import CONTENT, PlatformTestCase, each_at_once, make_person

SOURCES = [{"key": "post", "title": "An invented post", "url": "https://example.org/post"}]
STAGE = CONTENT["stages"][0]
SAID = CONTENT | {
    "sources": SOURCES,
    "stages": [STAGE | {"sources": ["post"]}],
    "concerns": [{"concern": "Spam at scale could grow", "mitigation": "None", "sources": ["post"]}],
    "events": [{"date": "2024-06-01", "kind": "leak", "text": "A copy appeared."}],
}
CELL = "cell/2024-05-01/weights_final/1B"
CHECK = {"source_title": "A paper", "source_url": "https://example.org/paper", "quote": "We released it in May."}
FACTS = "/releases/invented-lab/lamp/facts/"


def keys(content):
    return [fact.key for fact in facts_of(normalise(content))]


class KeyTests(PlatformTestCase):
    def test_every_statement_that_may_cite_sources_is_a_fact(self):
        found = facts_of(normalise(SAID))

        self.assertEqual([f.key.rpartition("/")[0] for f in found], [
            "stage", "cell/2024-05-01/weights_final", "concern", "event/leak",
        ])  # fmt: skip
        self.assertEqual([f.sources for f in found], [("post",), (), ("post",), ()])
        self.assertIn("downloadable", found[1].says.lower())

    def test_says_its_terms_in_the_order_of_the_page_and_sentences_last_without_stops_between(self):
        cell = {"note": "Then called so.", "licence": "MIT", "gate": "none", "mode": "downloadable"}

        self.assertEqual(says(cell), "Mode: downloadable; Gate: no gate; Licence: MIT; Note: Then called so.")
        self.assertTrue(says({"text": "It leaked.", "rationale": "A copy."}).startswith("Text: It leaked; "))

    def test_a_key_does_not_hang_on_the_place_in_the_list(self):
        first = STAGE | {"date": "2024-02-01", "title": "Before"}
        before, after = keys(SAID), keys(SAID | {"stages": [first, STAGE | {"sources": ["post"]}]})

        self.assertTrue(set(before) <= set(after))

    def test_what_would_share_a_key_is_told_apart(self):
        twice = keys(SAID | {"events": [{"date": "2024-06-01", "kind": "note", "text": t} for t in ("One.", "Two.")]})

        found = [key for key in twice if key.startswith("event")]
        self.assertEqual(found, ["event/note/2024-06-01", "event/note/2024-06-01~2"])

    def test_is_known_again_when_moved_renamed_or_reworded(self):
        before = normalise(SAID)
        stage = STAGE | {"date": "2024-05-02", "components": [STAGE["components"][0] | {"variant": "1.5B"}]}
        after = normalise(SAID | {
            "artefact": {"kind": "model", "variants": [{"name": "1.5B", "aliases": ["1B"]}]},
            "stages": [stage],
            "concerns": [{"concern": "Spam at scale could well grow", "mitigation": "None"}],
        })  # fmt: skip

        moved = moved_keys(before, after)

        self.assertEqual(moved[CELL], "cell/2024-05-02/weights_final/1.5B")
        self.assertEqual(moved["stage/2024-05-01"], "stage/2024-05-02")
        concern = keys(SAID)[2]
        self.assertEqual(moved[concern], facts_of(after)[2].key)


class FactTestCase(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        save_draft(cls.entry, SAID, by=cls.ada)
        publish(cls.entry, by=cls.ada, justification="Sources were added.")

    def revise(self, **said):
        entry = Entry.objects.get(pk=self.entry.pk)
        save_draft(entry, SAID | said, by=self.ada)
        publish(entry, by=self.ada, justification="So.")
        self.entry.refresh_from_db()

    def state_of(self, key=CELL):
        entry = Entry.objects.with_current().get(pk=self.entry.pk)
        return next(line.state for line in lines_of(entry) if line.fact and line.fact.key == key)


class StatementTests(FactTestCase):
    def test_a_fact_is_unsourced_sourced_checked_disputed_or_retracted(self):
        self.assertEqual([self.state_of(), self.state_of("stage/2024-05-01")], ["unsourced", "sourced"])

        state(self.entry, CELL, "source", by=self.eve, source_url="https://example.org/x")
        self.assertEqual(self.state_of(), "sourced")
        state(self.entry, CELL, "check", by=self.eve, **CHECK)
        self.assertEqual(self.state_of(), "checked")
        state(self.entry, CELL, "dispute", by=self.mo, reason="It was June.", source_title="A log")
        self.assertEqual(self.state_of(), "disputed")
        state(self.entry, CELL, "retraction", by=self.ada, reason="We were wrong.")
        self.assertEqual(self.state_of(), "retracted")

    def test_says_who_for_whom_when_and_of_which_wording(self):
        made = state(self.entry, CELL, "assertion", by=self.eve, value="Gated, in June.")

        self.assertEqual((made.speaker, made.author, made.as_of.number), ("third_party", "Eve Example", 2))
        event = Event.objects.visible_to(AnonymousUser()).get(verb="fact.asserted")
        self.assertEqual((event.data["fact"], event.data["speaker"]), (CELL, "third_party"))
        self.assertNotIn("Gated", str(event.data))

    def test_the_lab_speaks_beside_third_parties_on_what_they_curate(self):
        curated = begin_entry(self.lab, "seen", by=self.mo, content=SAID | {"title": "Seen"}, origin="third_party")
        publish(curated, by=self.mo)

        state(curated, CELL, "assertion", by=self.ada, value="It was never public.")
        state(curated, CELL, "assertion", by=self.eve, value="It was public for a day.")

        line = next(x for x in lines_of(Entry.objects.with_current().get(pk=curated.pk)) if x.row)
        self.assertEqual([[s.value for s in side] for side in (line.lab, line.third_parties)], [
            ["It was never public."], ["It was public for a day."],
        ])  # fmt: skip

    def test_neither_side_takes_back_what_the_other_said(self):
        theirs = state(self.entry, CELL, "dispute", by=self.eve, reason="No.", source_title="A log")

        for person in (self.ada, self.bo, AnonymousUser()):
            with pytest.raises(Refused):
                take_back(theirs, "We do not like it.", by=person)

    def test_nobody_judges_what_they_write_and_only_they_retract_it(self):
        with pytest.raises(Refused):
            state(self.entry, CELL, "check", by=self.ada, **CHECK)
        with pytest.raises(Refused):
            state(self.entry, CELL, "check", by=self.bo, **CHECK)  # belongs to the lab and does not speak for it
        with pytest.raises(Refused):
            state(self.entry, CELL, "retraction", by=self.eve, reason="Because.")
        with pytest.raises(Refused):
            state(self.entry, CELL, "source", by=AnonymousUser(), source_title="x")

    def test_each_kind_needs_what_others_can_follow(self):
        for kind, said, field in [
            ("check", {"source_title": "A", "quote": "B"}, "source_url"),
            ("check", {"source_title": "A", "source_url": "https://example.org/"}, "quote"),
            ("dispute", {"reason": "No."}, "source_title"),
            ("dispute", {"source_title": "A"}, "reason"),
            ("assertion", {}, "value"),
            ("source", {}, "source_title"),
            ("source", {"source_title": "A", "source_url": "javascript:alert(1)"}, "source_url"),
            ("source", {"source_title": "A", "archive_sha256": "abc"}, "archive_sha256"),
            ("source", {"source_title": "A\x00"}, "source_title"),
            ("rumour", {}, "kind"),
        ]:
            with pytest.raises(Invalid) as refused:
                state(self.entry, CELL, kind, by=self.eve, **said)
            self.assertEqual(list(refused.value.error_dict), [field])
        self.assertEqual(Statement.objects.count(), 0)

    def test_a_digest_of_the_archived_copy_stands_for_the_address(self):
        state(self.entry, CELL, "check", by=self.eve, source_title="A", quote="B", archive_sha256="a" * 64)

        self.assertEqual(self.state_of(), "checked")

    def test_of_a_draft_or_of_what_is_not_stated_nothing_can_be_said(self):
        draft = self.draft()
        with pytest.raises(Refused):
            state(draft, CELL, "check", by=self.eve, **CHECK)
        with pytest.raises(Invalid, match="no such fact"):
            state(self.entry, "cell/1999/weights_final", "check", by=self.eve, **CHECK)

    def test_the_same_is_said_once(self):
        state(self.entry, CELL, "check", by=self.eve, **CHECK)

        with pytest.raises(Conflict):
            state(self.entry, CELL, "check", by=self.eve, **CHECK)

    def test_taken_back_it_stays_readable_and_counts_no_longer(self):
        made = state(self.entry, CELL, "dispute", by=self.eve, reason="It was June.", source_title="A log")
        self.entry.refresh_from_db()
        self.assertEqual(self.entry.disputed, 1)

        take_back(made, "I misread.", by=self.eve)

        self.entry.refresh_from_db()
        self.assertEqual((self.entry.disputed, self.state_of()), (0, "unsourced"))
        page = self.as_().get(FACTS)
        self.assertContains(page, "It was June.")
        self.assertContains(page, "I misread.")

    def test_a_moderator_without_ties_takes_words_from_view_by_name_and_reason(self):
        made = state(self.entry, CELL, "assertion", by=self.eve, value="Buy lamps.")
        take_back(made, "Advertising.", by=self.mo)

        for page in (self.as_().get(FACTS), self.api().get(f"/api/v1/statements/{made.pk}")):
            self.assertNotContains(page, "Buy lamps")
            self.assertContains(page, "Advertising.")


class RevisionTests(FactTestCase):
    def test_a_check_of_an_earlier_wording_is_shown_as_such_and_counts_no_longer(self):
        state(self.entry, CELL, "check", by=self.eve, **CHECK)
        gated = STAGE | {"components": [STAGE["components"][0] | {"gate": "registration"}]}

        self.revise(stages=[gated])

        self.assertEqual(self.state_of(), "unsourced")
        self.assertContains(self.as_().get(FACTS), "of an earlier wording, revision 2")

    def test_a_check_stays_one_where_the_wording_does(self):
        state(self.entry, CELL, "check", by=self.eve, **CHECK)

        self.revise(summary="Another.", stages=[STAGE | {"date": "2023-01-01", "title": "Before"}, STAGE])

        self.assertEqual(self.state_of(), "checked")

    def test_goes_along_when_the_stage_is_dated_otherwise(self):
        state(self.entry, CELL, "dispute", by=self.eve, reason="It was June.", source_title="A log")

        self.revise(stages=[STAGE | {"date": "2024-06-01"}])

        self.assertEqual(Fact.objects.get().key, "cell/2024-06-01/weights_final/1B")
        self.assertEqual((self.state_of(Fact.objects.get().key), self.entry.disputed), ("disputed", 1))

    def test_of_two_that_change_places_each_keeps_its_own(self):
        one = STAGE | {"date": "2024-05-01", "title": "One"}
        two = STAGE | {"date": "2024-07-01", "title": "Two"}
        self.revise(stages=[one, two])
        state(self.entry, "stage/2024-05-01", "source", by=self.eve, source_title="Of one")
        state(self.entry, "stage/2024-07-01", "source", by=self.eve, source_title="Of two")

        self.revise(stages=[one | {"date": "2024-07-01"}, two | {"date": "2024-05-01"}])

        found = {s.source_title: s.fact.key for s in Statement.objects.select_related("fact")}
        self.assertEqual(found, {"Of one": "stage/2024-07-01", "Of two": "stage/2024-05-01"})

    def test_what_is_no_longer_stated_is_still_shown_with_what_was_said(self):
        state(self.entry, "event/leak/2024-06-01", "dispute", by=self.eve, reason="No leak.", source_title="A log")

        self.revise(events=[])

        page = self.as_().get(FACTS)
        self.assertContains(page, "no longer stated")
        self.assertContains(page, "No leak.")
        self.assertEqual(self.entry.disputed, 0)

    def test_who_read_an_earlier_wording_is_told_so(self):
        digest = facts_of(self.entry.current.content)[1].digest
        self.revise(stages=[STAGE | {"components": [STAGE["components"][0] | {"gate": "registration"}]}])

        with pytest.raises(Stale):
            state(self.entry, CELL, "check", by=self.eve, digest=digest, **CHECK)


class PageTests(FactTestCase):
    def test_the_entry_says_how_many_and_marks_what_is_disputed(self):
        state(self.entry, CELL, "dispute", by=self.eve, reason="It was June.", source_title="A log")

        page = self.as_().get("/releases/invented-lab/lamp/")
        self.assertContains(page, "1 source, 1 unsourced, 1 disputed")
        self.assertContains(page, f'<a class="level level-disputed" href="{FACTS}#f-')
        self.assertContains(self.as_().get("/releases/"), "1 fact disputed")
        self.assertEqual(self.api().get("/api/v1/releases?disputed=true").json()["results"][0]["disputed"], 1)
        self.assertEqual(self.api().get("/api/v1/releases?disputed=false").json()["results"], [])

    def test_a_form_without_script_says_it_and_keeps_what_was_typed(self):
        path, browser = f"{FACTS}new/?fact={CELL}&kind=dispute", self.as_(self.eve)
        form = {"fact": CELL, "kind": "dispute", "reason": "It was June."}

        again = browser.post(path, form)
        self.assertContains(again, "It was June.", status_code=400)
        done = browser.post(path, form | {"source_title": "A log"})

        self.assertEqual(done["Location"], f"{FACTS}#st-{Statement.objects.get().pk}")
        self.assertContains(self.as_().get(FACTS), "It was June.")

    def test_whoever_is_signed_out_is_led_to_sign_in_and_whoever_may_not_is_refused(self):
        path = f"{FACTS}new/?fact={CELL}&kind=check"
        self.assertIn("/accounts/login/", self.as_().get(path)["Location"])
        self.assertEqual([self.as_(p).get(path).status_code for p in (self.ada, self.bo, self.eve)], [403, 403, 200])
        self.assertEqual(self.as_(self.eve).get(f"{FACTS}new/?fact=nothing").status_code, 404)

    def test_user_text_is_text(self):
        state(self.entry, CELL, "assertion", by=self.eve, value="<script>alert(1)</script>")

        for place in (FACTS, "/releases/invented-lab/lamp/"):
            self.assertNotContains(self.as_().get(place), "<script>alert")

    def test_of_a_draft_there_is_no_page(self):
        self.draft()
        for place in ("facts/", "facts/feed/", "facts/new/"):
            self.assertEqual(self.as_(self.ada).get(f"/releases/invented-lab/draft/{place}").status_code, 404)
        self.assertContains(self.as_().get(f"{FACTS}feed/"), "Daylight")

    def test_costs_as_many_queries_for_one_statement_as_for_many(self):
        def queries():
            with CaptureQueriesContext(connection) as caught:
                self.as_().get(FACTS)
            return len(caught)

        state(self.entry, CELL, "check", by=self.eve, **CHECK)
        first = queries()
        for key in ("stage/2024-05-01", "event/leak/2024-06-01"):
            state(self.entry, key, "check", by=self.eve, **CHECK)
            state(self.entry, key, "dispute", by=self.mo, reason="No.", source_title="A")
        self.assertEqual(queries(), first)


class ApiTests(FactTestCase):
    def test_the_same_acts_as_on_the_pages(self):
        api = self.api(self.eve)
        facts = api.get("/api/v1/releases/invented-lab/lamp/facts").json()
        cell = next(f for f in facts["facts"] if f["key"] == CELL)
        said = {"release": "invented-lab/lamp", "fact": CELL, "kind": "check", "digest": cell["digest"]} | CHECK

        made = api.post("/api/v1/statements", said, format="json")

        self.assertEqual((made.status_code, made.json()["speaker"], made.json()["as_of"]), (201, "third_party", 2))
        self.assertEqual(made.json()["source"]["quote"], "We released it in May.")
        facts = api.get("/api/v1/releases/invented-lab/lamp/facts").json()
        self.assertEqual(facts["counts"], {"sources": 1, "facts": 4, "checked": 1, "sourced": 2, "unsourced": 1})
        found = self.api().get("/api/v1/statements?release=invented-lab/lamp&kind=check").json()["results"]
        self.assertEqual([s["id"] for s in found], [made.json()["id"]])
        back = api.post(f"/api/v1/statements/{made.json()['id']}/withdrawal", {"reason": "So."}, format="json")
        self.assertEqual(back.json()["taken_back_by"], "eve")

    def test_bad_input_is_named_by_its_field(self):
        api = self.api(self.eve)
        said = {"release": "invented-lab/lamp", "fact": CELL, "kind": "dispute"}
        for more, status, pointer in [
            ({}, 400, "/reason"),
            ({"kind": "rumour"}, 400, "/kind"),
            ({"fact": "x", "reason": "a", "source_title": "b"}, 400, "/fact"),
            ({"colour": "red"}, 400, "/colour"),
        ]:
            answer = api.post("/api/v1/statements", said | more, format="json")
            self.assertEqual((answer.status_code, answer.json()["errors"][0]["pointer"]), (status, pointer))
        self.assertEqual(api.post("/api/v1/statements", said | {"release": "no/such"}, format="json").status_code, 404)


class AtOnceTests(TransactionTestCase):
    def test_many_statements_at_one_moment_are_all_counted(self):
        ada = make_person("ada")
        people = [make_person(f"person-{n}") for n in range(4)]
        lab = register_lab(name="Invented Lab", slug="invented-lab", by=ada)
        entry = begin_entry(lab, "lamp", by=ada, content=SAID)
        publish(entry, by=ada)
        facts = [CELL, "stage/2024-05-01", "event/leak/2024-06-01", CELL]

        found = each_at_once(
            lambda n: state(entry, facts[n], "dispute", by=people[n], reason="No.", source_title="A"), range(4)
        )

        self.assertTrue(all(isinstance(s, Statement) for s in found), found)
        self.assertEqual((Entry.objects.get().disputed, Fact.objects.count()), (3, 3))
