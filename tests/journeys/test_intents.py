"""A lab announces what it plans, a reader objects, and it is final only once the objection has its answer."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from .conftest import make_person
from .test_reader import AXE, FAULTS, PHONE, WIDER

CLOSED = """
from django.utils import timezone
from registry.intents.models import Intent
now = timezone.now()
Intent.objects.filter(pk={}).update(closes_on=now.date(), closes_at=now)
"""


def test_an_intent_is_final_only_once_its_concern_is_answered(site, revised, opened, browser, signed_in):
    make_person(site, "rita")
    # The refusal below is an answer of 400, which a watched context would complain of; and all of it is without script.
    lab = signed_in(browser.new_context(java_script_enabled=False), "tess")
    # Two weeks count by the clock that the form names, where it may be tomorrow already.
    today = datetime.now(ZoneInfo("Europe/Berlin")).date()
    lab.goto(site.url + revised)
    lab.get_by_role("link", name="Announce what is planned").click()
    expect(lab.get_by_label("What it is about")).to_have_value("Lamp")
    lab.get_by_label("What is planned, in one line").fill("Give the training code away")
    lab.get_by_label("What is planned, in your words").fill("All of it, to everybody.")
    lab.get_by_label("Why", exact=True).fill("Others should be able to check it.")
    lab.get_by_label("Open for comment until the end of").fill((today + timedelta(days=14)).isoformat())
    lab.get_by_label("By the clock of").select_option("Europe/Berlin")
    lab.get_by_label("Planned for").fill((today + timedelta(days=20)).isoformat())
    lab.get_by_role("button", name="Announce it").click()
    expect(lab.locator("h1")).to_have_text("Give the training code away")
    address = lab.url

    reader = signed_in(opened(), "rita")
    reader.goto(site.url + "/intents/?state=open")
    reader.get_by_role("link", name="Give the training code away").click()
    expect(reader.locator(".lede").first).to_contain_text("in Europe/Berlin (")
    expect(reader.locator(".lede").first).to_contain_text("UTC)")
    reader.get_by_role("link", name="Open a concern that asks for an answer").click()
    reader.locator("[name=title]").fill("Who looks for secrets in it?")
    reader.locator("[name=body]").fill("Keys may stand in the code.")
    reader.wait_for_timeout(2500)  # sooner than that no person has written anything
    reader.get_by_role("button", name="Open the concern").click()
    reader.wait_for_url("**/concerns/*/")

    key = int(address.rstrip("/").rsplit("/", 1)[1])
    site.manage("shell", "-c", CLOSED.format(key))
    lab.goto(address)
    lab.get_by_role("link", name="Make it final").click()
    lab.get_by_label("Decided otherwise").check()
    lab.locator("[name=decision]").fill("Half of it, since the rest is not ours.")
    lab.get_by_role("button", name="Make it final").click()
    problem = lab.get_by_text("One open concern has no answer yet")
    expect(problem.first).to_be_visible()
    expect(lab.locator("[name=decision]")).to_have_value("Half of it, since the rest is not ours.")

    lab.locator("main").get_by_role("link", name="Who looks for secrets in it?").first.click()
    lab.get_by_role("link", name="Answer for Script Lab").click()
    lab.locator("[name=body]").fill("No. There is a tool for it, and nobody has the time for more.")
    lab.get_by_role("button", name="Post the answer").click()
    lab.wait_for_url("**/concerns/*/")

    lab.goto(f"{address}decision/")
    lab.get_by_label("Decided otherwise").check()
    lab.locator("[name=decision]").fill("Half of it, since the rest is not ours.")
    lab.get_by_role("button", name="Make it final").click()
    lab.wait_for_url(address)
    expect(lab.locator(".lede").first).to_contain_text("Decided otherwise than announced")
    reader.goto(address)
    expect(reader.get_by_text("Half of it, since the rest is not ours.").first).to_be_visible()
    lab.context.close()


def test_pages_of_intents_have_no_faults_and_fit_a_phone(site, revised, opened, signed_in, tess):
    today = datetime.now(UTC).date()
    made = tess("POST", "intents", {
        "release": "script-lab/lamp", "artefact": "Lamp", "title": "Give the data away", "what": "All.",
        "why": "Why not.",
        "closes_on": (today + timedelta(days=14)).isoformat(), "planned_on": (today + timedelta(days=15)).isoformat(),
    })  # fmt: skip
    changed = {"why": "It was asked for.", "reason": "It was."}
    tess("POST", f"intents/{made['id']}/changes", changed)
    page, axe, found = signed_in(opened(**PHONE, color_scheme="light"), "tess"), AXE.read_text(), {}
    at = made["url"]
    for path in ("/intents/", at, f"{at}change/", f"{at}decision/", f"{at}withdrawal/", f"{revised}intents/new/"):
        page.goto(site.url + path)
        page.evaluate(axe)
        if faults := page.evaluate(FAULTS):
            found[path] = faults
        if wider := page.evaluate(WIDER):
            found[f"{path} (width)"] = wider
    assert found == {}
