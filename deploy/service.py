"""One part of the running site: a child process in a session of its own, started again when it dies."""

import os
import signal
import subprocess
import sys
import time

from deploy.processes import dies_with_parent, last_lines, send

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30
HEALTHY_AFTER = 30  # seconds alive after which a death counts as the first again


class Service:
    def __init__(self, name, command, log, *, hurry=signal.SIGTERM, pass_fds=()):
        self.name = name
        self.command = command
        self.log = log
        # Tells it not to finish what it is doing; also what it gets if the supervisor is killed.
        self.hurry = hurry
        self.pass_fds = pass_fds
        self.process = None
        self.deaths = 0
        self.start_at = 0.0
        self.started_at = 0.0

    def start(self, env):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=self.pass_fds, start_new_session=True, preexec_fn=dies_with_parent(self.hurry),
            )
        self.started_at = time.monotonic()

    @property
    def pid(self):
        return self.process.pid if self.process else None

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def note_death(self):
        """Say how it ended, and decide when it may start again: sooner the first time, later each time."""
        how, lived = self.process.returncode, time.monotonic() - self.started_at
        self.process = None
        self.deaths = 1 if lived > HEALTHY_AFTER else self.deaths + 1
        pause = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** (self.deaths - 1))
        self.start_at = time.monotonic() + pause
        reason = f"was ended by signal {-how}" if how < 0 else f"ended with code {how}"
        return f"{self.name} {reason}; starting it again in {pause:g} s."

    def ask_to_stop(self, how=signal.SIGTERM):
        if self.alive():
            send(self.process.pid, how)

    def last_words(self, count=12):
        return last_lines(self.log, count)


def parts(folder, web_socket, *, web_workers=2, web_threads=4, worker_processes=2, errand_processes=1, mail_in=False):
    """What makes up a site, in the order in which it starts."""
    celery = [sys.executable, "-m", "celery", "-A", "registry.celery"]
    quiet = ["--loglevel", "info", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    running = [
        Service("web", [
            sys.executable, "-m", "gunicorn", "registry.wsgi:application",
            "--bind", f"fd://{web_socket.fileno()}", "--worker-class", "gthread",
            "--workers", str(web_workers), "--threads", str(web_threads),
            "--timeout", "30", "--graceful-timeout", "3", "--keep-alive", "5",
            "--max-requests", "5000", "--max-requests-jitter", "500",
            # Longer than what registry.core.middleware refuses with a page of its own.
            "--limit-request-line", "8190",
            # Heartbeat files on a slow disk would look like hanging workers.
            "--worker-tmp-dir", _memory_folder(folder),
            "--access-logfile", "-", "--no-control-socket",
        ], folder.log_for("web"), hurry=signal.SIGQUIT, pass_fds=(web_socket.fileno(),)),
        Service("worker", [
            *celery, "worker", "--hostname", "analyses@%h", "--queues", "analyses",
            "--pool", "prefork", "--concurrency", str(worker_processes), *quiet,
        ], folder.log_for("worker"), hurry=signal.SIGQUIT),
        # Of its own, so that mail, domain checks and signs of life never wait for an analysis.
        Service("errands", [
            *celery, "worker", "--hostname", "errands@%h", "--queues", "default,mail",
            "--pool", "prefork", "--concurrency", str(errand_processes), *quiet,
        ], folder.log_for("errands"), hurry=signal.SIGQUIT),
        Service("beat", [
            *celery, "beat", "--schedule", str(folder / "beat-schedule"), "--pidfile", "",
            "--loglevel", "info",
        ], folder.log_for("beat")),
        Service("dispatcher", [sys.executable, "manage.py", "dispatch"], folder.log_for("dispatcher")),
    ]
    if mail_in:
        running.append(Service("mail-in", [sys.executable, "manage.py", "receive_mail"], folder.log_for("mail-in")))
    return running


def _memory_folder(folder):
    shared = "/dev/shm"  # noqa: S108 (gunicorn's files there have no name)
    return shared if os.access(shared, os.W_OK) else str(folder.path)
