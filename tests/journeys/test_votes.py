"""Voting in a real browser: with script and without, and with the network gone."""

import pytest
from playwright.sync_api import expect

from .conftest import make_person


@pytest.fixture
def thread(site, tess):
    """The address of a thread with one comment, by Tess."""
    body = {"subject": "release:openai/gpt-2", "title": "Is it worth a vote?", "body": "I ask."}
    return tess("POST", "threads", body)["url"]


@pytest.fixture
def signed_in(site, browser):
    """A page of a context with options, signed in as a new person."""
    contexts = []

    def open_page(handle, **options):
        password = make_person(site, handle)
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(f"{site.url}/accounts/login/")
        page.fill("[name=login]", handle)
        page.fill("[name=password]", password)
        page.click("main form button")
        expect(page.locator("header.site")).to_contain_text(handle)
        return page

    yield open_page
    for context in contexts:
        context.close()


def button(page, side):
    return page.locator(".comment").first.get_by_role("button", name=side, exact=True)


def test_without_script_it_takes_a_page_and_comes_back_to_the_comment(site, signed_in, thread):
    page = signed_in("vera-votes", java_script_enabled=False)
    page.goto(site.url + thread)
    button(page, "disagree").click()

    expect(button(page, "disagree")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".tally")).to_have_text("agree 0, disagree 1")
    assert page.url.startswith(f"{site.url}{thread}#c-")


def test_with_script_the_page_stays_and_says_only_what_is_stored(site, signed_in, thread):
    page = signed_in("vito-votes")
    page.goto(site.url + thread)
    button(page, "agree").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tally")).to_have_text("agree 1, disagree 0")
    expect(button(page, "agree")).to_be_focused()
    button(page, "disagree").click()
    expect(page.locator(".tally")).to_have_text("agree 0, disagree 1")
    expect(button(page, "agree")).not_to_have_attribute("aria-pressed", "true")

    page.context.set_offline(True)
    button(page, "helpful").click()
    expect(page.locator(".do [role=status]").first).to_have_text("Not saved: there is no connection")
    expect(button(page, "helpful")).not_to_have_attribute("aria-pressed", "true")
    page.context.set_offline(False)
    button(page, "disagree").click()
    expect(page.locator(".tally")).to_have_count(0)

    page.reload()
    expect(page.locator(".tally")).to_have_count(0)
