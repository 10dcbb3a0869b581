"""Driving the child process of a run: start, listen, renew the lease, stop, write down what came of it."""

import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.db import Error, InterfaceError, OperationalError, close_old_connections, connection

from .actions import HEARTBEAT, fail, finish, give_back, keep, limits
from .sandbox import MOST_BYTES

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
SAFE = ("PATH", "LANG", "LC_ALL", "HOME", "VIRTUAL_ENV", "PYTHONPATH", "TMPDIR")
ENDS = {"report", "unusable", "broken"}
PATIENCE = 120  # seconds to wait for a database that is away when a run is done


def compute(run, files):
    """Run an analysis on `files` (role, name, open file) in a child and write down what came of it."""
    limit = limits()
    with tempfile.TemporaryFile() as complaints:
        child = _start(run, files, limit, complaints)
        try:
            ended = _listen(run, child, time.monotonic() + limit["seconds"], limit)
        finally:
            _stop(child)
        if ended is None:
            return
        if ended[0] == "silent":
            ended = _why(child.returncode, limit)
            log.warning("run %s: %s\n%s", run.pk, ended[1], _last_words(complaints))
    settle(run, *ended)


def _start(run, files, limit, complaints):
    request = limit | {
        "analysis": run.analysis,
        "params": run.params,
        "seed": run.seed,
        "parent": os.getpid(),
        "inputs": [{"role": role, "name": name, "fd": file.fileno()} for role, name, file in files],
    }
    # The child gets no secret of the site and no proxy: only what Python itself needs.
    env = {k: v for k, v in os.environ.items() if k in SAFE} | ONE_THREAD | {"PYTHONHASHSEED": "0"}
    # A session of its own, so that whatever it starts can be killed with it.
    child = subprocess.Popen(
        [sys.executable, "-m", "registry.analyses.sandbox"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, cwd=ROOT, env=env,
        start_new_session=True, pass_fds=[file.fileno() for _, _, file in files],
    )  # fmt: skip
    try:
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()
    except BrokenPipeError:
        pass
    return child


def _stop(child):
    """End the child and all that it started, whether or not it has ended by itself."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    child.wait()
    child.stdout.close()


def _listen(run, child, deadline, limit):
    """How it ended, as `(kind, words or report)`, or None when the run is no longer ours."""
    heard, progress, message, next_beat = bytearray(), 0.0, "Started.", 0.0
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            now = time.monotonic()
            if now >= deadline:
                child.kill()
                return "broken", f"It took longer than the {limit['seconds']} seconds a run may take."
            if now >= next_beat:
                if not _keep(run, progress, message):
                    child.kill()
                    return None
                next_beat = time.monotonic() + HEARTBEAT
            if not selector.select(timeout=max(0.05, min(next_beat, deadline) - now)):
                continue
            chunk = os.read(child.stdout.fileno(), 1 << 20)
            if not chunk:
                return _end_of(child)
            heard += chunk
            if b"\n" not in chunk:
                if len(heard) > MOST_BYTES + 100:
                    return "broken", f"Its result is larger than the {MOST_BYTES // 2**20} MB that are kept."
                continue
            *lines, rest = bytes(heard).split(b"\n")
            heard = bytearray(rest)
            for line in lines:
                said = _understood(line)
                if "progress" not in said:
                    return next(iter(said.items()))
                progress, message = min(1.0, max(0.0, said["progress"])), said["message"].replace("\0", "")
            next_beat = min(next_beat, now + 0.5)


def _end_of(child):
    """What it means that the child has closed its output: it has ended, or has no way to answer any more."""
    try:
        child.wait(1)
    except subprocess.TimeoutExpired:
        return "broken", "The analysis closed its output and went on. This is a fault of the analysis."
    return "silent", ""


def _understood(line):
    """What one line of the child says; anything else than its own words is a fault of the analysis."""
    try:
        said = json.loads(line)
        if said.keys() == {"progress", "message"} or (len(said) == 1 and said.keys() < ENDS):
            return said
    except (ValueError, AttributeError, RecursionError):
        pass
    return {"broken": "The analysis wrote something that is no answer. This is a fault of the analysis."}


def _keep(run, progress, message):
    """Renew the lease; a database that does not answer is no reason to stop computing."""
    try:
        return keep(run, progress=progress, message=message)
    except Error:
        connection.close()
        return True


def _why(code, limit):
    """What to write about a child that ended without a word."""
    if code == -signal.SIGKILL:
        # Nothing inside a run ends it so: it was the kernel, short of memory, or a person.
        return "killed", "The analysis was killed from outside, perhaps because the machine was short of memory."
    if code == -signal.SIGXCPU:
        return "broken", f"It took longer than the {limit['seconds']} seconds a run may take."
    if code and code < 0:
        return "broken", (
            f"The analysis was stopped by signal {-code}; most likely it needed more than the "
            f"{limit['memory_mb']} MB that a run may use, or the input broke a library."
        )
    return "broken", f"The analysis ended without a result (exit code {code}). This is a fault of ours."


def _last_words(complaints):
    complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - 4000))
    return complaints.read(4000).decode("utf-8", "replace")


def settle(run, kind, value):
    """Write the end of the run; wait out a database that is away, since the lease tells if it is still ours."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            if not connection.in_atomic_block:
                close_old_connections()
            return _write(run, kind, value)
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def _write(run, kind, value):
    if kind == "killed":
        return give_back(run, value)
    if kind != "report":
        return fail(run, value)
    try:
        return finish(run, value)
    except (OperationalError, InterfaceError):
        raise
    except Error:
        log.exception("run %s: its result cannot be stored", run.pk)
        return fail(run, "Its result could not be stored. This is a fault of ours.")
