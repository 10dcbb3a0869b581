"""The child process in which an analysis runs: limited memory and time, no network, killable at any moment.

Reads one request as JSON on standard input: {analysis, params, seed, memory_mb, seconds, parent, inputs: [{role,
name, fd}]}, each `fd` an open file. Writes JSON lines: {"progress", "message"} while it works, then {"report"} or
{"unusable"} or {"broken"}.
"""

import ctypes
import json
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
MOST_WRITTEN = 16 * 2**20  # bytes of complaints, or of any other file
MOST_BYTES = 64 * 2**20  # of a report


def confine(memory_mb, seconds, parent):
    """Die with the parent, keep below the limits, write no core file, lose the network, be the first to be killed."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("The worker ended before the analysis began.")
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, memory_mb * 2**20))
    # The worker's clock ends a run first; this one is for a worker that is itself stopped.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 10, seconds + 15))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    _leave_network(libc)
    _be_the_first_to_go()


def _leave_network(libc):
    """Where the kernel allows it, a network of one's own with nothing in it; elsewhere there is at least no proxy."""
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _be_the_first_to_go():
    """When the machine runs out of memory, the kernel takes this process before a database or a worker."""
    try:
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")
    except OSError:
        pass


def main():
    request = json.load(sys.stdin)
    confine(request["memory_mb"], request["seconds"], request["parent"])
    # What libraries print, even below Python, must not disturb the lines that the worker reads.
    with os.fdopen(os.dup(1), "w", encoding="ascii") as out:
        os.dup2(2, 1)

        def say(**line):
            text = json.dumps(line, allow_nan=False)
            if len(text) > MOST_BYTES:
                said = f"Its result is larger than the {MOST_BYTES // 2**20} MB that are kept."
                text = json.dumps({"broken": said})
            out.write(text + "\n")
            out.flush()

        answer(request, say)


def answer(request, say):
    """Carry out what is asked and say how it ended; a fault of the analysis ends the process with a traceback."""
    from registry.analyses import catalogue
    from registry.analyses.errors import Unusable
    from registry.analyses.report import carry_out

    def progress(fraction, message):
        say(progress=round(float(fraction), 4), message=str(message)[:200])

    try:
        analysis = catalogue.get(request["analysis"])
        inputs = _read(analysis, request["inputs"])
        say(report=carry_out(analysis, inputs, request["params"], request["seed"], progress))
    except Unusable as problem:
        say(unusable=str(problem))
    except MemoryError:
        say(broken=f"It needed more than the {request['memory_mb']} MB of memory that a run may use.")
    except RecursionError:
        say(broken="The input is nested more deeply than the analysis can follow.")


def _read(analysis, given):
    from registry.analyses.inputs import Input

    inputs = {}
    for file in given:
        with os.fdopen(file["fd"], "rb") as source:
            one = Input(file["role"], file["name"], source.read())
        if analysis.roles.get(one.role, {}).get("many"):
            inputs.setdefault(one.role, []).append(one)
        else:
            inputs[one.role] = one
    return inputs


if __name__ == "__main__":
    main()
