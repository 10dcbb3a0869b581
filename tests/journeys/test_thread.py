"""Somebody who takes part in a thread: what is new, keys, names, passages, and texts that must not get lost."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from .conftest import PASSWORD, Api, issue_token, make_person
from .test_reader import AXE, FAULTS, PHONE

BODY = "textarea[name=body]"


@pytest.fixture(scope="session")
def thora(site):
    make_person(site, "thora")
    return Api(site, issue_token(site, "thora"))


@pytest.fixture
def talk(tess, thora, revised):
    """A thread on the lamp: seven levels by Tess and Thora, then twelve comments in a row; its address."""
    thread = tess("POST", "threads", {
        "subject": "release:script-lab/lamp", "title": "Is it small enough?", "body": "Says who?",
    })  # fmt: skip
    parent = tess("GET", f"comments?thread={thread['id']}")["results"][0]["id"]
    for level in range(2, 8):
        said = {"thread": thread["id"], "parent": parent, "body": f"Level {level}. " + "Words that wrap. " * 6}
        parent = (tess, thora)[level % 2]("POST", "comments", said)["id"]
    for number in range(12):
        tess("POST", "comments", {"thread": thread["id"], "body": f"Point {number}. " + "More words. " * 40})
    return thread["url"]


@pytest.fixture
def reader(site, opened, thora):
    """Thora, signed in, in a context with these options."""

    def sign_in(**options):
        context = opened(**options)
        page = context.new_page()
        page.goto(site.url + "/accounts/login/")
        page.locator("[name=login]").fill("thora")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda address: "login" not in address)
        return page

    return sign_in


def numbers(page, kind=""):
    return page.locator(f".comment{kind} > .by").evaluate_all(
        "all => all.map((by) => +/#(\\d+)$/.exec(by.textContent)[1])"
    )


class TestReading:
    def test_marks_what_was_not_on_screen_at_the_last_visit(self, site, reader, talk):
        page = reader(viewport={"width": 1000, "height": 700})
        with page.expect_response(lambda answer: answer.url.endswith("/seen/")) as told:
            page.goto(site.url + talk)
            assert numbers(page, ".new") == []
        assert told.value.status == 204
        page.goto(site.url + talk)
        new = numbers(page, ".new")

        assert new and max(numbers(page)) in new and 1 not in new
        page.get_by_role("link", name="Go to the next new comment").click()
        expect(page.locator(".comment.new > .by").first).to_be_focused()
        page.get_by_role("button", name="Mark all as read").click()
        expect(page.locator(".comment.new")).to_have_count(0)

    def test_keys_lead_through_it_and_can_be_turned_off(self, site, reader, talk):
        page = reader(viewport={"width": 1000, "height": 700})
        page.goto(site.url + talk)
        heads = page.locator(".comment > .by")
        for _ in range(3):
            page.keyboard.press("j")
        expect(heads.nth(2)).to_be_focused()
        assert heads.nth(2).evaluate("it => getComputedStyle(it).outlineStyle") == "solid"
        page.keyboard.press("p")
        expect(heads.nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(heads.nth(0)).to_be_focused()
        page.locator(BODY).last.press_sequentially("jk")
        expect(page.locator(BODY).last).to_be_focused()

        page.get_by_role("button", name="Turn the keys off").click()
        page.keyboard.press("j")
        expect(heads.nth(0)).not_to_be_focused()

    def test_is_clean_for_screen_readers_and_fits_a_phone_at_seven_levels(self, site, reader, talk):
        page = reader(**PHONE)
        found = {}
        for order in ("", "?order=unanswered", "?since=3"):
            page.goto(site.url + talk + order)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, order
            page.evaluate(AXE.read_text())
            found[order] = page.evaluate(FAULTS, None)
        assert not any(found.values()), json.dumps(found, indent=1)


class TestWriting:
    def test_an_at_offers_people_by_keyboard(self, site, reader, talk):
        page = reader()
        page.goto(site.url + talk)
        field = page.locator(BODY).last
        field.press_sequentially("Ask @te")
        option = page.get_by_role("option", name="@tess")
        expect(option).to_be_visible()
        expect(option).to_have_attribute("aria-selected", "true")
        page.evaluate(AXE.read_text())
        assert page.evaluate(FAULTS, None) == []
        field.press("Enter")

        expect(field).to_have_value("Ask @tess ")
        expect(option).to_be_hidden()

    def test_the_offer_stands_at_the_caret_and_moves_nothing(self, site, reader, talk):
        for options in ({"viewport": {"width": 1000, "height": 700}}, PHONE):
            page = reader(**options)
            page.goto(site.url + talk)
            field = page.locator(BODY).last
            field.fill("A line.\n\nAnd so I would ask ")
            field.press("End")
            before = page.evaluate(PLACES)
            field.press_sequentially("@t")
            people = page.get_by_role("listbox", name="People to mention")
            expect(people).to_be_visible()
            expect(people.get_by_role("option").first).to_be_visible()
            box, typed = people.bounding_box(), field.bounding_box()
            width = page.viewport_size["width"]

            assert page.evaluate(PLACES) == before
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, box
            assert box["x"] > typed["x"] + 60 or box["x"] + box["width"] >= width - 9, (box, typed)
            assert typed["y"] < box["y"] + box["height"] and box["y"] < typed["y"] + typed["height"] + 60
            page.keyboard.press("Escape")
            expect(people).to_be_hidden()
            page.keyboard.type("h")
            expect(people).to_be_visible()
            first = people.get_by_role("option").first.text_content()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowUp")
            assert page.evaluate("document.getElementById(document.activeElement.getAttribute("
                                 "'aria-activedescendant')).textContent") == first  # fmt: skip
            people.get_by_role("option", name="@thora").click()
            expect(field).to_have_value("A line.\n\nAnd so I would ask @thora ")
            expect(field).to_be_focused()

    def test_a_thread_is_read_answered_and_voted_on_by_keyboard_alone(self, site, reader, talk):
        page = reader(viewport={"width": 1000, "height": 700})
        page.goto(site.url + talk)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        by_tab(page, "fold")
        page.keyboard.press("Enter")
        expect(page.locator(".comment > details").first).not_to_have_attribute("open", "")
        page.keyboard.press("Enter")
        by_tab(page, "reply")
        page.keyboard.press("Enter")
        page.wait_for_url("**?reply=*")
        by_tab(page, "textarea")
        page.keyboard.type("By keyboard alone.")
        by_tab(page, "post")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "#c-" in address and "reply" not in address)

        expect(page.locator(".comment:target > .prose")).to_have_text("By keyboard alone.")


# Where everything on the page stands, but for what the offer itself is made of.
PLACES = """[...document.querySelectorAll("main *, footer")]
  .filter((it) => it.getClientRects().length && !it.closest("[role=listbox], [role=status]"))
  .map((it) => it.getBoundingClientRect())
  .map(({ x, y }) => [Math.round(x + scrollX), Math.round(y + scrollY)]).join(" ")"""
WANTED = {
    "fold": "it => it.matches('.comment > details > summary')",
    "reply": "it => it.matches('.do a') && it.textContent === 'reply'",
    "textarea": "it => it.matches('textarea[name=body]')",
    "post": "it => it.matches('button.primary')",
}


def by_tab(page, what, most=80):
    """Press Tab until what is wanted has the focus, which must be seen wherever it is on the way."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        assert here.evaluate("it => getComputedStyle(it).outlineStyle") != "none"
        if here.evaluate(WANTED[what]):
            return
    raise AssertionError(f"{what} is not reached by {most} presses of Tab")


class TestWritingOn:

    def test_a_selected_passage_stands_above_the_comment_and_says_when_the_text_is_reworded(
        self, site, reader, tess, revised
    ):
        said = "Nobody has seen the weights outside of the two buildings in which they were made and tried."
        stages = [{"date": "2025-02", "date_precision": "month", "status": "effective", "title": "Weights",
                   "components": [{"component": "weights_final", "mode": "downloadable", "audience": "public"}]}]
        tess("POST", "releases", {"lab": "script-lab", "slug": "candle", "title": "Candle", "summary": "A candle.",
                                  "rationale": said, "stages": stages,
                                  "sources": [{"key": "a", "title": "A", "url": "https://example.org/"}],
                                  "events": [{"date": "2025-03-01", "kind": "note", "sources": ["a"],
                                              "text": "It burned for an hour."}]})  # fmt: skip
        tess("POST", "releases/script-lab/candle/publication", {"justification": "First."})
        page = reader()
        page.goto(site.url + "/releases/script-lab/candle/")
        page.locator("#since p").get_by_text("It burned for an hour.").click(click_count=3)
        sourced = page.get_by_role("link", name="Discuss this passage")
        expect(sourced).to_have_attribute("href", re.compile(r"passage=It\+burned\+for\+an\+hour\.$"))
        page.locator(".prose").get_by_text(said).click(click_count=3)
        expect(sourced).to_have_attribute("href", re.compile("passage=Nobody"))
        page.get_by_role("link", name="Discuss this passage").click()
        expect(page.locator("[name=passage]")).to_have_value(said)
        page.get_by_label("Title").fill("Nobody at all?")
        page.locator(BODY).fill("Who counted?")
        page.get_by_role("button", name="Start the discussion").click()
        expect(page.locator(".passage")).to_contain_text(said)
        expect(page.locator(".passage")).to_contain_text("is still in the current text")

        tess("PATCH", "releases/script-lab/candle", {"rationale": said.replace("Nobody has", "Few people have")})
        tess("POST", "releases/script-lab/candle/publication", {"justification": "Too sure."})
        deadline = time.monotonic() + 30
        while "was reworded since" not in page.locator(".passage").inner_text():
            assert time.monotonic() < deadline, "the worker did not look again"
            time.sleep(0.5)
            page.reload()
        expect(page.locator(".passage a")).to_have_attribute("href", re.compile("/releases/script-lab/candle/r/1/#:~"))

    def test_two_tabs_lose_neither_text(self, site, reader, talk):
        first = reader()
        second = first.context.new_page()
        for page in (first, second):
            page.goto(f"{site.url}{talk}reply/")
        for page, text in ((first, "from the first tab"), (second, "from the second tab")):
            page.locator(BODY).press_sequentially(text)
            expect(page.locator("[data-saved]")).to_contain_text("Saved at")
        second.reload()

        expect(second.locator(BODY)).to_have_value("from the second tab")
        second.get_by_text("Another tab of yours saved a different text.").click()
        expect(second.get_by_label("The other text")).to_have_value("from the first tab")

    def test_a_lost_network_and_a_lost_login_keep_the_text(self, site, reader, talk):
        page = reader()
        page.goto(f"{site.url}{talk}reply/")
        # Answered in place of the network, so that no broken answer is counted against the page.
        page.route("**/reply/", lambda route: route.fulfill(status=302, headers={"Location": "/accounts/login/"})
                   if route.request.method == "POST" else route.continue_())  # fmt: skip
        page.locator(BODY).press_sequentially("kept in this browser")
        expect(page.locator("[data-saved]")).to_contain_text("you are signed out. Kept in this browser.")
        page.unroute("**/reply/")
        page.reload()
        page.get_by_role("button", name="Put it back").click()

        expect(page.locator(BODY)).to_have_value("kept in this browser")
        expect(page.locator("[data-saved]")).to_contain_text("Saved at")

    def test_a_text_that_stands_there_is_not_offered_again_and_one_that_does_not_is(self, site, reader, talk):
        page = reader()
        page.goto(site.url + talk)
        said = "## Why\n\nIt is *good* to see [who said it](https://example.org/who), and `when`.\n\n> Quoted\n\n- one"
        page.locator(BODY).fill(said)
        page.get_by_role("button", name="Post the comment").click()
        page.wait_for_url("**#c-*")
        expect(page.locator(".comment:target > .prose")).to_contain_text("It is good to see who said it, and when.")
        expect(page.get_by_text("You sent a text from here")).to_have_count(0)

        page.route("**/reply/", lambda route: route.fulfill(status=302, headers={"Location": talk})
                   if route.request.method == "POST" else route.continue_())  # fmt: skip
        page.locator(BODY).fill("This one was lost on the way.")
        page.get_by_role("button", name="Post the comment").click()
        expect(page.get_by_text("You sent a text from here")).to_be_visible()
