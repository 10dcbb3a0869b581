"""Somebody asks a lab for gated weights, is asked for more and rejected, appeals, and another editor gives access."""

import pytest
from playwright.sync_api import expect

from .conftest import make_person
from .test_reader import AXE, FAULTS, PHONE, WIDER

SECOND = """
from registry.accounts.models import User
from registry.labs.models import Lab
Lab.objects.get(slug="gate-lab").memberships.get_or_create(
    user=User.objects.get(handle="edwin"), defaults={"role": "editor"})
"""


@pytest.fixture(scope="module")
def gated(site, tess):
    """An entry whose weights stand behind a form, of a lab with two people who decide."""
    tess("POST", "labs", {"slug": "gate-lab", "name": "Gate Lab"})
    stage = {
        "date": "2025-02", "date_precision": "month", "status": "effective", "title": "By form",
        "components": [{"component": "weights_final", "mode": "downloadable", "gate": "application_manual",
                        "audience": "verified_researchers"}],
    }  # fmt: skip
    tess("POST", "releases", {
        "lab": "gate-lab", "slug": "torch", "title": "Torch", "summary": "The weights are given on request.",
        "rationale": "They could be misused. So we look at who asks.", "stages": [stage],
    })  # fmt: skip
    tess("POST", "releases/gate-lab/torch/publication", {"justification": "First publication."})
    for handle in ("edwin", "gina"):
        make_person(site, handle)
    site.manage("shell", "-c", SECOND)
    return "/releases/gate-lab/torch/"


def test_from_the_offer_to_an_appeal_that_somebody_else_decides(site, gated, opened, browser, signed_in):
    lab = signed_in(browser.new_context(java_script_enabled=False), "tess")
    lab.goto(site.url + gated)
    lab.get_by_role("link", name="offer access").click()
    lab.get_by_label("Name", exact=True).fill("Weights for studies")
    lab.get_by_label("Weights", exact=True).check()
    lab.get_by_label("Who is given access").fill("Whoever has a **plan** for a study.")
    lab.get_by_label("Questions").fill("Which study? [text]\nEthics board? [choice] [optional]")
    lab.get_by_role("button", name="Open it, visible to everyone").click()
    lab.wait_for_url("**/access/*/")
    programme = lab.url

    asker = signed_in(opened(**PHONE), "gina")
    asker.goto(site.url + gated)
    asker.get_by_role("link", name="Weights for studies").click()
    asker.get_by_role("link", name="Ask for access").click()
    asker.get_by_label("What you want it for").fill("To repeat a study.")
    asker.get_by_label("Where you work").select_option("academia")
    asker.get_by_label("Which study?").fill("Ours of 2024.")
    asker.get_by_role("button", name="Send it to the lab").click()
    asker.wait_for_url("**/access/requests/*/")
    request = asker.url
    expect(asker.locator(".lede")).to_contain_text("Waits for the lab")

    lab.goto(f"{programme}requests/")
    lab.get_by_role("link", name="gina").click()
    say(lab, "Ask for more", "ask_more", "Who pays for it?")
    asker.reload()
    expect(asker.get_by_text("Who pays for it?")).to_be_visible()
    say(asker, "Send the answer", "answer", "A public fund.")
    lab.goto(request)
    say(lab, "Reject", "reject", "No ethics board was asked.")
    asker.goto(request)
    say(asker, "Appeal", "appeal", "The data are public.")

    lab.goto(request)
    expect(lab.get_by_text("another owner or editor of Gate Lab decides now")).to_be_visible()
    expect(lab.get_by_role("button", name="Accept")).to_have_count(0)
    other = signed_in(opened(), "edwin")
    other.goto(request)
    say(other, "Accept", "accept", "Fetch it by the link that we send.")
    asker.goto(request)
    expect(asker.locator(".lede")).to_contain_text("Accepted since")
    expect(asker.get_by_text("Fetch it by the link that we send.")).to_be_visible()

    axe, found = AXE.read_text(), {}
    both = f"{site.url}/releases/compare/?entry=gate-lab/torch&entry=openai/gpt-2"
    asked = [(other, f"{programme}{part}") for part in ("requests/", "edit/", "close/")]
    asked += [(asker, path) for path in (
        programme, request, f"{site.url}/me/access/", both, f"{site.url}{gated}precedents/",
        f"{site.url}/releases/?mode=odd",
    )]  # fmt: skip
    for page, path in asked:
        page.goto(path)
        page.wait_for_load_state("load")
        page.evaluate(axe)
        if faults := page.evaluate(FAULTS):
            found[path] = faults
        if page is asker and (wider := page.evaluate(WIDER)):
            found[f"{path} (width)"] = wider
    assert found == {}
    lab.context.close()


def say(page, button, act, words):
    summary = page.locator("summary", has_text=button)
    if not page.locator(f"[name={act}-words]").is_visible():
        summary.click()
    page.locator(f"[name={act}-words]").fill(words)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()
