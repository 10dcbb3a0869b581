"""The thin process in front of the supervisor: takes the signals, cleans up if the supervisor is killed."""

import os
import signal
import sys
import time
from pathlib import Path

from deploy.processes import adopt_orphans, alive, descendants, dies_with_parent, kill_descendants, reap, send

STOP_SECONDS = 9.4  # ten are promised
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_in_front_of(serve, follow=None):
    """Run `serve` in a child and pass on what we are told; returns its exit code."""
    adopt_orphans()
    asked = []
    for number in STOP_SIGNALS:
        if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
            continue  # started with nohup
        signal.signal(number, lambda *_: asked.append(time.monotonic()))
    child = _fork(serve)
    signal.signal(signal.SIGUSR1, lambda *_: send(child, signal.SIGUSR1))
    return _wait_for(child, asked, _Followed(follow))


def _fork(serve):
    before_serving = dies_with_parent(signal.SIGTERM)
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        # Away from the terminal: its Ctrl-C goes to the front only, which passes it on once.
        os.setsid()
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        before_serving()
        code = serve()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code or 0)


def _wait_for(child, asked, followed):
    told = False
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        if not asked and followed.wants_us_to_stop():
            asked.append(time.monotonic())
        if asked and not told:
            send(child, signal.SIGTERM)
            told = True
        if asked and time.monotonic() - asked[0] > STOP_SECONDS:
            send(child, signal.SIGKILL)
        time.sleep(0.1)
    return _clean_up(status)


def _clean_up(status):
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        # The kernel told everything below to end; PostgreSQL needs a moment to do it well.
        print(f"Daylight: the supervisor was ended by signal {-code}; stopping everything.", file=sys.stderr)
        deadline = time.monotonic() + 3
        while descendants() and time.monotonic() < deadline:
            reap()
            time.sleep(0.05)
    kill_descendants()
    return code if code >= 0 else 1


class _Followed:
    """The process that started us, usually make: when it ends or is interrupted, so are we.

    GNU make passes SIGTERM on to its children but not SIGINT, because a terminal sends that to all. When only
    make gets it (kill -INT), it stops catching the signal and waits for us: that is what can be seen of it.
    """

    def __init__(self, pid):
        self.pid = pid
        self.caught_interrupts = pid is not None and self._catches_interrupts()

    def wants_us_to_stop(self):
        if self.pid is None:
            return False
        return not alive(self.pid) or (self.caught_interrupts and not self._catches_interrupts())

    def _catches_interrupts(self):
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return False
        caught = int(status.partition("SigCgt:")[2].split()[0], 16)
        return bool(caught & 1 << (signal.SIGINT - 1))
