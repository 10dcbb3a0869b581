"""With DATABASE_URL the whole site stands on a PostgreSQL server that is not ours to start."""

import psycopg
import pytest

from deploy.conninfo import conninfo
from tests.robustness.client import make_person
from tests.running_site import STOPPED_WITHIN, RunningSite

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("supervisor")]
CARD = b"---\nlicence: mit\n---\n# Lamp\n\nLamp is a small model of invented English, made for tests.\n"


def test_everything_works_and_no_database_is_started(postgres_server, tmp_path):
    with RunningSite(tmp_path, DATABASE_URL=postgres_server, DAYLIGHT_EXAMPLES="off") as site:
        assert "Starting the embedded PostgreSQL" not in site.output
        assert "The embedded broker is for trying out" in site.output
        assert (site.pids("postgres"), (site.data / "postgres").exists()) == ([], False)
        assert site.get("/releases/") == 200
        assert site.env["DATABASE_URL"] == postgres_server

        dana = make_person(site, "dana")
        card = dana.upload(CARD, "model_card", "card.md")
        asked = {"analysis": "model_card", "inputs": {"card": card}, "params": {}}
        run = dana.post(f"releases/{dana.entry()}/runs", asked, 202)["id"]
        assert dana.wait_for_end(run, 60)["status"] == "succeeded"

        took, left = site.stop()

    assert (took < STOPPED_WITHIN, left) == (True, [])
    with psycopg.connect(**conninfo(postgres_server)) as db:
        entries, status = db.execute(
            "SELECT count(*), (SELECT status FROM registry_run WHERE id = %s) FROM registry_entry", [run]
        ).fetchone()
    assert (entries, status) == (1, "succeeded")
