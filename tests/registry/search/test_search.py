"""Search over what is public."""

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

    def test_answers_odd_questions_calmly(self):
        for query in ("", " ", "'", '"', "((", "a & | !", "-", "%", "\\", "x" * 5000, "🙂", "a:*", "'; DROP TABLE x"):
            with self.subTest(query=query[:20]):
                self.assertEqual(self.as_().get("/search/", {"q": query}).status_code, 200)

    def test_over_the_api_asks_for_a_question(self):
        for query in ("", "?q=", "?q=" + "x" * 201, "?q=a&colour=red"):
            self.assertEqual(self.api().get(f"/api/v1/search{query}").status_code, 400)
