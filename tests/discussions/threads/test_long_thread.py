"""A long thread among many comments: its page is one walk along one index, in reading order."""

import json

from django.db import connection

from discussions.threads.actions import start_thread
from discussions.threads.models import Comment
from discussions.threads.querysets import PAGE
from tests.bench.threads import fill
from tests.people import PlatformTestCase

OTHERS = """
INSERT INTO discussions_comment (thread_id, number, path, depth, author_id, disclosure, body, html, as_of, created_at,
                                 edits, hidden)
SELECT %s, n, lpad(n::text, 4, '0'), 1, %s, '{}', 'Other.', '<p>Other.</p>', '', now(), 0, false
FROM generate_series(2, 4000) AS n
"""


def nodes(plan):
    """The steps of a plan, each with the index that it uses."""
    yield plan["Node Type"], plan.get("Index Name")
    for below in plan.get("Plans", ()):
        yield from nodes(below)


class PageOfALongThreadTests(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.thread = start_thread(cls.entry.subject, "Long", "The first.", cls.eve)
        fill(cls.thread, 500, [cls.ada, cls.bo, cls.eve] * 4)
        with connection.cursor() as cursor:
            for number in range(5):
                other = start_thread(cls.entry.subject, f"Other {number}", "The first.", cls.eve)
                cursor.execute(OTHERS, [other.pk, cls.eve.pk])
            cursor.execute("ANALYZE discussions_comment")

    def plan(self):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {PAGE}", [self.thread.pk])
            (plan,) = cursor.fetchone()
        (found,) = json.loads(plan) if isinstance(plan, str) else plan
        return list(nodes(found["Plan"]))

    def test_looks_at_the_comments_of_no_other_thread(self):
        self.assertNotIn("Seq Scan", [step for step, _ in self.plan()])

    def test_needs_no_sorting_since_the_index_on_thread_and_path_has_its_order(self):
        """For so few rows the planner may think a sort as cheap as the walk; here it is told that it is not."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")
        index = next(c.name for c in Comment._meta.constraints if tuple(c.fields) == ("thread", "path"))

        self.assertEqual(self.plan(), [("Index Scan", index)])

    def test_is_one_query_about_comments_and_holds_them_all(self):
        with self.assertNumQueries(2):
            page = self.as_().get(f"/t/{self.thread.pk}/").content.decode()

        self.assertEqual(page.count('id="c-'), 500)
