"""Norms, versions, clauses, declarations, the matrix."""

from django.core.exceptions import ValidationError
from django.db.models import F

from registry.core.errors import Conflict, Refused
from registry.history.models import Event
from registry.norms.actions import declare, publish_norm, publish_version
from registry.norms.models import Clause, Declaration
from registry.releases.actions import begin_entry, publish, save_draft
from tests.people import CLAUSES, CONTENT, PlatformTestCase


class PublishNormTests(PlatformTestCase):
    def test_numbers_norms_and_clauses_for_ever(self):
        second = publish_norm(title="Another", summary="", purpose="", clauses=CLAUSES[:1], by=self.mo)

        self.assertEqual((self.norm.key, second.key), ("N-1", "N-2"))
        self.assertEqual([c.key for c in self.norm.clauses.all()], ["N-1/1", "N-1/2", "N-1/3"])

    def test_is_for_moderators(self):
        with self.assertRaises(Refused):
            publish_norm(title="Mine", summary="", purpose="", clauses=CLAUSES, by=self.ada)

    def test_a_clause_shows_an_earlier_wording_only_where_it_was_another_one(self):
        first, second, third = (clause | {"number": n} for n, clause in enumerate(CLAUSES, 1))
        publish_version(self.norm, by=self.mo, purpose="Why.", clauses=[first | {"text": "Otherwise."}, second, third])

        changed, same = self.as_().get("/norms/N-1/c/1/"), self.as_().get("/norms/N-1/c/2/")

        self.assertContains(changed, "Otherwise.")
        self.assertContains(changed, CLAUSES[0]["text"])
        self.assertContains(same, f"<p>{CLAUSES[1]['text']}</p>", count=1)
        self.assertContains(same, "The same words as in version 2.")

    def test_who_may_publish_one_is_told_where(self):
        self.assertContains(self.as_(self.mo).get("/norms/"), "/api/v1/versions")
        self.assertNotContains(self.as_(self.eve).get("/norms/"), "/api/v1/versions")

    def test_new_version_keeps_numbers_and_never_reuses_one(self):
        version = publish_version(
            self.norm,
            by=self.mo,
            purpose="Why.",
            clauses=[
                CLAUSES[2] | {"number": 3},
                CLAUSES[0] | {"number": 1},
                {"heading": "New", "strength": "MUST", "text": "T"},
            ],
        )

        self.assertEqual([w.clause.number for w in version.wordings.order_by("position")], [3, 1, 4])
        self.assertContains(self.as_().get("/norms/N-1/c/2/"), "No longer part of the norm")
        old = self.as_().get("/norms/N-1/v/1/")
        self.assertContains(old, CLAUSES[1]["text"])
        diff = self.as_().get("/norms/N-1/diff/1..2/")
        self.assertContains(diff, "Clause taken out.")
        self.assertContains(diff, "New clause.")

    def test_without_change_is_refused(self):
        clauses = [c | {"number": i + 1} for i, c in enumerate(CLAUSES)]
        publish_version(self.norm, by=self.mo, purpose="Why.", clauses=clauses)

        with self.assertRaises(Conflict):
            publish_version(self.norm, by=self.mo, purpose="Why.", clauses=clauses)

    def test_refuses_malformed_clauses_under_their_pointer(self):
        for wrong in (
            [],
            [{}],
            [CLAUSES[0] | {"strength": "COULD"}],
            [CLAUSES[0] | {"extra": 1}],
            ["text"],
            None,
            [CLAUSES[0] | {"number": 0}],
            [CLAUSES[0] | {"text": 5}],
        ):
            with self.subTest(clauses=wrong), self.assertRaises(ValidationError):
                publish_norm(title="T", summary="", purpose="", clauses=wrong, by=self.mo)


class VersionOverTheApiTests(PlatformTestCase):
    def post(self, *clauses, **more):
        body = {"norm": "N-1", "purpose": "Why.", "clauses": [CLAUSES[0] | clause for clause in clauses]}
        return self.api(self.mo).post("/api/v1/versions", body | more, format="json")

    def test_takes_clauses_by_the_key_it_gives_them(self):
        answer = self.post({"clause": "N-1/3"}, {"number": 1}, {"clause": "new"}, {"clause": "N-1/2", "number": 2})

        self.assertEqual(answer.status_code, 201, answer.content)
        self.assertEqual([c["clause"] for c in answer.json()["clauses"]], ["N-1/3", "N-1/1", "N-1/4", "N-1/2"])

    def test_refuses_what_does_not_say_which_clause_it_is(self):
        for clause, said in (
            ({}, "Say which clause this is"),
            ({"clause": "N-1/9"}, "N-1 has no such clause"),
            ({"number": 9}, "N-1 has no such clause"),
            ({"clause": "N-2/1"}, "N-1 has no such clause"),
            ({"clause": "N-1/1", "number": 2}, "fit the number"),
            ({"clause": "third"}, "must be a key"),
            ({"clause": "new", "number": 4}, "given its number by the site"),
        ):
            with self.subTest(clause=clause):
                answer = self.post(clause)
                self.assertEqual(answer.status_code, 400)
                (error,) = answer.json()["errors"]
                self.assertEqual(error["pointer"].partition("/clauses/0/clause")[2].strip("/0"), "")
                self.assertIn(said, error["detail"])
        self.assertEqual(self.post({"clause": "new"}, norm=5).status_code, 400)
        self.assertEqual(self.norm.versions.count(), 1)


class DiffTests(PlatformTestCase):
    def test_compares_the_words_that_readers_see_and_all_of_them(self):
        clauses = [c | {"number": i + 1} for i, c in enumerate(CLAUSES)]
        clauses[0] |= {"text": "Name **each** component, for whom, and from when.", "rationale": "Because."}
        publish_version(self.norm, by=self.mo, purpose="Why and *how*.", note="A purpose was missing.", clauses=clauses)

        page = self.as_().get("/norms/N-1/diff/1..2/")

        self.assertContains(page, "A purpose was missing.")
        self.assertContains(page, "Why<ins> and how</ins>.")
        self.assertContains(page, "<strong>Why:</strong> <ins>Because.</ins>")
        self.assertNotContains(page, "**")
        self.assertNotContains(page, "<ins>each")


class DeclareTests(PlatformTestCase):
    def test_replaces_the_labs_earlier_word_but_keeps_it_in_history(self):
        declare(self.entry, self.clause, stance="adheres", by=self.ada)
        declare(self.entry, self.clause, stance="partly", reason="Not the data.", by=self.ada)

        self.assertEqual([d.stance for d in Declaration.objects.current()], ["partly"])
        self.assertEqual([d.stance for d in Declaration.objects.order_by("pk")], ["adheres", "partly"])
        self.assertEqual(Event.objects.filter(verb="norm.declared").count(), 2)

    def test_said_again_in_the_same_words_changes_nothing(self):
        first = declare(self.entry, self.clause, stance="adheres", by=self.ada)

        self.assertEqual(declare(self.entry, self.clause, stance="adheres", by=self.ada), first)
        self.assertEqual(Event.objects.filter(verb="norm.declared").count(), 1)

    def test_needs_a_reason_to_depart(self):
        for stance in ("partly", "does_not", "not_applicable"):
            with self.subTest(stance=stance), self.assertRaises(ValidationError):
                declare(self.entry, self.clause, stance=stance, by=self.ada)

    def test_is_only_for_those_who_speak_for_the_lab(self):
        for user in (self.bo, self.mo, self.eve):
            with self.assertRaises(Refused):
                declare(self.entry, self.clause, stance="adheres", by=user)
            self.assertEqual(
                self.as_(user)
                .post("/releases/invented-lab/lamp/declarations/N-1/1/", {"stance": "adheres"})
                .status_code,
                404,
            )

    def test_is_never_possible_on_a_curated_entry(self):
        curated = begin_entry(self.lab, "curated", by=self.mo, content=CONTENT, origin="third_party")
        publish(curated, by=self.mo)

        for user in (self.mo, self.ada):
            with self.assertRaises(Refused):
                declare(curated, self.clause, stance="adheres", by=user)

    def test_refuses_evidence_that_is_no_address(self):
        for url in (
            "javascript:alert(1)",
            "//evil.example",
            "ftp://x",
            "https://",
            "data:text/html,x",
            "/\\evil.example",
        ):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                declare(self.entry, self.clause, stance="adheres", evidence=[{"url": url}], by=self.ada)

    def test_says_what_it_was_made_for_when_that_is_no_longer_current(self):
        declare(self.entry, self.clause, stance="adheres", by=self.ada)
        save_draft(self.entry, CONTENT | {"summary": "Changed."}, by=self.ada)
        publish(self.entry, by=self.ada, justification="A better summary.")

        page = self.as_().get("/norms/N-1/")

        self.assertContains(page, "for revision 1 of the entry")
        self.assertContains(page, 'class="adheres earlier"')

    def test_stays_said_where_a_later_version_words_the_clause_alike(self):
        declare(self.entry, self.clause, stance="adheres", by=self.ada)
        first, second, third = (c | {"number": i + 1} for i, c in enumerate(CLAUSES))
        publish_version(self.norm, by=self.mo, purpose="Why.", clauses=[first | {"rationale": "R."}, second, third])

        self.assertNotContains(self.as_().get("/norms/N-1/"), 'class="adheres earlier"')
        self.assertNotContains(self.as_().get(self.entry.get_absolute_url()), "for version 1 of the norm")
        before = Event.objects.count()
        declare(self.entry, self.clause, stance="adheres", by=self.ada)
        self.assertEqual(Event.objects.count(), before)

        publish_version(self.norm, by=self.mo, purpose="Why.", clauses=[first | {"text": "Otherwise."}, second, third])

        self.assertContains(self.as_().get("/norms/N-1/"), 'class="adheres earlier"')
        self.assertContains(self.as_().get("/norms/N-1/"), "for version 1 of the norm")
        self.assertContains(self.as_().get("/norms/N-1/c/1/"), "in which the clause was worded otherwise")
        self.clause.refresh_from_db()
        declare(self.entry, self.clause, stance="adheres", by=self.ada)
        self.assertEqual(Event.objects.filter(verb="norm.declared").count(), 2)

    def test_through_the_form_says_what_was_stored_and_leads_to_the_next_clause(self):
        ada, url = self.as_(self.ada), "/releases/invented-lab/lamp/declarations/N-1/{}/"
        said = {"stance": "partly", "reason": "Not all.\r\nNot yet.", "evidence": "Report https://example.org/r"}

        page = ada.post(url.format(2), said, follow=True)

        self.assertEqual(page.redirect_chain[0][0], "/releases/invented-lab/lamp/declarations/?after=N-1/2#next")
        self.assertContains(page, "Stored, visible to everyone: N-1/2 for Lamp: “follows in part”.")
        self.assertContains(page, f'id="next" autofocus href="{url.format(3)}"')
        page = ada.post(url.format(3), {"stance": "adheres"}, follow=True)
        self.assertContains(page, f'id="next" autofocus href="{url.format(1)}"')

        events = Event.objects.count()
        self.assertContains(ada.post(url.format(2), said, follow=True), "stood there already")
        self.assertContains(ada.post(url.format(1), {"stance": "no_assertion"}), "Nothing is stated about N-1/1 yet")
        self.assertEqual(Event.objects.count(), events)
        self.assertEqual(Declaration.objects.count(), 2)

    def test_through_the_form_is_kept_in_the_browser(self):
        page = self.as_(self.ada).get("/releases/invented-lab/lamp/declarations/N-1/1/")

        self.assertContains(page, 'data-autosave="browser"')
        self.assertContains(page, "js/autosave")

    def test_through_the_form_keeps_what_was_typed_when_refused(self):
        answer = self.as_(self.ada).post(
            "/releases/invented-lab/lamp/declarations/N-1/1/", {"stance": "does_not", "evidence": "Report javascript:x"}
        )

        self.assertEqual(answer.status_code, 200)
        self.assertContains(answer, "Say why: this stance needs a reason")
        self.assertContains(answer, "Report javascript:x")

    def test_over_the_api_and_on_the_page_says_the_same(self):
        body = {
            "release": "invented-lab/lamp",
            "clause": "N-1/1",
            "stance": "partly",
            "reason": "Not *all* of it.",
            "evidence": [{"title": "Report", "url": "https://example.org/report"}],
        }
        made = self.api(self.ada).post("/api/v1/declarations", body, format="json")
        self.assertEqual(made.status_code, 201, made.content)

        listed = self.api().get("/api/v1/declarations?release=invented-lab/lamp").json()["results"]
        page = self.as_().get(f"/norms/N-1/?cell={made.json()['id']}")

        self.assertEqual(listed, [made.json()])
        self.assertContains(page, "Not <em>all</em> of it.")
        self.assertContains(page, 'href="https://example.org/report"')

    def test_on_a_draft_is_seen_by_nobody_outside(self):
        entry = self.draft(title="Secret lantern")
        declare(entry, self.clause, stance="adheres", by=self.ada)

        for path in (
            "/norms/N-1/",
            "/norms/N-1/c/1/",
            "/matrix/",
            "/api/v1/declarations",
            "/activity/",
            "/norms/N-1/feed/",
        ):
            self.assertNotContains(self.as_(self.eve).get(path), "Secret lantern")
        self.assertEqual(Declaration.objects.visible_to(self.eve).filter(entry=entry).count(), 0)


    def test_on_a_draft_is_public_with_the_publication_and_says_that_it_was_made_on_the_draft(self):
        entry = self.draft(title="Secret lantern")
        made = declare(entry, self.clause, stance="adheres", by=self.ada)
        save_draft(entry, CONTENT | {"title": "Lantern"}, by=self.ada)

        publish(entry, by=self.ada)

        reader = self.as_(self.eve)
        for path in ("/activity/", "/activity/feed/", "/norms/N-1/feed/", "/norms/N-1/c/1/feed/", "/api/v1/events",
                     "/labs/invented-lab/feed/"):  # fmt: skip
            self.assertContains(reader.get(path), "norm.declared" if "/api/" in path else "of Lantern about")
            self.assertNotContains(reader.get(path), "Secret lantern")
        page = reader.get(f"/norms/N-1/?cell={made.pk}")
        self.assertContains(page, "made on the draft of the entry")
        self.assertNotContains(page, 'class="adheres earlier"')

        save_draft(entry, CONTENT | {"title": "Lantern two"}, by=self.ada)
        publish(entry, by=self.ada, justification="A name.")
        page = reader.get("/norms/N-1/")
        self.assertContains(page, 'class="adheres earlier"')
        self.assertContains(page, "for the draft of the entry")


class PagesTests(PlatformTestCase):
    def test_cost_the_same_number_of_queries_for_one_entry_and_for_many(self):
        declare(self.entry, self.clause, stance="adheres", by=self.ada)
        paths = ("/norms/N-1/", "/matrix/", "/norms/N-1/c/1/", "/norms/")
        before = {path: self.queries(path) for path in paths}
        for i in range(6):
            entry = self.draft(f"more-{i}")
            publish(entry, by=self.ada)
            declare(entry, self.clause, stance="partly", reason="So.", by=self.ada)

        self.assertEqual({path: self.queries(path) for path in paths}, before)

    def test_of_all_declarations_of_an_entry_costs_the_same_for_one_norm_and_for_many(self):
        path = "/releases/invented-lab/lamp/declarations/"
        before = self.queries(path, self.ada)
        for number in range(5):
            publish_norm(title=f"Norm {number}", summary="", purpose="", clauses=CLAUSES, by=self.mo)

        self.assertEqual(self.queries(path, self.ada), before)
        self.assertContains(self.as_(self.ada).get(path), "N-6/3")

    def queries(self, path, user=None):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client = self.as_(user)
        with CaptureQueriesContext(connection) as caught:
            self.assertEqual(client.get(path).status_code, 200)
        return len(caught)

    def test_answer_404_for_what_is_not_there(self):
        for path in ("/norms/N-9/", "/norms/N-1/v/9/", "/norms/N-1/c/9/", "/norms/N-1/diff/1..9/", "/norms/N-0/"):
            self.assertEqual(self.as_().get(path).status_code, 404, path)

    def test_show_no_declaration_as_not_stated_never_as_departed(self):
        page = self.as_().get("/matrix/")

        self.assertContains(page, "not stated")
        self.assertNotContains(page, 'class="departs"')

    def test_declared_clause_counts_belong_to_the_entry(self):
        declare(self.entry, self.clause, stance="adheres", by=self.ada)

        self.assertContains(self.as_().get("/releases/invented-lab/lamp/"), "1 of 3 clauses stated")
        self.assertEqual(Declaration.objects.filter(as_of=F("entry__current__number")).count(), 1)


class MatrixTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.talkative = self.draft("talkative", title="Talkative")
        publish(self.talkative, by=self.ada)
        for number, stance in ((1, "adheres"), (2, "partly")):
            declare(self.talkative, Clause.objects.get(number=number), stance=stance, reason="So.", by=self.ada)
        self.silent = self.draft("silent", title="Silent")
        publish(self.silent, by=self.ada)
        declare(self.entry, Clause.objects.get(number=1), stance="does_not", reason="No.", by=self.ada)

    def test_begins_with_the_entry_that_states_most(self):
        page = self.as_().get("/matrix/")

        self.assertEqual([e.slug for e in page.context["entries"]], ["talkative", "lamp", "silent"])

    def test_goes_on_behind_a_place_that_names_the_number_of_statements(self):
        self.entry.refresh_from_db()
        place = f"1~{self.entry.decided_on}~{self.entry.pk}"

        page = self.as_().get("/matrix/", {"after": place})

        self.assertEqual([e.slug for e in page.context["entries"]], ["silent"])
        for place in ("1", "x~2019-01-01~1", f"{2**70}~2019-01-01~1"):
            self.assertEqual(self.as_().get("/matrix/", {"after": place}).status_code, 404, place)

    def test_shows_on_a_phone_the_entry_that_was_asked_for_between_its_neighbours(self):
        pages = [self.as_().get("/matrix/", asked) for asked in ({}, {"entry": self.entry.key}, {"entry": "a/b"})]

        named = [[getattr(p.context[n], "slug", None) for n in ("entry_before", "alone", "entry_after")] for p in pages]
        self.assertEqual(
            named, [[None, "talkative", "lamp"], ["talkative", "lamp", "silent"], [None, "talkative", "lamp"]]
        )
        self.assertContains(pages[1], 'href="?entry=invented-lab/silent#matrix"')

    def test_opens_a_pressed_cell_in_place(self):
        said = self.entry.declarations.get()

        page = self.as_().get(f"/matrix/?norm=N-1&cell={said.pk}")

        self.assertContains(page, f'id="cell-{said.pk}" href="?norm=N-1&amp;cell={said.pk}#cell-{said.pk}"')
        self.assertEqual(page.context["alone"], self.entry)

    def test_lists_on_the_norm_only_those_who_state_something(self):
        page = self.as_().get("/norms/N-1/")

        self.assertEqual([e.slug for e in page.context["entries"]], ["talkative", "lamp"])
