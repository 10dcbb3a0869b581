"""A thread of 500 comments, eight levels deep, on a phone."""

import pytest

from .conftest import make_person
from .test_reader import WIDER

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DEEPEST = ".comment " * 7 + ".comment"
WIDE_WORDS = "Donaudampfschifffahrt" * 12 + "\\n\\n```\\n" + "x = " + "1 + " * 80 + "1\\n```\\n\\n| a | b |\\n|---|---|\\n| " + "wide " * 40 + "| b |"  # noqa: E501
FILL = f"""
from discussions.threads.actions import post, start_thread
from discussions.threads.models import Comment
from registry.accounts.models import User
from registry.core.subjects import Subject
from tests.bench.threads import fill
people = list(User.objects.filter(handle__startswith="long-"))
thread = start_thread(Subject.objects.get(ref="lab:openai"), "Five hundred", "The first of many.", people[0])
fill(thread, 499, people * 12)
thread.refresh_from_db()
above = Comment.objects.filter(thread=thread, depth=7).first()
post(thread, "{WIDE_WORDS}", people[1], parent=above)
print("thread", thread.pk)
"""
MEASURES = """(all) => all.map((it) => {
    const prose = it.querySelector(":scope > .prose"), text = getComputedStyle(prose);
    const to = it.querySelector(":scope > .by .to, :scope > .to");
    return {size: parseFloat(text.fontSize), width: prose.getBoundingClientRect().width,
            to: to && to.getClientRects().length ? to.textContent : ""};
})"""


@pytest.fixture(scope="module")
def thread(site):
    for handle in ("long-ada", "long-bob"):
        make_person(site, handle)
    return f"/t/{site.manage('shell', '-c', FILL).split()[-1]}/"


class TestOnAPhone:
    def test_is_legible_at_the_deepest_level_and_never_wider_than_the_screen(self, site, opened, thread):
        page = opened(**PHONE).new_page()
        page.goto(site.url + thread)
        assert page.locator(".comment").count() == 500
        # What is far below is not laid out before it is needed; here all of it is to be measured.
        page.evaluate("document.querySelectorAll('.comment').forEach((it) => it.style.contentVisibility = 'visible')")

        deepest = page.locator(DEEPEST)
        measures = deepest.evaluate_all(MEASURES)

        assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.evaluate(WIDER)
        assert len(measures) > 10
        assert min(m["size"] for m in measures) >= 16
        assert min(m["width"] for m in measures) >= 300
        assert [m for m in measures if not m["to"]] == []
