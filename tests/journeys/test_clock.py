"""From a report by script, through dispatcher and worker, to the curve and to the page in a browser."""

from tests.services import wait_for

from .conftest import Api

REPORT = {"release": "openai/gpt-3", "kind": "reimplementation", "component": "training_data", "date": "2020-12-31"}


def test_a_report_changes_the_curve_and_its_mark_leads_to_the_entry(site, tess, page):
    api = Api(site)
    wait_for(lambda: site.get("/api/v1/clock/") == 200, 60, "the first curve")
    before = api("GET", "clock/?measure=replication")
    report = tess("POST", "replications", REPORT | {"who": "A group", "source_title": "A post"})

    def counted():
        return api("GET", "clock/?measure=replication")["events"] == before["events"] + 1

    wait_for(counted, 60, "the worker to count the report")
    after = api("GET", "clock/?measure=replication")
    assert after["inputs"] != before["inputs"]
    assert (217, 1) in [(point["days"], point["events"]) for point in after["points"]], "28 May to 31 December 2020"

    page.goto(f"{site.url}/clock/?measure=replication")
    mark = page.locator("svg.chart a", has_text="GPT-3, training data: 217 days")
    assert mark.get_attribute("href") == "/releases/openai/gpt-3/#replications"
    mark.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/releases/openai/gpt-3/#replications")
    page.get_by_role("link", name="reimplementation", exact=True).click()
    page.wait_for_url(f"**{report['url']}")
    assert page.get_by_role("heading", level=1).inner_text() == report["title"]
