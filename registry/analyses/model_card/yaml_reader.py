"""A small YAML reader for hostile front matter.

PyYAML's C loader crashes on deep nesting and its Python loader recurses, and both build what aliases
multiply. So limits are checked on the parser's events, which come one by one and without recursion,
and plain Python values are built from them here. Nothing is raised: the caller gets a `Problem`.
"""

import math
import re
from dataclasses import dataclass

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

MAX_CHARACTERS = 64_000
MAX_DEPTH = 20
MAX_NODES = 2_000

CORE_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")}
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
DECIMAL = re.compile(
    r"[-+]?(?:[0-9]{1,40}\.[0-9]{0,40}|\.[0-9]{1,40}|[0-9]{1,40}(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?"
)
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Problem:
    """Why the front matter cannot be used; `offset` counts characters into the text given."""

    code: str
    message: str
    offset: int = 0


class _Refused(Exception):
    def __init__(self, code, message, mark=None):
        super().__init__(message)
        self.problem = Problem(code, message, mark.index if mark else 0)


def read_mapping(text: str) -> tuple[dict | None, Problem | None]:
    """The mapping in `text` as plain JSON types, or the problem that keeps it from being read."""
    if len(text) > MAX_CHARACTERS:
        message = (
            f"The front matter is longer than {MAX_CHARACTERS:,} characters; move long values to the body."
        )
        return None, Problem("too_large", message)
    try:
        value = _Builder().build(text)
    except _Refused as refused:
        return None, refused.problem
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" on line {mark.line + 1}" if mark else ""
        message = f"The front matter is not valid YAML{where}: {error.problem or 'unreadable'}; correct it."
        return None, Problem("syntax_error", message, mark.index if mark else 0)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError, IndexError, AttributeError):
        # PyYAML lets a few malformed escapes and directives out as bare Python errors.
        return None, Problem(
            "syntax_error", "The front matter is not valid YAML; quote values with odd characters."
        )
    if value is None and not re.search(r"^\s*[^#\s]", text, re.MULTILINE):
        return {}, None
    if not isinstance(value, dict):
        return None, Problem(
            "not_mapping", "The front matter is not a list of `key: value` pairs; write it as such."
        )
    return value, None


class _Builder:
    """Builds plain values from parser events, refusing what goes over a limit as soon as it is seen."""

    def __init__(self):
        self.root = None
        self.stack = []  # of [container, pending key or None]
        self.nodes = 0
        self.documents = 0

    def build(self, text):
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, DocumentStartEvent):
                self.start_document(event)
            elif isinstance(event, AliasEvent):
                raise _Refused(
                    "alias", "The front matter uses a YAML alias; write the value out.", event.start_mark
                )
            elif isinstance(event, ScalarEvent):
                self.check(event)
                self.add(scalar(event), event)
            elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                self.check(event)
                self.open({} if isinstance(event, MappingStartEvent) else [], event)
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                self.stack.pop()
        return self.root

    def start_document(self, event):
        self.documents += 1
        if self.documents > 1:
            raise _Refused(
                "syntax_error",
                "The front matter holds more than one YAML document; keep one.",
                event.start_mark,
            )

    def check(self, event):
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _Refused(
                "too_large",
                f"The front matter has more than {MAX_NODES:,} values; shorten it.",
                event.start_mark,
            )
        if event.anchor:
            raise _Refused(
                "alias", "The front matter uses a YAML anchor; write the value out.", event.start_mark
            )
        if event.tag and event.tag not in CORE_TAGS:
            raise _Refused(
                "tag", "The front matter uses a YAML tag; write the plain value.", event.start_mark
            )

    def open(self, container, event):
        if len(self.stack) >= MAX_DEPTH:
            raise _Refused(
                "too_deep",
                f"The front matter is nested over {MAX_DEPTH} levels; flatten it.",
                event.start_mark,
            )
        self.add(container, event)
        self.stack.append([container, None])

    def add(self, value, event):
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        container, key = top
        if isinstance(container, list):
            container.append(value)
        elif key is None:
            top[1] = self.key(value, container, event)
        else:
            container[key] = value
            top[1] = None

    def key(self, value, container, event):
        if not isinstance(value, str) or not value:
            message = "The front matter has a key that is not text; write keys as words."
            raise _Refused("bad_key", message, event.start_mark)
        if value in container:
            message = f"The front matter states the key “{value[:60]}” twice; keep one of them."
            raise _Refused("duplicate_key", message, event.start_mark)
        return value


def scalar(event):
    """The value of a scalar; `no` and `on` and dates stay text, since codes and versions look so."""
    value = event.value
    if UNSTORABLE.search(value):
        raise _Refused(
            "bad_character",
            "The front matter has a character that cannot be stored; take it out.",
            event.start_mark,
        )
    if event.tag == "tag:yaml.org,2002:str" or not (event.implicit[0] or event.tag):
        return value
    if value in ("", "~", "null", "Null", "NULL"):
        return None
    if value in ("true", "True", "TRUE"):
        return True
    if value in ("false", "False", "FALSE"):
        return False
    if INTEGER.fullmatch(value):
        return int(value)
    if DECIMAL.fullmatch(value) and math.isfinite(float(value)):
        return float(value)
    return value
