"""Reading a file for a page in a process of its own: hostile text may take memory or time without end.

The child gets the format and the text on standard input, works under the limits of `sandbox`, and writes JSON.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from registry.analyses.errors import Unusable

ROOT = Path(__file__).resolve().parents[3]
SECONDS, MEMORY_MB = 10, 512
PROGRAM = "from registry.exchange.reading.apart import answer; answer()"
FORMATS = {"model-card": "Model card", "citation-cff": "CITATION.cff", "cyclonedx": "CycloneDX JSON"}


def read_apart(text, name=""):
    """What a file says, as {format, fields, missed}; `Unusable` where it cannot be read within the limits.

    `name` is one of FORMATS; without one the file is looked at.
    """
    request = json.dumps({"format": name or format_of(text), "text": text})
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", PROGRAM, str(os.getpid())],
            input=request.encode(), capture_output=True, timeout=SECONDS, start_new_session=True,
            # Neither the settings nor any secret of this process are handed on.
            env={"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
        )  # fmt: skip
        return json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Unusable(
            f"The file could not be read in {SECONDS} seconds, or broke its reader; look for something nested very "
            "deeply or repeated without end. The draft can be filled in by hand."
        ) from None


def format_of(text):
    """What a file is by its first words; everything that is neither of the others is read as a card."""
    start = text[:4000].lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        return "cyclonedx"
    return "citation-cff" if any(line.startswith("cff-version:") for line in start.split("\n")) else "model-card"


def answer():
    """The child's part."""
    from registry.analyses.sandbox import confine
    from registry.exchange.reading import card, citation_file, cyclonedx

    confine(MEMORY_MB, SECONDS, int(sys.argv[1]))
    request = json.loads(sys.stdin.buffer.read())
    read = {"model-card": card.read, "citation-cff": citation_file.read, "cyclonedx": cyclonedx.read}
    sys.stdout.write(json.dumps(read[request["format"]](request["text"]).as_dict()))
