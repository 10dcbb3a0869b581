"""Long analyses occupy every process of their worker; mail and signs of life go on all the same."""

import time

import pytest

from tests.robustness.client import make_person
from tests.robustness.conftest import rough
from tests.services import wait_for

LONG = 50  # seconds: longer than a sign of life is believed
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def patient_site(tmp_path_factory):
    with rough(tmp_path_factory.mktemp("patient"), RUN_SECONDS="90") as running:
        yield running


class TestWhileTwoLongAnalysesRun:
    def test_mail_goes_out_and_the_site_is_ready(self, patient_site):
        people = [make_person(patient_site, handle) for handle in ("ada", "bob")]
        runs = [(person, person.ask(person.entry(), "patient", f"{LONG} {person.handle}")) for person in people]
        wait_for(lambda: all(p.run(pk)["status"] == "running" for p, pk in runs), 40, "both runs to start")
        began = time.monotonic()
        wait_for(lambda: patient_site.get("/readyz") == 200, 20, "/readyz")

        patient_site.manage("sendtestemail", "somebody@example.org")
        wait_for(lambda: list((patient_site.data / "mail").glob("*")), 10, "the mail")

        while time.monotonic() - began < 35:
            assert patient_site.get("/readyz") == 200
            time.sleep(0.5)
        assert {p.run(pk)["status"] for p, pk in runs} == {"running"}
