"""Publishing at a moment on a running site: the dispatcher finds it, a worker does it, and before nothing is seen."""

import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

STAGE = {
    "date": "2025-02-01", "status": "effective", "title": "Weights",
    "components": [{"component": "weights_final", "mode": "downloadable", "gate": "none", "audience": "public"}],
}  # fmt: skip


def test_is_published_within_the_minute_and_not_before(site, tess):
    tess("POST", "labs", {"slug": "patient-lab", "name": "Patient Lab"})
    tess("POST", "releases", {
        "lab": "patient-lab", "slug": "lantern", "title": "Lantern", "summary": "The weights are out.",
        "rationale": "They are small.", "stages": [STAGE],
    })  # fmt: skip
    at = datetime.now(UTC) + timedelta(seconds=4)
    tess("POST", "releases/patient-lab/lantern/planned-publication", {"at": at.isoformat()})

    while datetime.now(UTC) < at:
        assert status(site) == 404
        time.sleep(0.3)
    while status(site) != 200 and datetime.now(UTC) < at + timedelta(seconds=60):
        time.sleep(0.3)

    late = (datetime.now(UTC) - at).total_seconds()
    assert status(site) == 200, "not published within a minute"
    print(f"published {late:.1f} s after its moment")
    assert len(tess("GET", "revisions?release=patient-lab/lantern")["results"]) == 1


def status(site):
    try:
        with urllib.request.urlopen(f"{site.url}/releases/patient-lab/lantern/", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
