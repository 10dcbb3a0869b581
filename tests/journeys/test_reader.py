"""A reader without an account, on a phone, in both colours, on paper; and what the pages owe to everybody."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD
from tests.shared import ROOT

AXE = ROOT / "tests" / "vendor" / "axe.min.js"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WORKSHOP = "/workshops/release-decisions-example/"
FAULTS = """async (only) => {
    const told = (node) => node.target.join(" ") + ": " + node.failureSummary;
    const found = await axe.run(document, only ? {runOnly: {type: "rule", values: only}} : {});
    return found.violations.map((fault) => [fault.id, ...fault.nodes.slice(0, 3).map(told)]);
}"""
WIDER = """() => [...document.querySelectorAll("body *")].filter((it) => {
    const box = it.getBoundingClientRect();
    if (box.right <= innerWidth + 1 || !box.width) return false;
    for (let up = it.parentElement; up; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== "visible") return false;
    return true;
}).map((it) => it.outerHTML.slice(0, 120)).slice(0, 3)"""


@pytest.fixture(scope="session")
def pages(site, revised, tess):
    """Name → address of every kind of page that a reader meets."""
    runs = tess("GET", "runs?release=example-lab/lantern")["results"]
    threads = tess("GET", "threads?subject=release:openai/gpt-2")["results"]
    sessions = tess("GET", "sessions?workshop=release-decisions-example")["results"]
    return {
        "home": "/", "releases": "/releases/", "entry": "/releases/openai/gpt-2/", "diff": f"{revised}diff/1..2/",
        "planned entry": "/releases/example-lab/lantern/", "revision": f"{revised}r/1/",
        "history": f"{revised}history/", "labs": "/labs/", "lab": "/labs/openai/", "norms": "/norms/",
        "norm": "/norms/N-1/", "version": "/norms/N-1/v/1/", "clause": "/norms/N-1/c/3/", "matrix": "/matrix/",
        "threads": "/threads/", "thread": threads[0]["url"], "workshops": "/workshops/", "workshop": WORKSHOP,
        "session": sessions[0]["url"], "runs": "/runs/", "run": runs[0]["url"], "person": "/people/ada-example/",
        "activity": "/activity/", "search": "/search/?q=weights", "api": "/api/", "sign in": "/accounts/login/",
        "join": "/accounts/signup/", "new password": "/accounts/password/reset/",
    }  # fmt: skip


class TestOnAPhone:
    def test_goes_from_the_front_page_to_a_reason_and_to_who_disagrees(self, site, opened, revised):
        page = opened(**PHONE).new_page()
        page.goto(site.url)
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="Releases", exact=True).click()
        page.get_by_role("link", name="Older →").click()
        page.get_by_role("link", name="GPT-2", exact=True).click()
        expect(page.locator("svg.timeline.tl-narrow")).to_be_visible()
        expect(page.locator("svg.timeline.tl-wide")).to_be_hidden()
        expect(page.locator("header .why")).to_contain_text("Why:")
        page.locator("#discussion").get_by_role("link", name="Was withholding the largest weights").click()
        expect(page.locator(".comment").nth(5)).to_be_visible()

        page.goto(site.url + revised)
        page.get_by_role("link", name="All revisions and comparisons").click()
        page.get_by_role("link", name=re.compile("revision 1|Revision 1")).first.click()
        expect(page.locator("h1")).to_contain_text("Lamp")
        page.goto(f"{site.url}{revised}diff/1..2/")
        expect(page.locator("ins", has_text="Hardly anybody")).to_be_visible()
        expect(page.locator("del", has_text="Nobody")).to_be_visible()

    def test_folds_replies_and_finds_a_comment_by_its_address(self, site, opened, pages):
        page = opened(**PHONE).new_page()
        page.goto(site.url + pages["thread"])
        last = page.locator(".comment").last.get_attribute("id")
        page.locator(".thread details > summary").first.click()
        expect(page.locator(f"#{last}")).to_be_hidden()
        page.reload()
        expect(page.locator(f"#{last}")).to_be_hidden()

        page.goto(f"{site.url}/c/{last.removeprefix('c-')}/")

        expect(page.locator(f"#{last}")).to_be_in_viewport()

    def test_reads_norm_matrix_and_session(self, site, opened, pages):
        page = opened(**PHONE).new_page()
        page.goto(site.url + "/norms/")
        page.get_by_role("link", name=re.compile("Release decision safety checklist")).first.click()
        page.get_by_role("link", name=re.compile("^N-1.3")).first.click()
        expect(page).to_have_url(re.compile("/norms/N-1/c/3/$"))
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="Matrix", exact=True).click()
        page.locator("table.matrix td a").first.click()
        expect(page).to_have_url(re.compile("cell="))
        page.goto(site.url + WORKSHOP)
        page.locator(".programme a").first.click()
        expect(page).to_have_url(re.compile("/sessions/"))

    @pytest.mark.parametrize("width", [320, 390])
    def test_no_page_is_wider_than_the_screen(self, site, opened, pages, width):
        # A narrow window: where a phone would zoom out for what is too wide, this one scrolls.
        page = opened(viewport={"width": width, "height": 700}, has_touch=True).new_page()
        wide = {}
        for name, path in pages.items():
            page.goto(site.url + path)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide[name] = page.evaluate(WIDER)
        assert wide == {}

    @pytest.mark.parametrize(("width", "folded"), [(390, True), (1280, False)])
    def test_the_header_is_one_row_with_a_menu_on_phones_only(self, site, opened, width, folded):
        page = opened(viewport={"width": width, "height": 700}).new_page()
        page.goto(site.url + "/threads/")
        menu = page.get_by_role("button", name="Menu")
        assert menu.is_visible() is folded
        assert page.locator("header.site").bounding_box()["height"] < 70
        if folded:
            menu.click()
        expect(page.get_by_role("link", name="Concerns", exact=True)).to_be_visible()

    def test_one_long_word_makes_no_page_wider(self, site, opened, tess):
        word = "Donaudampfschifffahrtsgesellschaft" * 3
        tess("POST", "labs", {"slug": "long-lab", "name": word[:100]})
        weights = {"component": "weights_final", "mode": "downloadable", "audience": "public"}
        stage = {"date": "2025", "date_precision": "year", "status": "effective", "title": word,
                 "components": [weights]}  # fmt: skip
        tess("POST", "releases", {"lab": "long-lab", "slug": "long", "title": word, "summary": word,
                                  "rationale": word, "stages": [stage]})  # fmt: skip
        tess("POST", "releases/long-lab/long/publication", {"justification": "First publication."})
        thread = tess("POST", "threads", {"subject": "release:long-lab/long", "title": word, "body": word})
        comment = tess("GET", f"comments?thread={thread['id']}")["results"][0]
        tess("PATCH", f"comments/{comment['id']}", {"body": f"{word} once more."})
        context = opened(viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto(site.url + "/accounts/login/")
        page.get_by_label("Handle or e-mail").fill("tess")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        wide = {}
        for path in ("/labs/", "/labs/long-lab/", "/releases/", "/releases/long-lab/long/", "/threads/", "/matrix/",
                     thread["url"], f"/c/{comment['id']}/history/", "/releases/long-lab/long/edit/",
                     "/activity/"):  # fmt: skip
            page.goto(site.url + path)
            if page.evaluate("document.documentElement.scrollWidth") > 390:
                wide[path] = page.evaluate(WIDER)
        assert wide == {}
        page.locator(".menu > summary").click()
        box = page.locator(".menu > ul").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390

    def test_what_is_pressed_is_large_enough(self, site, opened, pages):
        page = opened(**PHONE).new_page()
        page.goto(site.url + pages["sign in"])
        pressed = "main :is(button, input:not([type=hidden], [type=checkbox])), header.site nav a"
        heights = page.locator(pressed).evaluate_all(
            "all => all.map((it) => it.getBoundingClientRect().height).filter((height) => height)"
        )
        assert heights and min(heights) >= 43.5


class TestForEverybody:
    def test_axe_finds_nothing_in_light_or_dark(self, site, opened, pages):
        page = opened(color_scheme="light").new_page()
        axe, found = AXE.read_text(), {}
        for name, path in [*pages.items(), ("pressed cell", "/matrix/?cell=1")]:
            page.goto(site.url + path)
            page.evaluate(axe)
            page.emulate_media(color_scheme="light")
            light = page.evaluate(FAULTS, None)
            page.emulate_media(color_scheme="dark")
            dark = page.evaluate(FAULTS, ["color-contrast", "link-in-text-block"])
            if light or dark:
                found[name] = {"light": light, "dark": dark}
        assert found == {}, json.dumps(found, indent=1)

    def test_the_chosen_colours_are_remembered(self, site, opened):
        context = opened(color_scheme="light")
        page = context.new_page()
        page.goto(site.url)
        before = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Dark", exact=True).click()

        other = context.new_page()
        other.goto(site.url + "/norms/")

        assert other.evaluate("getComputedStyle(document.body).backgroundColor") != before

    def test_every_page_has_one_heading_a_name_of_its_own_and_a_language(self, site, opened, pages):
        page = opened(java_script_enabled=False).new_page()
        titles = {}
        for name, path in pages.items():
            page.goto(site.url + path)
            assert (name, page.locator("h1").count()) == (name, 1)
            assert page.locator("html").get_attribute("lang") == "en-GB"
            titles.setdefault(page.title(), []).append(name)
        # An entry's discussion may be named as it likes; no two pages of this list share a name.
        assert {title: names for title, names in titles.items() if len(names) > 1} == {}

    def test_reading_sets_no_cookie_and_asks_nobody_else(self, site, opened, pages):
        context = opened()
        page, elsewhere = context.new_page(), []
        page.on("request", lambda request: elsewhere.append(request.url))
        for name in pages.keys() - {"sign in", "join", "new password"}:
            page.goto(site.url + pages[name])

        assert context.cookies() == []
        assert [address for address in elsewhere if not address.startswith(site.url)] == []


class TestOnPaper:
    @pytest.mark.parametrize("name", ["entry", "thread", "norm"])
    def test_prints_as_a_document(self, site, opened, pages, name):
        page = opened().new_page()
        page.goto(site.url + pages[name])

        pdf = page.pdf(format="A4")
        page.emulate_media(media="print")

        assert pdf.startswith(b"%PDF-")
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 20
        expect(page.locator("h1")).to_be_visible()
        for part in ["nav.nav", "form.find", ".themes"]:
            expect(page.locator(part)).to_be_hidden()
