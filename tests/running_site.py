"""The whole site, started by the supervisor in a folder of its own, for tests that need the real thing."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from deploy.processes import alive, descendants, last_lines, send
from tests.services import free_port, wait_for
from tests.shared import ROOT

PART = {
    "web": "gunicorn registry.wsgi",
    "worker": "celery -A registry.celery worker --hostname analyses",
    "errands": "celery -A registry.celery worker --hostname errands",
    "beat": "celery -A registry.celery beat",
    "dispatcher": "manage.py dispatch",
    "mail-in": "manage.py receive_mail",
    "postgres": "bin/postgres -D",
}
# Seconds. The site promises ten on a machine of its own; here other tests run beside it.
STOPPED_WITHIN = 30
# What the tests' own environment says must not leak into a site that starts as a person would start it.
NOT_INHERITED = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "EMAIL_URL", "STORAGE_URL", "SECRET_KEY",
                 "BASE_URL", "ALLOWED_HOSTS", "DAYLIGHT_DATA", "DJANGO_SETTINGS_MODULE", "HOST", "PORT",
                 "DEBUG", "RATE_LIMIT_SCALE", "PREPARED_SECONDS",
                 "PREPARED_STATEMENTS", "MAIL_DOMAIN",
                 "MAIL_IN", "MAIL_IN_MB", "MAIL_AUTHSERV_ID")


class RunningSite:
    """Start with `with`; `.url`, `.env`, `.manage(…)`, `.kill(part)`, `.log(part)`, `.output`."""

    def __init__(self, folder, *, port=None, command=None, seconds=240, root=ROOT, identity=None, **env):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.port = port or free_port()
        self.command = command or [sys.executable, "-m", "deploy.supervisor", "--follow", str(os.getpid())]
        self.seconds = seconds
        self.root = root
        self.identity = identity or {}
        self.start_env = clean_environment(DAYLIGHT_DATA=str(self.data), PORT=str(self.port), **env)
        self.output_path = self.folder / "output.txt"
        self.process = None
        self.warm = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self):
        return self.output_path.read_text()

    def launch(self):
        """Start without waiting for anything."""
        with open(self.output_path, "wb") as output:
            self.process = subprocess.Popen(
                self.command, cwd=self.root, env=self.start_env, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True, **self.identity,
            )

    def start(self):
        """Start and wait until the page that says so answers; returns the seconds it took."""
        began = time.monotonic()
        self.launch()
        while "Ctrl-C stops it" not in self.output:
            if self.process.poll() is not None or time.monotonic() - began > self.seconds:
                self.stop()
                pytest.fail(f"the site did not start:\n{self.output}", pytrace=False)
            time.sleep(0.05)
        assert self.get("/healthz") == 200
        return time.monotonic() - began

    def get(self, path):
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def stop(self, how=signal.SIGTERM):
        """Stop everything; returns the seconds it took and the processes that were left over."""
        if self.warm is not None:
            self.warm.communicate()  # it ends with its input
            self.warm = None
        if self.process is None:
            return 0, []
        below = descendants(self.process.pid)
        began = time.monotonic()
        send(self.process.pid, how)
        try:
            self.process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            pass
        while (left := [pid for pid in below if alive(pid)]) and time.monotonic() - began < STOPPED_WITHIN:
            time.sleep(0.05)
        took = time.monotonic() - began
        for pid in [*left, self.process.pid]:
            if alive(pid):
                send(pid, signal.SIGKILL)
        self.process.wait(5)
        self.process = None
        return took, left

    @property
    def env(self):
        """The environment of a running part: what `manage.py` needs to reach the same site."""
        text = Path(f"/proc/{self.pids('web')[0]}/environ").read_bytes().decode()
        return dict(line.partition("=")[::2] for line in text.split("\0") if "=" in line)

    def manage(self, *arguments, text_input=""):
        """Run a management command against this site; returns its standard output."""
        if self.warm is None:
            self.warm = subprocess.Popen([sys.executable, ROOT / "tests" / "warm.py"], cwd=self.root, env=self.env,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        print(json.dumps({"arguments": arguments, "input": text_input}), file=self.warm.stdin, flush=True)
        done = json.loads(self.warm.stdout.readline())
        if done["code"]:
            pytest.fail(f"manage.py {' '.join(arguments)} failed:\n{done['stderr'][-3000:]}")
        return done["stdout"]

    def pids(self, part):
        """The process ids of one part, its main process first."""
        below = descendants(self.process.pid)
        return [pid for pid in below if PART[part] in _command(pid) or
                (part == "postgres" and _command(pid).startswith("postgres:"))]

    def kill(self, part, how=signal.SIGKILL):
        """End the main process of a part at once, when it is there; returns its process id."""
        pid = wait_for(lambda: self.pids(part), 20, lambda: f"{part}; {self.last_words(part)}")[0]
        send(pid, how)
        return pid

    def last_words(self, part):
        """What the site said, and what the part did, for a test that waited in vain."""
        return f"the site said:\n{self.output}\nand {part}:\n{self.log(part)}"

    def log(self, part):
        return last_lines(self.data / "log" / f"{part}.log", 200)


def clean_environment(**env):
    """This process's environment without what the tests put there, and with `env`."""
    return {name: value for name, value in os.environ.items() if name not in NOT_INHERITED} | env


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
