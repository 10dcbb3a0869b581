"""`make run`: starting, refusing to start, restarting parts, and leaving nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from deploy.processes import alive, descendants, send
from tests.running_site import STOPPED_WITHIN, RunningSite, clean_environment
from tests.services import free_port, missing, wait_for
from tests.shared import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("supervisor")]
ORDINARY_USER = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
# Reading, not writing: the tests' Python may lie in root's home.
READING = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with RunningSite(tmp_path_factory.mktemp("own"), PYTHONDONTWRITEBYTECODE="1") as running:
        yield running


def start_in_vain(**env):
    """Run the supervisor where it cannot start; returns its exit code and what it said."""
    done = subprocess.run([sys.executable, "-m", "deploy.supervisor"], cwd=ROOT, env=clean_environment(**env),
                          capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout + done.stderr


class TestRefusingToStart:
    def test_a_taken_port_is_one_clear_line(self, tmp_path):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", free_port()))
            taken.listen()
            port = str(taken.getsockname()[1])

            code, said = start_in_vain(PORT=port, DAYLIGHT_DATA=str(tmp_path / "data"))

        assert code == 1
        assert said == (f"Daylight: Port {port} on 127.0.0.1 cannot be used: Address already in use. "
                        "Choose another, for example: PORT=8001 make run\n")

    def test_an_unwritable_folder_is_one_clear_line(self, tmp_path):
        (tmp_path / "file").touch()
        folder = tmp_path / "file" / "data"

        code, said = start_in_vain(PORT=str(free_port()), DAYLIGHT_DATA=str(folder))

        assert code == 1
        assert said == (f"Daylight: The data folder {folder} cannot be written: Not a directory. "
                        "Choose another with DAYLIGHT_DATA=/path.\n")

    @pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
    def test_a_port_that_is_none_is_one_clear_line(self, tmp_path, port):
        assert start_in_vain(PORT=port, DAYLIGHT_DATA=str(tmp_path / "data")) == (
            1, f"Daylight: PORT={port} is not a port number.\n")

    def test_a_second_start_beside_a_running_one_is_one_clear_line(self, running):
        code, said = start_in_vain(PORT=str(free_port()), DAYLIGHT_DATA=str(running.data))

        assert code == 1
        assert len(said.splitlines()) == 1
        assert f"Daylight is already running on {running.data}" in said
        assert running.get("/healthz") == 200


class TestStarting:
    def test_says_what_it_does_where_it_is_and_what_is_for_trying_out(self, running):
        said = running.output

        for words in ("Starting the embedded PostgreSQL", "Bringing the database up to date",
                      "example entries", f"Daylight is ready: {running.url}/", "for trying out"):
            assert words in said

    def test_keeps_its_secrets_from_others(self, running):
        kept = ("secret_key", "log", "files", "mail")

        assert [(running.data / name).stat().st_mode & 0o077 for name in kept] == [0, 0, 0, 0]

    def test_its_parts_keep_what_python_compiles(self, running):
        assert "PYTHONDONTWRITEBYTECODE" not in running.env

    def test_its_database_and_broker_and_worker_are_ready(self, running):
        wait_for(lambda: running.get("/readyz") == 200, 30, "/readyz")


class TestParts:
    @pytest.mark.parametrize("part", ["web", "worker", "errands", "beat", "dispatcher"])
    def test_a_killed_part_is_started_again(self, running, part):
        before = set(running.pids(part))  # with its children, which outlive it by a moment
        running.kill(part)

        wait_for(lambda: f"{part} was ended by signal 9; starting it" in running.output, 20, "word of it")
        wait_for(lambda: set(running.pids(part)[:1]) - before, 20,
                 lambda: f"another {part}; {running.last_words(part)}")
        wait_for(lambda: running.get("/healthz") == 200, 20, "the site")

    def test_visitors_wait_while_the_web_server_comes_back(self, running):
        running.kill("web")
        time.sleep(0.3)  # the old workers must be gone, not merely headless

        assert running.get("/healthz") == 200

    def test_a_killed_database_is_started_again_and_the_site_finds_it(self, running):
        before = running.kill("postgres")

        wait_for(lambda: (running.pids("postgres") or [before])[0] != before, 20, "PostgreSQL")
        wait_for(lambda: running.get("/readyz") == 200, 40, "/readyz")

    def test_no_part_runs_twice_after_all_that(self, running):
        expected = {"web": 3, "worker": 3, "errands": 2, "beat": 1, "dispatcher": 1}

        wait_for(lambda: {part: len(running.pids(part)) for part in expected} == expected, 40, "one of each")


class TestStopping:
    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_stops_everything_within_ten_seconds_and_a_new_start_is_quick(self, running, how):
        took, left = running.stop(how)
        assert (took < STOPPED_WITHIN, left) == (True, [])

        again = running.start()

        assert "example entries" not in running.output
        assert running.get("/") == 200
        assert again < 15  # five on an idle machine

    def test_kill_9_of_the_front_process_leaves_nothing(self, running):
        took, left = running.stop(signal.SIGKILL)

        assert (took < STOPPED_WITHIN, left) == (True, [])
        running.start()

    def test_kill_9_of_the_supervisor_proper_leaves_nothing(self, running):
        below = descendants(running.process.pid)
        send(below[0], signal.SIGKILL)

        assert running.process.wait(10) == 1
        assert [pid for pid in below if alive(pid)] == []
        running.start()

    def test_kill_9_of_both_leaves_nothing_and_the_data_are_kept(self, running):
        below = descendants(running.process.pid)
        send(running.process.pid, signal.SIGKILL)
        send(below[0], signal.SIGKILL)
        running.process.wait()

        wait_for(lambda: not any(alive(pid) for pid in below), 90, "all processes to end, the worker after its run")
        running.start()
        assert "example entries" not in running.output

    def test_it_stops_while_it_is_still_starting(self, tmp_path):
        starting = RunningSite(tmp_path)
        starting.launch()
        wait_for(lambda: "PostgreSQL" in starting.output, 20, "the start to begin")

        took, left = starting.stop(signal.SIGINT)

        assert (took < STOPPED_WITHIN, left) == (True, [])


class TestUnderMake:
    @pytest.fixture
    def make(self, tmp_path):
        """A makefile that starts the supervisor as ours does, without its installing."""
        if not shutil.which("make"):
            missing("make")
        makefile = tmp_path / "Makefile"
        makefile.write_text(f"run:\n\t@exec {sys.executable} -m deploy.supervisor --follow $$PPID\n")
        return ["make", "-f", str(makefile), "run"]

    @pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
    def test_a_signal_that_only_make_gets_stops_everything(self, tmp_path, make, how):
        site = RunningSite(tmp_path / "site", command=make)
        site.folder.mkdir()
        site.launch()
        wait_for(lambda: "Starting" in site.output, 20, "the start to begin")

        took, left = site.stop(how)

        assert (took < STOPPED_WITHIN, left) == (True, [])


class TestAsAnOrdinaryUser:
    def test_everything_runs_without_root(self, tmp_path):
        if os.geteuid() != 0:
            pytest.skip("this whole session runs as an ordinary user")
        reading = READING if _works([*ORDINARY_USER, *READING]) else []
        if not _works([*ORDINARY_USER, *reading]):
            missing("setpriv and a Python that user nobody can run")
        for folder in [tmp_path, *tmp_path.parents][:3]:
            folder.chmod(0o755)
        shutil.chown(tmp_path, "nobody", "nogroup")
        command = [*ORDINARY_USER, *reading, sys.executable, "-m", "deploy.supervisor"]

        with RunningSite(tmp_path, command=command, DAYLIGHT_EXAMPLES="off") as site:
            owners = {os.stat(f"/proc/{pid}").st_uid for pid in descendants(site.process.pid)}
            took, left = site.stop()

        assert owners == {65534}
        assert (took < STOPPED_WITHIN, left) == (True, [])


def _works(prefix):
    try:
        return subprocess.run([*prefix, sys.executable, "-c", "import deploy, django"], cwd=ROOT,
                              capture_output=True, timeout=30).returncode == 0
    except OSError:
        return False
