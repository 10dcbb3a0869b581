"""The block of YAML at the top of a card: found, named by its state, and read.

The Hub reads front matter only when the file opens with `---`; real cards open with two dashes, with none,
with a rule that means nothing, or hide the block in a comment. Each of these has a code, so that the
finding can say what to change, and what a reader sees plainly (`license: mit`) is still salvaged.
"""

import re
from dataclasses import dataclass, field

from .yaml_reader import MAX_CHARACTERS, read_mapping

HUB_KEYS = {
    "language",
    "languages",
    "license",
    "licence",
    "license_name",
    "license_link",
    "tags",
    "datasets",
    "metrics",
    "model-index",
    "pipeline_tag",
    "library_name",
    "base_model",
    "thumbnail",
    "widget",
    "inference",
    "co2_eq_emissions",
    "model_name",
    "extra_gated_prompt",
    "title",
    "model_type",
}
KEY_LINE = re.compile(r"""^["']?([A-Za-z_][\w .-]{0,60}?)["']?[ \t]*:(?:[ \t]+(.*)|[ \t]*)$""")
ITEM_LINE = re.compile(r"^[ \t]*-[ \t]+(.+)$")
FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*$")
TYPO = re.compile(r"^(?:-{1,2}|-{4,10}|[—–]{1,3}|-[—–]|[—–]-|\+\+\+|===|\*\*\*|```ya?ml|- - -)[ \t]*$")

MESSAGES = {
    "opener_typo": "The front matter opens with “{line}”, so tools do not see it; open it with three dashes.",
    "opener_missing": "The front matter lacks its opening line of three dashes, so tools miss it; add one.",
    "never_closed": "The front matter is never closed; end it with a line of three dashes.",
    "in_html_comment": "The front matter stands inside an HTML comment, so tools do not see it; take it out.",
    "rule_not_front_matter": "The file opens with a rule of dashes that no front matter follows.",
}


@dataclass(frozen=True)
class FrontMatter:
    """Where the front matter is, what it says, and what is wrong with it."""

    state: str  # ok, none or broken
    code: str  # ok, none, or the kind of fault
    data: dict = field(default_factory=dict)
    problem: str | None = None
    start: int = 0
    end: int = 0  # where the body begins
    keys: dict = field(default_factory=dict)  # top-level key -> (start, end) of its lines
    fault_at: int | None = None

    def get(self, *names):
        """The first of these keys that is present and says something."""
        for name in names:
            if self.data.get(name) not in (None, "", [], {}):
                return self.data[name]
        return None

    def span(self, *names):
        for name in names:
            if name in self.keys:
                return self.keys[name]
        return None


def read_front_matter(text: str) -> FrontMatter:
    """The front matter of a card; never raises."""
    lines = lines_of(text)
    first = next((i for i, (_, _, line) in enumerate(lines) if line.strip("\ufeff \t")), None)
    if first is None:
        return FrontMatter("none", "none")
    opener = lines[first][2].lstrip("\ufeff").rstrip()
    if opener == "---":
        return after_opener(text, lines, first)
    if TYPO.match(opener) and (block := keyed_block(lines, first + 1)):
        return broken(text, lines, "opener_typo", first, *block, line=opener)
    if (match := KEY_LINE.match(opener)) and match[1].lower() in HUB_KEYS:
        if block := keyed_block(lines, first, fewest=2):
            return broken(text, lines, "opener_missing", first, *block)
    if opener.startswith("<!--"):
        return inside_comment(text, lines, first)
    return FrontMatter("none", "none")


def after_opener(text, lines, first):
    """The block below a line of three dashes."""
    closer = next((i for i in range(first + 1, len(lines)) if FENCE.match(lines[i][2])), None)
    if closer is None:
        block = keyed_block(lines, first + 1, needs_closer=False)
        if block:
            return broken(text, lines, "never_closed", first, *block)
        return rule(lines, first)
    inner = [line for _, _, line in lines[first + 1 : closer]]
    if not any(KEY_LINE.match(line) for line in inner) and looks_like_prose(inner):
        return rule(lines, first)
    begin, stop = lines[first][1], lines[closer][0]
    # A huge block is refused by length before a substring of it is parsed.
    data, problem = read_mapping(text[begin : min(stop, begin + MAX_CHARACTERS + 1)])
    keys = key_spans(lines, first + 1, closer)
    start, end = start_of(lines, first), lines[closer][1]
    if problem:
        data = salvage(lines, first + 1, closer)
        return FrontMatter(
            "broken", problem.code, data, problem.message, start, end, keys, begin + problem.offset
        )
    return FrontMatter("ok", "ok", data, None, start, end, keys)


def broken(text, lines, code, first, begin, closer, line=""):
    """Front matter that a reader sees but tools do not; its plain lines are salvaged."""
    stop = min(closer + 1, len(lines)) - 1
    data, problem = read_mapping(text[lines[begin][0] : lines[closer][0] if closer < len(lines) else None])
    if problem:
        data = salvage(lines, begin, closer)
    message = MESSAGES[code].format(line=line[:20])
    start, end = start_of(lines, first), lines[stop][1] if closer < len(lines) else lines[closer - 1][1]
    return FrontMatter("broken", code, data, message, start, end, key_spans(lines, begin, closer), start)


def inside_comment(text, lines, first):
    """Front matter hidden in a comment that opens the file."""
    rest = lines[first][2].lstrip("\ufeff").rstrip()[4:].strip()
    begin = first + 1 if not rest else first
    if begin + 1 < len(lines) and (rest == "---" or lines[begin][2].strip() == "---"):
        block = keyed_block(lines, begin + 1)
        if block:
            return broken(text, lines, "in_html_comment", first, *block)
    return FrontMatter("none", "none")


def rule(lines, first):
    """A rule of dashes is Markdown, so the whole file is body."""
    return FrontMatter(
        "none",
        "rule_not_front_matter",
        {},
        MESSAGES["rule_not_front_matter"],
        start_of(lines, first),
        start_of(lines, first),
    )


def keyed_block(lines, begin, fewest=1, needs_closer=True):
    """(begin, closer) of a run of `key: value` lines from `begin` on, or None.

    Without a closing line the run ends at the first blank line or heading.
    """
    known = 0
    for i in range(begin, min(len(lines), begin + 400)):
        line = lines[i][2]
        if FENCE.match(line) or re.match(r"^-{2,10}[ \t]*$", line):
            return (begin, i) if known >= fewest else None
        match = KEY_LINE.match(line)
        if match:
            known += match[1].lower() in HUB_KEYS or not needs_closer
        elif not line.strip() or line.startswith("#"):
            if not needs_closer and (known or not line.strip()):
                return (begin, i) if known else None
        elif not re.match(r"^[ \t]|^-[ \t]|^[\]}]", line):
            return None
    return (begin, len(lines)) if known >= fewest and not needs_closer else None


def looks_like_prose(inner):
    """A block holding headings, or a blank line and then a sentence, was never meant as YAML."""
    if any(re.match(r"^#{2,6}[ \t]", line) for line in inner):
        return True
    blank = False
    for line in inner:
        if not line.strip():
            blank = True
        elif blank and len(line.split()) >= 4 or re.match(r"^(?:#|!\[|<)", line):
            return True
    return False


def salvage(lines, begin, closer):
    """The plain `key: value` and `- item` lines of a block that YAML refuses."""
    data, current = {}, None
    for _, _, line in lines[begin : min(closer, begin + 2_000)]:
        match, item = KEY_LINE.match(line), ITEM_LINE.match(line)
        if match:
            current = match[1]
            data[current] = unquoted(match[2])
        elif item and current and not isinstance(data[current], str):
            data[current] = (data[current] or []) + [unquoted(item[1])]
    return data


def unquoted(value):
    value = (value or "").strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value.replace("\x00", "")[:500] or None


def key_spans(lines, begin, closer):
    """Which lines each top-level key covers."""
    spans, current = {}, None
    for start, _, line in lines[begin : min(closer, begin + 4_000)]:
        match = KEY_LINE.match(line)
        if match:
            current = match[1]
            spans.setdefault(current, (start, start + len(line.rstrip())))
        elif current and line.strip() and not line.startswith("#"):
            spans[current] = (spans[current][0], start + len(line.rstrip()))
    return spans


def lines_of(text):
    """(start, end with line break, line without it) for each line; only \\n, \\r\\n and \\r break lines."""
    found = []
    for match in re.finditer(r"([^\r\n]*)(\r\n|\n|\r|$)", text):
        if match.end() > match.start():
            found.append((match.start(), match.end(), match[1]))
    return found


def start_of(lines, first):
    start, _, line = lines[first]
    return start + (1 if line.startswith("\ufeff") else 0)
