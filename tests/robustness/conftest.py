"""Sites of their own for tests that kill their parts, with an outside package of analyses installed."""

import subprocess
import uuid

import pytest

from tests.robustness import outside
from tests.robustness.client import make_person
from tests.running_site import RunningSite
from tests.services import missing

RUN_SECONDS = 6


def rough(folder, **env):
    """A site whose runs may take six seconds and whose limits do not get in the way."""
    path = outside.install(folder / "outside")
    given = {"RUN_SECONDS": str(RUN_SECONDS), "RUN_MEMORY_MB": "1024"} | env
    return RunningSite(folder, PYTHONPATH=str(path), DAYLIGHT_EXAMPLES="off", RATE_LIMIT_SCALE="10000", **given)


@pytest.fixture(scope="package")
def rough_site(tmp_path_factory):
    """Everything embedded."""
    with rough(tmp_path_factory.mktemp("rough")) as running:
        yield running


@pytest.fixture(scope="package")
def ada(rough_site):
    return make_person(rough_site, "ada")


@pytest.fixture
def vhost(rabbitmq_broker):
    """A RabbitMQ of its own as far as other users of the same server are concerned."""
    name = f"daylight-{uuid.uuid4().hex[:8]}"

    def control(*command):
        return subprocess.run(["rabbitmqctl", "--quiet", *command], capture_output=True, timeout=60).returncode

    try:
        if control("add_vhost", name) or control("set_permissions", "-p", name, "guest", ".*", ".*", ".*"):
            missing("the right to make a RabbitMQ vhost")
    except OSError:
        missing("rabbitmqctl")
    yield f"{rabbitmq_broker.rstrip('/')}/{name}"
    control("delete_vhost", name)
