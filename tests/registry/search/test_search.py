"""Search over what is public."""

from registry.core.subjects import name_subject
from registry.releases.actions import publish
from tests.people import PlatformTestCase


class SearchTests(PlatformTestCase):
    def refs(self, query, user=None):
        return [hit["subject"] for hit in self.api(user).get("/api/v1/search", {"q": query}).json()["results"]]

    def test_finds_entries_norms_clauses_labs_and_people(self):
        self.assertIn("release:invented-lab/lamp", self.refs("lamp"))
        self.assertIn("release:invented-lab/lamp", self.refs("1B"))
        self.assertIn("norm:N-1", self.refs("invented norm"))
        self.assertIn("clause:N-1/3", self.refs("error rates"))
        self.assertIn("person:eve", self.refs("Eve"))

    def test_never_finds_drafts_not_even_for_their_authors(self):
        self.draft(title="Zirconium lantern", summary="zirconium")

        for user in (None, self.eve, self.ada):
            self.assertEqual(self.refs("zirconium", user), [])
            self.assertContains(self.as_(user).get("/search/?q=zirconium"), "Nothing public has these words.")

    def test_understands_phrases_and_exclusion(self):
        self.assertIn("clause:N-1/2", self.refs('"change the decision"'))
        self.assertNotIn("clause:N-1/2", self.refs('"decision the change"'))
        self.assertEqual(self.refs("lamp -lamp"), [])

    def test_finds_numbered_names_in_any_spelling(self):
        publish(self.draft("gpt-2", title="GPT-2"), by=self.ada)
        publish(self.draft("llama", title="Llama2"), by=self.ada)

        for query in ("gpt2", "GPT-2", "gpt 2", "lamp OR gpt2"):
            self.assertIn("release:invented-lab/gpt-2", self.refs(query), query)
        for query in ("llama2", "llama-2", "Llama 2"):
            self.assertIn("release:invented-lab/llama", self.refs(query), query)
        self.assertNotIn("release:invented-lab/gpt-2", self.refs("model -gpt"))

    def test_puts_what_is_called_so_first_and_runs_and_sessions_behind(self):
        for kind in ("run", "session", "clause"):
            name_subject(kind, f"x{kind}", title="Lamp lamp lamp: lamp", path="/", public=True)
        other = self.draft("other", title="Other", summary="A lamp beside the lamp, lamp by lamp.")
        publish(other, by=self.ada)

        found = self.refs("lamp")

        self.assertEqual(found[0], "release:invented-lab/lamp")
        self.assertEqual(found[-2:], ["session:xsession", "run:xrun"])
        self.assertEqual(self.refs("invented norm")[0], "norm:N-1")
        name_subject("session", "named", title="Name a detector!", path="/", public=True)
        self.assertEqual(set(self.refs("name a detector")[:2]), {"session:named", "clause:N-1/3"})

    def test_shows_the_place_where_the_words_stand(self):
        said = "It says <b>much</b>. " * 40 + "And then a **heliograph** & a lamp."
        publish(self.draft("long", title="Long", rationale=said), by=self.ada)

        page = self.as_().get("/search/?q=heliograph")
        self.assertContains(page, "And then a <mark>heliograph</mark> &amp; a lamp.")
        self.assertContains(self.as_().get("/search/?q=long"), '<p class="said">A small invented model')
        for hostile in ("much", "b"):
            self.assertNotContains(self.as_().get(f"/search/?q={hostile}"), "<b>")

    def test_answers_odd_questions_calmly(self):
        for query in ("", " ", "'", '"', "((", "a & | !", "-", "%", "\\", "x" * 5000, "🙂", "a:*", "'; DROP TABLE x"):
            with self.subTest(query=query[:20]):
                self.assertEqual(self.as_().get("/search/", {"q": query}).status_code, 200)

    def test_over_the_api_asks_for_a_question(self):
        for query in ("", "?q=", "?q=" + "x" * 201, "?q=a&colour=red"):
            self.assertEqual(self.api().get(f"/api/v1/search{query}").status_code, 400)
