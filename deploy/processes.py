"""Parents, children and groups of processes, so that nothing outlives the one who started it."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

# Loaded here, not in the child: between fork and exec only a plain call is safe.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def _prctl(option, value):
    if _libc is not None:
        _libc.prctl(option, int(value), 0, 0, 0)


def dies_with_parent(how=signal.SIGTERM):
    """A `preexec_fn` which asks the kernel to signal the child when the thread that starts it ends."""
    parent = os.getpid()

    def before_exec():
        _prctl(PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:
            os.kill(os.getpid(), how)

    return before_exec


def adopt_orphans():
    """Become the new parent of every descendant whose own parent dies (Linux)."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def descendants(of=None):
    """Process ids of all living descendants, nearest first."""
    children = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found, queue = [], [of or os.getpid()]
    while queue:
        below = children.get(queue.pop(0), [])
        found += below
        queue += below
    return found


def strays(known):
    """Direct children that we did not start: they were left to us by a parent that died."""
    return [pid for pid, parent in _parents() if parent == os.getpid() and pid not in known]


def _parents():
    """Pairs of process and parent for all processes that are not zombies."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # The name stands in brackets and may itself hold spaces and brackets.
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue
        if state not in "ZX":
            yield int(entry.name), int(parent)


def send(pid, how):
    """Signal one process; no complaint if it has ended already."""
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return False
    return True


def alive(pid):
    """Whether the process exists and is not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def reap():
    """Collect dead children that nobody else waits for; returns nothing, blocks never."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def kill_descendants(seconds=2.0):
    """Kill whatever is left below this process; returns how many had to be killed."""
    deadline = time.monotonic() + seconds
    killed = set()
    while left := descendants():
        for pid in left:
            if send(pid, signal.SIGKILL):
                killed.add(pid)
        reap()
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return len(killed)


def last_lines(path, count=12):
    """The end of a log file, for showing why something failed."""
    try:
        with open(path, "rb") as log:
            log.seek(max(0, os.path.getsize(path) - 20_000))
            lines = log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-count:])
