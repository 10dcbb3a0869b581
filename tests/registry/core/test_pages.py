"""Keyset pages: every row once, in order, in both directions, and no place that can break them."""

from urllib.parse import parse_qs, urlencode

import pytest
from django.http import Http404
from django.test import RequestFactory

from registry.core.pages import keyset
from registry.core.subjects import Subject
from tests.people import PlatformTestCase


def page(query, *order, size=3):
    request = RequestFactory().get("/" + query)
    return keyset(request, Subject.objects.filter(kind="test"), *order, size=size)


class KeysetTests(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        titles = ["b", "a", "c~d", "b", "a", "ä & ö", "b", "c"]
        Subject.objects.bulk_create(
            Subject(ref=f"test:{n}", kind="test", title=title, path="/") for n, title in enumerate(titles)
        )

    def walk(self, query, direction, *order):
        """The references on each page, walking until there is no further one."""
        pages = []
        while True:
            found = page(query, *order)
            pages.append([s.ref for s in found])
            query = getattr(found, direction)
            if not query:
                return pages

    def test_shows_every_row_once_in_order(self):
        for order in (["-pk"], ["title", "pk"], ["-title", "pk"], ["title", "-pk"]):
            expected = list(Subject.objects.filter(kind="test").order_by(*order).values_list("ref", flat=True))

            pages = self.walk("", "older", *order)

            self.assertEqual([ref for refs in pages for ref in refs], expected)
            self.assertEqual([len(refs) for refs in pages], [3, 3, 2])

    def test_walks_back_to_the_beginning(self):
        last = page(page(page("", "title", "pk").older, "title", "pk").older, "title", "pk")

        back = self.walk(last.newer, "newer", "title", "pk")

        self.assertEqual([len(refs) for refs in back], [3, 3])
        self.assertEqual(back[-1], [s.ref for s in page("", "title", "pk")])

    def test_the_first_page_has_nothing_newer_and_the_last_nothing_older(self):
        self.assertEqual(page("").newer, "")
        self.assertEqual(page("", size=50).older, "")

    def test_keeps_the_other_parameters_of_the_address(self):
        older = page("?" + urlencode({"word": "full", "q": "a&b"})).older

        self.assertEqual(
            {k: v for k, v in parse_qs(older[1:]).items() if k != "after"}, {"word": ["full"], "q": ["a&b"]}
        )

    def test_a_place_that_the_site_never_gave_is_not_found(self):
        for place in ["x", "1~2~3", "~", "9" * 400, "1\0", "-99999999999999999999999"]:
            with pytest.raises(Http404):
                page("?" + urlencode({"after": place}), "-pk")

    def test_costs_one_query_on_every_page(self):
        place = page("", "title", "pk").older

        with self.assertNumQueries(1):
            page(place, "title", "pk")
