"""Registering a decision from a model card: hand it in, see what was understood, take it over, publish, export."""

import pytest
from playwright.sync_api import expect

from .conftest import PASSWORD, Api, issue_token, make_person
from .researcher import Researcher

CARD = """---
license: apache-2.0
language: en
pretty: odd
datasets: [example/torch-data]
---
# Torch

Torch is a language model with 1B parameters that writes short texts about torches.
"""


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_a_card_to_a_published_entry_and_out_again(site, opened, tmp_path, script):
    handle = "cara" if script else "carl"
    make_person(site, handle)
    Api(site, issue_token(site, handle))("POST", "labs", {"slug": f"lab-of-{handle}", "name": f"Lab of {handle}"})
    page = opened(viewport={"width": 1280, "height": 900}, java_script_enabled=script).new_page()
    person = Researcher(page, site, handle=handle)
    person.password = PASSWORD
    person.sign_in()
    card = tmp_path / "README.md"
    card.write_text(CARD)

    person.open("/releases/new/")
    person.press("Begin from a model card")
    page.locator("[name=file]").set_input_files(card)
    person.press("Show what the file says")

    expect(page.get_by_role("heading", name="What README.md says")).to_be_visible()
    expect(page.locator("tbody").first).to_contain_text("Torch is a language model")
    expect(page.locator("tbody").first).to_contain_text("line 2")
    missed = page.locator("#missed")
    expect(missed).to_contain_text("A release entry has no field for languages")
    expect(missed.get_by_role("row", name="pretty")).to_contain_text("“odd”")
    page.locator("[name=take][value=variants]").uncheck()
    person.press("Begin a draft with what is ticked")

    expect(page.get_by_role("heading", name="Edit Torch")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("Torch")
    expect(page.get_by_text("On the draft: README.md")).to_be_visible()
    person.entry = page.url.removeprefix(site.url).removesuffix("edit/")
    person.write_decision()
    person.publish()

    person.open(person.entry)
    person.press("Other formats and a paragraph for a paper")
    expect(page.get_by_text("Torch is a model of Lab of").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CycloneDX 1.7").click()
    assert download.value.suggested_filename == f"lab-of-{handle}-torch-r1.cdx.json"
    page.locator("tr", has_text="CSV").get_by_role("link", name="values").click()
    expect(page.get_by_role("heading", name="What CSV does not say")).to_be_visible()
