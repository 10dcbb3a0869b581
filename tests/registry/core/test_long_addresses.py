"""An address longer than any of ours."""

from tests.people import PlatformTestCase

LONG = "/search/?q=" + "a" * 7000


class LongAddressTests(PlatformTestCase):
    def test_is_refused_with_a_page_that_offers_the_search(self):
        page = self.as_().get(LONG)

        self.assertContains(page, 'href="/search/"', status_code=414)

    def test_is_a_problem_document_below_the_api(self):
        answer = self.as_().get("/api/v1/" + LONG)

        self.assertEqual((answer.status_code, answer["Content-Type"]), (414, "application/problem+json"))
        self.assertEqual(answer.json()["title"], "The address is too long")

    def test_is_not_what_a_long_search_has(self):
        self.assertEqual(self.as_().get("/search/?q=" + "a" * 200).status_code, 200)
