"""Somebody writes to a lab, for a date and in private; the running site makes the letter public by itself."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import PASSWORD, Api, issue_token, make_person
from .test_reader import AXE, FAULTS, PHONE, WIDER

ENTRY = "/releases/script-lab/lamp/"
DUE = """
from discussions.letters.models import LabLetter
LabLetter.objects.filter(pk={}).update(opens_at="2020-01-01T00:00Z")
"""


@pytest.fixture(scope="session")
def lena(site):
    make_person(site, "lena")
    return Api(site, issue_token(site, "lena"))


@pytest.fixture
def writer(site, opened, lena):
    """Lena, signed in, in a context with these options."""

    def sign_in(**options):
        page = opened(**options).new_page()
        page.goto(site.url + "/accounts/login/")
        page.locator("[name=login]").fill("lena")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda address: "login" not in address)
        return page

    return sign_in


def write(page, title, choice):
    page.get_by_label("Title").fill(title)
    page.get_by_label("The letter").fill("The **filter** leaks.")
    page.get_by_label("Category", exact=True).select_option("misuse_risk")
    page.locator(f"[name=visibility][value={choice}]").check()


def test_a_dated_letter_is_a_placeholder_until_the_worker_opens_it(site, revised, writer, opened, tess):
    page = writer()
    page.goto(site.url + ENTRY)
    page.get_by_role("link", name="Write to the lab").click()
    expect(page.get_by_text("the one person who speaks for Script Lab").first).to_be_visible()
    write(page, "A leak to be told later", "dated")
    page.locator("[name=public_on]").fill((datetime.now(UTC) + timedelta(days=30)).date().isoformat())
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong")).to_have_text("filter")
    page.get_by_role("button", name="Send the letter").dblclick()
    page.wait_for_url("**/letters/*/")
    address = page.url
    expect(page.locator("h1")).to_have_text("A leak to be told later")

    stranger = opened().new_page()
    stranger.goto(site.url + ENTRY)
    stranger.get_by_role("link", name="A letter: misuse risk").click()
    assert stranger.url == address
    shown = stranger.content()
    assert "leak" not in shown and "lena" not in shown.lower()

    key = int(address.rstrip("/").rsplit("/", 1)[1])
    tess("POST", f"letters/{key}/messages", {"body": "We know, and mend it.", "official": True})
    assert [row["id"] for row in tess("GET", "letters?lab=script-lab&state=waiting")["results"]] == [key]
    site.manage("shell", "-c", DUE.format(key))
    for _ in range(120):
        if tess("GET", f"letters/{key}")["state"] == "public":
            break
        time.sleep(0.5)
    stranger.reload()
    stranger.get_by_role("link", name="Read the discussion").click()
    expect(stranger.locator(".comment .prose")).to_have_text(["The filter leaks.", "We know, and mend it."])
    expect(stranger.locator(".comment.official .by")).to_contain_text("official response of Script Lab")
    expect(stranger.locator(".comment .by").first).to_contain_text("written privately on")


def test_what_was_typed_comes_back_and_a_private_letter_is_sent_without_script(site, revised, writer, opened):
    page = writer()
    page.goto(f"{site.url}/letters/new/?subject=release:script-lab/lamp")
    with page.expect_response(lambda answer: answer.url.endswith("/letters/new/")):
        write(page, "In private", "private")
    page.goto(f"{site.url}/letters/new/?subject=release:script-lab/lamp")
    expect(page.get_by_label("The letter")).to_have_value("The **filter** leaks.")

    plain = writer(java_script_enabled=False)
    plain.goto(f"{site.url}/letters/new/?subject=release:script-lab/lamp")
    expect(plain.get_by_label("Title")).to_have_value("In private")
    write(plain, "In private", "private")
    plain.get_by_role("button", name="Send the letter").click()
    plain.wait_for_url("**/letters/*/")
    expect(plain.locator(".prose").first).to_have_text("The filter leaks.")
    stranger = opened().new_page()
    assert stranger.request.get(plain.url).status == 404


def test_pages_of_letters_have_no_faults_and_fit_a_phone(site, revised, writer, lena, tess):
    said = {"subject": "release:script-lab/lamp", "title": "For the look", "body": "Of **it**."}
    private = lena("POST", "letters", said | {"visibility": "private"})
    day = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    dated = lena("POST", "letters", said | {"visibility": "dated", "public_on": day})
    tess("POST", f"letters/{private['id']}/messages", {"body": "Thank you.", "official": True})
    tess("POST", f"letters/{private['id']}/proposal", {"scope": "exchange"})
    page = writer(**PHONE, color_scheme="light")
    axe, found = AXE.read_text(), {}
    ref = "?subject=release:script-lab/lamp"
    for name, path in {
        "new": f"/letters/new/{ref}", "old": f"/letters/old/{ref}", "private": private["url"], "dated": dated["url"],
        "date": f"{dated['url']}date/", "mine": "/letters/mine/", "all": "/letters/",
    }.items():  # fmt: skip
        page.goto(site.url + path)
        page.evaluate(axe)
        page.emulate_media(color_scheme="light")
        faults = page.evaluate(FAULTS, None)
        page.emulate_media(color_scheme="dark")
        faults += page.evaluate(FAULTS, ["color-contrast", "link-in-text-block"])
        wide = page.evaluate(WIDER)
        if folder := os.environ.get("LETTERS_PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
        if faults or wide:
            found[name] = (faults, wide)
    assert found == {}
