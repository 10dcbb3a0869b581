"""Driving the child process of a run: start, listen, renew the lease, stop."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.db import DatabaseError, close_old_connections, connection

from .actions import fail, finish, keep, limits

HEARTBEAT = 4  # seconds
ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
SAFE = ("PATH", "LANG", "LC_ALL", "HOME", "VIRTUAL_ENV", "PYTHONPATH", "TMPDIR")


def compute(run, files):
    """Run an analysis on `files` (role, name, local path) in a child and write down what came of it."""
    limit = limits()
    request = {
        "analysis": run.analysis,
        "params": run.params,
        "seed": run.seed,
        "memory_mb": limit["memory_mb"],
        "inputs": [{"role": r, "name": n, "path": p} for r, n, p in files],
    }
    with tempfile.TemporaryFile() as complaints, _start(request, complaints) as child:
        try:
            ended = _listen(run, child, time.monotonic() + limit["seconds"])
        finally:
            child.kill()
            child.wait()
        if ended is None:
            return
        kind, value = ended
        if kind == "silent":
            value = _why(child.returncode, limit)
    _settle(run, kind, value)


def _start(request, complaints):
    # The child gets no secret of the site: only what Python itself needs.
    env = {k: v for k, v in os.environ.items() if k in SAFE} | ONE_THREAD | {"PYTHONHASHSEED": "0"}
    child = subprocess.Popen(
        [sys.executable, "-m", "registry.analyses.sandbox"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, cwd=ROOT, env=env,
    )  # fmt: skip
    try:
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()
    except BrokenPipeError:
        pass
    return child


def _listen(run, child, deadline):
    """`(kind, value)` at the end, or None when the run is no longer ours."""
    heard, progress, message, next_beat = b"", 0.0, "Started.", 0.0
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            now = time.monotonic()
            if now >= deadline:
                return "broken", f"It took longer than the {limits()['seconds']} seconds a run may take."
            if now >= next_beat:
                if not _keep(run, progress, message):
                    return None
                next_beat = now + HEARTBEAT
            if not selector.select(timeout=max(0.05, min(next_beat, deadline) - now)):
                continue
            chunk = os.read(child.stdout.fileno(), 1 << 16)
            if not chunk:
                child.wait()
                return "silent", ""
            heard += chunk
            *lines, heard = heard.split(b"\n")
            for line in lines:
                said = json.loads(line)
                if "progress" in said:
                    progress, message = said["progress"], said["message"]
                    next_beat = min(next_beat, now + 0.5)
                else:
                    return next(iter(said.items()))


def _keep(run, progress, message):
    """Renew the lease; a database that does not answer is no reason to stop computing."""
    try:
        return keep(run, progress=progress, message=message)
    except DatabaseError:
        connection.close()
        return True


def _why(code, limit):
    if code and code < 0:
        return (
            f"The analysis was stopped by signal {-code}; most likely it needed more than the "
            f"{limit['memory_mb']} MB that a run may use, or the input broke a library."
        )
    return f"The analysis ended without a result (exit code {code}). This is a fault of ours."


def _settle(run, kind, value, patience=120):
    """Write the end of the run; wait out a database that is away, since the lease tells if it is still ours."""
    until = time.monotonic() + patience
    while True:
        try:
            close_old_connections()
            if kind == "report":
                finish(run, value)
            else:
                fail(run, value)
            return
        except DatabaseError:
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(1)
