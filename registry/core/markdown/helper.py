"""A process of its own for texts that may take for ever: it is killed when its time is up.

It stays alive between texts (a round trip costs 0.1 ms, a start 120 ms and 17 MB), is started only when first
needed, and ends with the process that started it: at once when idle, for its pipe closes, and by its limit of
computing time when busy. One text at a time each; busy threads get further helpers, idle ones go.
"""

import atexit
import os
import select
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

from registry.core.markdown.limits import SECONDS, START_SECONDS, TooDeep, TooSlow

ROOT = Path(__file__).resolve().parents[3]
MEMORY = 1024**3
MAX_IDLE = 2
HEADER = struct.Struct(">I")
OK, DEEP, FAILED = range(3)
PROGRAM = "from registry.core.markdown.helper import serve; serve()"

_lock = threading.Lock()
_idle = []


def convert_in_helper(text, people=frozenset(), seconds=SECONDS):
    """Render in another process; raises TooDeep, or TooSlow when it has not answered in time."""
    helper = _take()
    deadline = time.monotonic() + seconds
    try:
        status, html = helper.ask(text, people, deadline)
    except BaseException:
        helper.kill()
        raise
    _give_back(helper)
    if status == DEEP:
        raise TooDeep
    if status == FAILED:
        raise RuntimeError("The Markdown helper met a fault of its parser.")
    return html


class Helper:
    """The parent's end of one helper process."""

    def __init__(self):
        # Neither the settings nor any secret of this process are handed on.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
            bufsize=0,
            start_new_session=True,
        )
        os.set_blocking(self.process.stdin.fileno(), False)
        try:
            self._read(1, time.monotonic() + START_SECONDS)
        except BaseException:
            self.kill()
            raise

    def ask(self, text, people, deadline):
        # The handles on a line of their own, then the text.
        data = f"{' '.join(sorted(people))}\n{text}".encode("utf-8", "surrogatepass")
        self._write(HEADER.pack(len(data)) + data, deadline)
        status, length = self._read(1, deadline)[0], HEADER.unpack(self._read(4, deadline))[0]
        return status, self._read(length, deadline).decode()

    def usable(self):
        return self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.let_go()
        self.process.wait()

    def let_go(self):
        self.process.stdin.close()
        self.process.stdout.close()

    def _write(self, data, deadline):
        while data:
            _wait(self.process.stdin, select.POLLOUT, deadline)
            try:
                data = data[os.write(self.process.stdin.fileno(), data) :]
            except OSError:
                raise TooSlow from None

    def _read(self, size, deadline):
        parts = bytearray()
        while len(parts) < size:
            _wait(self.process.stdout, select.POLLIN, deadline)
            part = os.read(self.process.stdout.fileno(), size - len(parts))
            if not part:
                raise TooSlow  # out of memory or killed from outside: the text is shown as typed
            parts += part
        return bytes(parts)


def _wait(pipe, event, deadline):
    """Wait until the pipe is ready; poll and not select, for a busy server has file numbers above 1,023."""
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0, deadline - time.monotonic()) * 1000):
        raise TooSlow


def _take():
    with _lock:
        while _idle:
            helper = _idle.pop()
            if helper.usable():
                return helper
            helper.kill()
    return Helper()


def _give_back(helper):
    with _lock:
        if len(_idle) < MAX_IDLE:
            _idle.append(helper)
            return
    helper.kill()


def _forget():
    """After a fork the helpers belong to the parent: close our copies of their pipes and start afresh."""
    global _lock
    _lock = threading.Lock()
    for helper in _idle:
        helper.let_go()
        helper.process.returncode = 0  # not our child any more: nothing to wait for
    _idle.clear()


def _end():
    while _idle:
        _idle.pop().kill()


atexit.register(_end)
os.register_at_fork(after_in_child=_forget)


def serve():
    """The helper's own loop: a text in, its HTML out, until the pipe closes."""
    from registry.core.markdown.rendering import convert

    _limit_memory()
    convert("Warm *up*.")
    answers, texts = sys.stdout.buffer, sys.stdin.buffer
    answers.write(b"\0")
    answers.flush()
    while header := texts.read(4):
        text = texts.read(HEADER.unpack(header)[0]).decode("utf-8", "surrogatepass")
        _limit_time()
        people, _, text = text.partition("\n")
        status, html = _answer(convert, text, frozenset(people.split()))
        answers.write(bytes([status]) + HEADER.pack(len(html)) + html)
        answers.flush()


def _answer(convert, text, people):
    try:
        return OK, convert(text, people).encode()
    except TooDeep:
        return DEEP, b""
    except Exception:
        return FAILED, b""


def _limit_memory():
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _limit_time():
    """Some seconds of computing from now on: the end of a helper whose parent died in the middle of a text.

    Linux could kill it with its parent (PR_SET_PDEATHSIG), but means the thread that started it by that.
    """
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + SECONDS) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
