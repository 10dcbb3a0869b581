"""Claiming an entry in a real browser: a lab arrives later, proves its domain, and goes on from what was curated."""

import pytest
from playwright.sync_api import expect

from .conftest import Api, issue_token, make_person

STAGE = {
    "date": "2025-02-01", "status": "effective", "title": "Weights",
    "components": [{"component": "weights_final", "mode": "downloadable", "gate": "none", "audience": "public"}],
}  # fmt: skip
# What the worker does once it has found the code, which no test can publish under a real domain.
# What the worker does once it has found the code, which no test can publish under a real domain.
SETTLE = (
    "from registry.labs.models import DomainCheck; from registry.labs.actions import settle_domain_check; "
    "settle_domain_check(DomainCheck.objects.get(lab__slug='{lab}'), proved=True)"
)


@pytest.fixture(params=["script", "plain"])
def curated(site, request):
    """A lab to which nobody belongs, with an entry that a moderator curated and a fact that somebody disputes."""
    lab = f"absent-{request.param}"
    mira = f"mira-{request.param}"
    site.manage("create_person", mira, f"{mira}@example.org", "--moderator", "--password-stdin", text_input="mira " * 5)
    api = Api(site, issue_token(site, mira))
    name = f"Absent Works {request.param}"
    api("POST", "labs", {"slug": lab, "name": name, "homepage": f"https://{lab}.example/", "belongs": False})
    api("POST", "releases", {
        "lab": lab, "slug": "lamp", "origin": "third_party", "title": "Lamp", "summary": "As seen from outside.",
        "rationale": "No reason was given.", "stages": [STAGE],
    })  # fmt: skip
    api("POST", f"releases/{lab}/lamp/publication", {})
    otto = f"otto-{request.param}"
    make_person(site, otto)
    Api(site, issue_token(site, otto))("POST", "statements", {
        "release": f"{lab}/lamp", "fact": "stage/2025-02-01", "kind": "dispute", "reason": "It was in March.",
        "source_title": "An invented log",
    })  # fmt: skip
    return lab, request.param == "script"


def test_from_the_page_of_the_lab_to_its_own_revision(site, opened, curated):
    lab, script = curated
    lena = f"lena-{lab}"
    password = make_person(site, lena)
    page = opened(java_script_enabled=script).new_page()
    page.goto(f"{site.url}/accounts/login/")
    page.fill("[name=login]", lena)
    page.fill("[name=password]", password)
    page.click("main form button")

    page.goto(f"{site.url}/labs/{lab}/")
    page.get_by_role("link", name="Do you speak for it? Claim it.").click()
    page.get_by_role("button", name="Show what to publish").click()
    expect(page.locator("main")).to_contain_text("daylight-verification=")
    site.manage("shell", "-c", SETTLE.format(lab=lab))

    page.goto(f"{site.url}/releases/{lab}/lamp/")
    expect(page.locator("main")).to_contain_text("1 disputed")
    page.get_by_role("link", name="Claim it for").click()
    page.get_by_role("button", name="Claim it for").click()
    expect(page.locator("h1")).to_contain_text("claimed Lamp")
    page.goto(f"{site.url}/releases/{lab}/lamp/")
    expect(page.locator(".head")).to_contain_text("curated by third parties, claimed by the lab")

    page.get_by_role("link", name="edit", exact=True).click()
    page.fill("[name=summary]", "In the lab's own words.")
    page.get_by_role("button", name="Save and go on to publishing").click()
    page.fill("[name=justification]", "We speak for ourselves.")
    page.get_by_role("button", name="Publish revision 2, visible to everyone").click()

    expect(page.locator(".head")).to_contain_text("written by the lab itself since")
    expect(page.locator(".head")).to_contain_text("1 disputed")  # what third parties said stays
    page.goto(f"{site.url}/releases/{lab}/lamp/history/")
    expect(page.locator("main")).to_contain_text("as a third party")
    expect(page.locator("main")).to_contain_text("for the lab")
    page.goto(f"{site.url}/releases/{lab}/lamp/facts/")
    expect(page.locator("main")).to_contain_text("It was in March.")
