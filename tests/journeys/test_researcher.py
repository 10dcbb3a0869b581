"""A researcher's whole way: from reading GPT-2's entry to a published, analysed and discussed entry of one's own."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.shared import DATA, needs_shared

from .conftest import PASSWORD, Api, issue_token, make_person, texts
from .researcher import Researcher
from .test_reader import AXE, FAULTS

CARDS = DATA / "model_cards"
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


def walk(person, card, files, *, script):
    """From nothing to a published entry of which both analyses were asked for; ends on the page of the second."""
    person.sign_up()
    person.sign_in()
    person.register_lab()
    person.begin_draft("Small model")
    person.import_card(card)
    person.write_decision()
    person.publish()
    person.declare(1, "Follows", "See the stages.")
    person.declare(2, "Departs", "No reason was given at the time.")
    person.declare(3, "Planned", "In May.")
    person.ask_for_detection(files)
    if script:
        expect(person.page.locator("[data-run-text]")).to_contain_text("%", timeout=60_000)
    person.wait_for_run(reload=not script)


def discuss(person):
    person.start_discussion("Why on that date?", "Was there **anything** to wait for?")
    person.reply("The partners had not ansered yet.")
    person.edit("The partners had not ansered yet.", "The partners had not answered yet.")


def no_longer_new(site, handle):
    """As if the account were a day old and had been heard before."""
    trust = f"User.objects.filter(handle={handle!r}).update(trusted_since=timezone.now())"
    said = f"from django.utils import timezone; from registry.accounts.models import User; {trust}"
    site.manage("shell", "-c", said)


def check_entry(person):
    """What everyone now finds on the entry, by the API, which needs no browser."""
    api, key = Api(person.site), person.entry.removeprefix("/releases/").removesuffix("/")
    entry = api("GET", f"releases/{key}")
    assert (entry["state"], entry["revision"], entry["comments"]) == ("published", 1, 2)
    declared = api("GET", f"declarations?release={key}")["results"]
    assert {d["clause"]: d["stance"] for d in declared} == {
        "N-1/1": "adheres", "N-1/2": "does_not", "N-1/3": "planned"}  # fmt: skip
    runs = api("GET", f"runs?release={key}")["results"]
    assert {r["analysis"]: r["status"] for r in runs} == {"detection": "succeeded", "model_card": "succeeded"}


@needs_shared
class TestFromNothingToADiscussedEntry:
    def test_with_script_the_page_follows_the_worker(self, site, opened, tmp_path):
        page = opened(**DESKTOP).new_page()
        rea = Researcher(page, site, handle="rea")

        rea.open("/")
        page.get_by_role("link", name="All release decisions").click()
        page.get_by_role("link", name="Older →").click()
        page.get_by_role("link", name="GPT-2", exact=True).click()
        expect(page.locator("svg.timeline.tl-wide")).to_be_visible()
        expect(page.locator("header .lede").first).to_contain_text("withheld for 264 days")
        walk(rea, CARDS / "huggingface__transformers__gpt2.md", texts(tmp_path, 0, 150), script=True)
        discuss(rea)

        check_entry(rea)
        rea.open(rea.entry)
        expect(page.locator("#analyses .finding")).to_have_count(2)
        expect(page.locator("#norms")).to_contain_text("3 of 14 clauses stated.")
        expect(page.locator("#discussion")).to_contain_text("2 comments")

    def test_without_script_every_step_is_the_same(self, site, opened, tmp_path):
        page = opened(java_script_enabled=False, **DESKTOP).new_page()
        bea = Researcher(page, site, handle="bea")

        bea.open("/releases/openai/gpt-2/")
        expect(page.locator("svg.timeline.tl-wide")).to_be_visible()
        walk(bea, CARDS / "facebookresearch__llama__MODEL_CARD-v1.md", texts(tmp_path, 300, 420), script=False)
        no_longer_new(site, "bea")  # what a new account posts without script waits for a moderator
        discuss(bea)

        check_entry(bea)


@pytest.fixture(scope="module")
def draft(site):
    """A draft of Wanda's; its address."""
    make_person(site, "wanda")
    api = Api(site, issue_token(site, "wanda"))
    api("POST", "labs", {"slug": "wanda-lab", "name": "Wanda's Lab"})
    api("POST", "releases", {"lab": "wanda-lab", "slug": "half-written", "title": "Half-written"})
    return "/releases/wanda-lab/half-written/"


class TestDrafts:
    @pytest.fixture
    def writer(self, site, opened, draft):
        """Wanda, with her draft before her."""
        wanda = Researcher(opened(**DESKTOP).new_page(), site, handle="wanda")
        wanda.password, wanda.entry = PASSWORD, draft
        wanda.sign_in()
        wanda.open(draft + "edit/")
        return wanda

    def test_saves_itself_and_survives_the_closing_of_the_tab(self, writer):
        writer.page.locator("[name=rationale]").fill("Half a reason is")
        expect(writer.page.locator("[data-saved]")).to_contain_text("Saved at")
        writer.page.close()

        writer.page = writer.page.context.new_page()
        writer.open(writer.entry + "edit/")

        expect(writer.page.locator("[name=rationale]")).to_have_value("Half a reason is")

    def test_what_had_no_time_to_be_saved_is_offered_again(self, writer):
        writer.page.locator("[name=rationale]").fill("Typed in the last second")
        writer.page.close()

        writer.page = writer.page.context.new_page()
        writer.open(writer.entry + "edit/")
        writer.press("Put it back")

        expect(writer.page.locator("[name=rationale]")).to_have_value("Typed in the last second")
        expect(writer.page.locator("[data-saved]")).to_contain_text("Saved at")


class TestFormsOfSomebodySignedIn:
    @pytest.fixture
    def forms(self, site, opened, draft, tess):
        """A page of Wanda's and the addresses of what only she sees."""
        thread = tess("GET", "threads?subject=release:openai/gpt-2")["results"][0]["url"]
        page = opened(viewport={"width": 320, "height": 700}, has_touch=True).new_page()
        wanda = Researcher(page, site, handle="wanda")
        wanda.password = PASSWORD
        wanda.sign_in()
        wanda.open(draft + "edit/")
        wanda.press("Save and add a stage")
        paths = [
            draft, f"{draft}edit/", f"{draft}edit/stages/1/", f"{draft}publish/", f"{draft}declarations/",
            f"{draft}declarations/N-1/1/", f"{draft}analyses/detection/", "/releases/new/", "/labs/new/",
            "/labs/wanda-lab/members/", "/labs/wanda-lab/edit/", "/labs/wanda-lab/domain/", "/me/", "/me/tokens/",
            "/me/affiliations/", thread, f"{thread}reply/", "/t/new/?subject=release:openai/gpt-2",
        ]  # fmt: skip
        return page, [site.url + path for path in paths]

    def test_fit_on_a_small_phone_and_have_no_fault_that_axe_finds(self, forms):
        page, addresses = forms
        wide, found, axe = [], {}, AXE.read_text()
        for address in addresses:
            page.goto(address)
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                wide.append(address)
            page.evaluate(axe)
            if faults := page.evaluate(FAULTS, None):
                found[address] = faults
        assert wide == []
        assert found == {}, json.dumps(found, indent=1)


class TestByKeyboard:
    def test_reads_replies_and_posts_without_a_mouse(self, site, opened, revised, tess):
        thread = tess("POST", "threads", {
            "subject": "release:script-lab/lamp", "title": "Keys", "body": "Press some keys."
        })  # fmt: skip
        page = opened(**DESKTOP).new_page()
        kim = Researcher(page, site, handle="kim-of-the-keys")
        kim.password = make_person(site, "kim-of-the-keys")
        kim.sign_in()
        kim.open(revised)

        page.keyboard.press("Tab")
        assert focused(page) == "Skip to the content"
        page.keyboard.press("Enter")
        tab_to(page, "Keys")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(thread["url"]))
        tab_to(page, "reply")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("reply="))
        tab_to(page, "textarea")
        page.keyboard.type("All of them work.")
        tab_to(page, "Post the reply, visible to everyone")
        page.keyboard.press("Enter")

        expect(kim.comment("All of them work.")).to_be_visible()


def focused(page):
    """The words of what has the focus (of a text field, its kind), which must be seen to have it."""
    return page.evaluate("""() => {
        const it = document.activeElement, style = getComputedStyle(it);
        if (it === document.body) return "";
        const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        const said = it.innerText.trim() || it.getAttribute("aria-label") || it.name;
        const words = it.matches("textarea") ? "textarea" : said;
        return (shown ? "" : "focus is not visible: ") + words;
    }""")


def tab_to(page, words, most=80):
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        if seen[-1] == words:
            return
    pytest.fail(f"no {words!r} within {most} presses of Tab, but {seen}")
