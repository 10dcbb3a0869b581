"""`make run`: start the whole site, watch it, stop it: `python -m deploy.supervisor`.

Two processes: a thin one in front, which takes Ctrl-C and outlives the other, and the supervisor proper in a
session of its own. Whichever of them is killed, the other one ends everything that is left.
"""

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from deploy import stamp
from deploy.folder import CannotStart, DataFolder
from deploy.front import run_in_front_of
from deploy.processes import adopt_orphans, kill_descendants, send, strays
from deploy.service import parts

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90
POLITE_SECONDS = 3.5  # until parts are told to drop what they are doing
PATIENT_SECONDS = 5.5  # until they are killed; PostgreSQL gets the rest of the ten seconds


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class Supervisor:
    def __init__(self, environ):
        self.env = {**environ, "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "registry.settings"}
        self.host = environ.get("HOST") or "127.0.0.1"
        self.port = _port(environ.get("PORT") or "8000")
        self.mail_in = _mail_in(environ)
        self.folder = DataFolder(environ.get("DAYLIGHT_DATA") or ROOT / "var")
        self.embedded = not environ.get("DATABASE_URL")
        self.postgres = None
        self.postgres_retry_at = 0.0
        self.services = []
        self.reload_wanted = False

    # Starting

    def start(self):
        self.folder.open()
        self.folder.lock()
        self.socket = self._take_port()
        say(f"Daylight is starting; its data are in {self.folder.path}.")
        self._fill_environment()
        if self.embedded:
            self._start_postgres()
        self.folder.keep_environment(self.env)
        if not stamp.is_current(self.folder.path, self.env):
            self._prepare()
        self.socket.listen(256)
        self.services = parts(self.folder, self.socket, mail_in=bool(self.mail_in))
        say("  Starting " + ", ".join(service.name for service in self.services) + " …")
        # The web server first and alone: the others would take the processors from it.
        self.services[0].start(self.env)
        self._wait_until_ready()
        for service in self.services[1:]:
            service.start(self.env)
        self._tell_how_to_use_it()

    def _take_port(self):
        """Hold the port from the beginning, so that it is not found taken after a minute of work."""
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        except socket.gaierror:
            raise CannotStart(f"HOST={self.host} is not an address of this machine.") from None
        taken = socket.socket(family, kind, protocol)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(address)
            # Binding alone lets a second one through while nobody listens yet.
            taken.listen(0)
        except OSError as error:
            raise CannotStart(f"Port {self.port} on {self.host} cannot be used: {error.strerror}. "
                              "Choose another, for example: PORT=8001 make run") from None
        return taken

    def _fill_environment(self):
        shown = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104 (compared)
        shown = f"[{shown}]" if ":" in shown else shown
        self.local_url = f"http://{shown}:{self.port}"
        self.env["DAYLIGHT_DATA"] = str(self.folder.path)
        self.env["SECRET_KEY"] = self.env.get("SECRET_KEY") or self.folder.secret_key()
        self.env["BASE_URL"] = self.env.get("BASE_URL") or self.local_url
        self.env["HOST"], self.env["PORT"] = self.host, str(self.port)
        # Else every part would compile all of the code at every start.
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)

    def _start_postgres(self):
        from deploy.postgres import Postgres, PostgresError

        say("  Starting the embedded PostgreSQL (for trying out; see docs/running.md) …")
        self.postgres = Postgres(self.folder / "postgres", log=self.folder.log_for("postgres"))
        try:
            self.postgres.start()
        except PostgresError as error:
            raise CannotStart(str(error)) from None
        self.env["DATABASE_URL"] = self.postgres.url

    def _prepare(self):
        done = subprocess.Popen([sys.executable, "-m", "deploy.prepare"], cwd=ROOT, env=self.env,
                                stdin=subprocess.DEVNULL, start_new_session=True)
        if done.wait():
            raise CannotStart("The database or the files could not be prepared; the lines above say why.")

    def _wait_until_ready(self):
        web = self.services[0]
        deadline, refusals = time.monotonic() + READY_SECONDS, 0
        while (status := self._health()) != 200:
            # An answer that is not 200 is a fault in code or settings, which waiting does not mend.
            refusals += status is not None
            if not web.alive() or refusals > 20 or time.monotonic() > deadline:
                raise CannotStart(f"The web server did not start; {web.log} ends with:\n{web.last_words(25)}")
            time.sleep(0.1)

    def _health(self):
        """The status of /healthz, or None while nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.local_url}/healthz", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def _tell_how_to_use_it(self):
        say(f"Daylight is ready: {self.env['BASE_URL']}/")
        note = self.folder.sign_in_note()
        if note:
            say(f"  Sign in at {self.env['BASE_URL']}/accounts/login/ with a name and password made for this site:")
            say("\n".join(f"    {line}" for line in note.splitlines()))
        else:
            say(f"  Sign in at {self.env['BASE_URL']}/accounts/login/; "
                "manage.py create_person makes an account.")
        embedded = [name for name, used in (
            ("database", self.embedded), ("broker", not self.env.get("CELERY_BROKER_URL"))) if used]
        if embedded:
            are = "is" if len(embedded) == 1 else "are"
            say(f"  The embedded {' and '.join(embedded)} {are} for trying out: "
                "docs/running.md says what to use for a public site.")
        if not self.env.get("EMAIL_URL"):
            say(f"  Mail is not sent but kept in {self.folder / 'mail'} (EMAIL_URL is not set).")
        if self.mail_in:
            say(f"  Mail for {self.env['MAIL_DOMAIN']} is taken at {self.mail_in} (SMTP and LMTP).")
        say("  Ctrl-C stops it.")

    # Watching

    def watch(self):
        """Look after everything until told to stop."""
        while True:
            if self.postgres is not None and not self.postgres.running():
                self._restart_postgres()
            for service in self.services:
                if service.process is not None and not service.alive():
                    say(service.note_death())
                    if service.deaths > 1:
                        say(_indented(service.last_words()))
                if service.process is None and time.monotonic() >= service.start_at:
                    service.start(self.env)
            self._end_strays()
            if self.reload_wanted:
                self.reload_wanted = False
                self._load_new_code()
            time.sleep(0.2)

    def _restart_postgres(self):
        from deploy.postgres import PostgresError

        if time.monotonic() < self.postgres_retry_at:
            return
        say("The embedded PostgreSQL ended; starting it again.")
        self._end_strays()
        try:
            self.postgres.start()
        except PostgresError as error:
            say(_indented(str(error)))
            self.postgres_retry_at = time.monotonic() + 2

    def _end_strays(self):
        """Children of a dead part become ours; they would otherwise work beside its successor."""
        known = {service.pid for service in self.services}
        known.add(self.postgres.process.pid if self.postgres and self.postgres.process else None)
        for pid in strays(known):
            send(pid, signal.SIGKILL)
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                pass

    def _load_new_code(self):
        """New code without a refused request: new web workers first, then the other parts again."""
        say("Loading new code …")
        self._prepare()
        for service in self.services:
            service.ask_to_stop(signal.SIGHUP if service.name == "web" else signal.SIGTERM)
        say("Done.")

    # Stopping

    def stop(self):
        began = time.monotonic()
        hurried = False
        for service in self.services:
            service.ask_to_stop()
        while any(service.alive() for service in self.services):
            waited = time.monotonic() - began
            if waited > PATIENT_SECONDS:
                break
            if waited > POLITE_SECONDS and not hurried:
                hurried = True
                for service in self.services:
                    service.ask_to_stop(service.hurry)
            time.sleep(0.05)
        for service in self.services:
            service.ask_to_stop(signal.SIGKILL)
        if self.postgres is not None:
            self.postgres.stop(timeout=max(1.0, 8.0 - (time.monotonic() - began)))
        kill_descendants()


def serve(environ):
    """The supervisor proper; returns the exit code."""
    os.umask(0o077)
    os.chdir(ROOT)
    adopt_orphans()
    supervisor = None
    try:
        _obey_signals()
        supervisor = Supervisor(environ)
        signal.signal(signal.SIGUSR1, lambda *_: setattr(supervisor, "reload_wanted", True))
        supervisor.start()
        supervisor.watch()
    except CannotStart as error:
        print(f"Daylight: {error}", file=sys.stderr, flush=True)
        return 1
    except Stopped:
        say("Stopping …")
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if supervisor is not None:
            supervisor.stop()
    return 0


def _obey_signals():
    def stop(number, frame):
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def say(text):
    try:
        print(text, flush=True)
    except OSError:
        pass  # the terminal is gone; the site goes on


def _indented(text):
    return "\n".join(f"    {line}" for line in text.splitlines())


def _port(text):
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise CannotStart(f"PORT={text} is not a port number.")


def _mail_in(environ):
    """Where mail is taken, or "" where it is not; wrong settings stop the start rather than a part again and again."""
    named = environ.get("MAIL_IN") or ""
    if named and not re.fullmatch(r"(?:(?:smtp|lmtp)://)?(?:\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):\d{1,5}/?", named):
        raise CannotStart(f"MAIL_IN={named} is not HOST:PORT, such as 127.0.0.1:8025.")
    if named and not environ.get("MAIL_DOMAIN"):
        raise CannotStart("MAIL_IN is set, but not MAIL_DOMAIN, the domain at which mail is taken; see docs/mail.md.")
    return named


def main():
    options = argparse.ArgumentParser(description="Run Daylight with all its parts.")
    options.add_argument("--follow", type=int, metavar="PID", help="stop when this process ends")
    follow = options.parse_args().follow
    sys.exit(run_in_front_of(lambda: serve(dict(os.environ)), follow=follow))


if __name__ == "__main__":
    main()
