"""Reading a card for a page in a process of its own: YAML and hostile text may take memory or time without end.

The child reads the text on standard input, under the limits of `sandbox`, and writes the proposal as JSON.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from registry.analyses.errors import Unusable

ROOT = Path(__file__).resolve().parents[3]
SECONDS, MEMORY_MB = 8, 512
PROGRAM = "from registry.analyses.model_card.apart import answer; answer()"


def prefill_apart(text: str) -> dict:
    """What `prefill` proposes for a card, or `Unusable` where it cannot be read within the limits."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", PROGRAM, str(os.getpid())],
            input=text.encode("utf-8", "surrogatepass"), capture_output=True, timeout=SECONDS, start_new_session=True,
            # Neither the settings nor any secret of this process are handed on.
            env={"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
        )  # fmt: skip
        return json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Unusable(
            f"The card could not be read in {SECONDS} seconds, or broke its reader; look for something nested very "
            "deeply or repeated without end. The draft can be filled in by hand."
        ) from None


def answer():
    """The child's part."""
    from registry.analyses.model_card.prefill import prefill
    from registry.analyses.sandbox import confine

    confine(MEMORY_MB, SECONDS, int(sys.argv[1]))
    proposal = prefill(sys.stdin.buffer.read().decode("utf-8", "surrogatepass"))
    sys.stdout.write(json.dumps(proposal))
