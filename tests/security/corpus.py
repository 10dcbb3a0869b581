"""The attack inputs beside the repository: `../shared/data/attacks/`, one JSON object a line."""

import base64
import functools
import json

from tests.shared import DATA

ATTACKS = DATA / "attacks"


@functools.cache
def entries(name):
    """The objects of one file, such as `api/json_bodies`."""
    lines = (ATTACKS / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    return tuple(json.loads(line) for line in lines if line.strip())


def text_of(entry):
    """What an entry holds, as text: a payload, or parts to be repeated."""
    if "payload" in entry:
        return entry["payload"]
    return "".join(part * count for part, count in entry["parts"])


def bytes_of(entry):
    """What an entry holds, as bytes; lone surrogates as they would be sent by whoever does not care."""
    if "base64" in entry:
        return base64.b64decode(entry["base64"])
    return text_of(entry).encode("utf-8", "surrogatepass")


def texts(*names):
    """The texts of several files."""
    return [text_of(entry) for name in names for entry in entries(name)]


def xss():
    """Every cross-site scripting payload, each once."""
    files = sorted(path.stem for path in (ATTACKS / "xss").glob("*.jsonl"))
    return list(dict.fromkeys(texts(*(f"xss/{name}" for name in files))))
