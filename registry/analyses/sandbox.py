"""The child process in which an analysis runs: limited memory, no children left behind, killable at any time.

Reads one request as JSON on standard input: {analysis, params, seed, memory_mb, inputs: [{role, name, path}]}.
Writes JSON lines: {"progress", "message"} while it works, then {"report"} or {"unusable"} or {"broken"}.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def confine(memory_mb):
    """Die with the parent, keep below the memory limit, write no core file, use one thread."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, memory_mb * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)


def main():
    request = json.load(sys.stdin)
    confine(request["memory_mb"])
    # Libraries that print must not disturb the lines that the worker reads.
    out, sys.stdout = sys.stdout, sys.stderr

    def say(**line):
        out.write(json.dumps(line, allow_nan=False) + "\n")
        out.flush()

    from registry.analyses import catalogue
    from registry.analyses.errors import Unusable
    from registry.analyses.inputs import Input
    from registry.analyses.report import carry_out

    try:
        analysis, inputs = catalogue.get(request["analysis"]), {}
        for given in request["inputs"]:
            one = Input(given["role"], given["name"], Path(given["path"]).read_bytes())
            if analysis.roles.get(one.role, {}).get("many"):
                inputs.setdefault(one.role, []).append(one)
            else:
                inputs[one.role] = one
        report = carry_out(
            analysis,
            inputs,
            request["params"],
            request["seed"],
            lambda fraction, message: say(progress=round(fraction, 4), message=message),
        )
    except Unusable as problem:
        say(unusable=str(problem))
    except MemoryError:
        say(broken="It needed more memory than a run may use.")
    except RecursionError:
        say(broken="The input is nested more deeply than the analysis can follow.")
    else:
        say(report=report)


if __name__ == "__main__":
    main()
