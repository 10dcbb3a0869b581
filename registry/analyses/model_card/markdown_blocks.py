"""A card's body as a flat list of blocks with character offsets.

Not a Markdown renderer: it finds headings, paragraphs, list items, tables, code, comments and fields
(`**License:** MIT`) in one pass over the lines, in time linear in the text, and keeps where each stands.
"""

import re
from dataclasses import dataclass

from .front_matter import lines_of


@dataclass(frozen=True)
class Block:
    """A stretch of the card. `level` ranks headings: 1–6, 7 for a bold line, 8 for a field's name."""

    kind: str  # heading, paragraph, item, table, code, comment, image
    start: int
    end: int
    text: str
    level: int = 0
    info: str = ""  # a code block's language


LONG_LINE = 4_000
ATX = re.compile(r"^[ \t>]{0,4}(#{1,6})(?:[ \t]+|(?=[^#\s\d!]))(.*?)[ \t]*#*[ \t]*$")
SETEXT = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
HTML_HEADING = re.compile(r"^[ \t]*<h([1-6])\b[^>]{0,200}>(.*?)</h\1>", re.IGNORECASE)
SUMMARY = re.compile(r"^[ \t]*<summary>(.*?)</summary>", re.IGNORECASE)
FENCE = re.compile(r"^[ \t>]{0,6}(`{3,}|~{3,})[ \t]*([^`\r\n]*)$")
BULLET = re.compile(r"^[ \t>]{0,12}(?:[-*+•–]|\d{1,3}[.)]|\(\d{1,2}\))[ \t]+(?=\S)")
RULE = re.compile(r"^ {0,3}(?:[-*_][ \t]*){3,80}$")
BOLD_LINE = re.compile(
    r"^[ \t]*(?:\d{1,2}[.)] )?(?:\*\*|__)([^*_]{2,90}?)[:：]?(?:\*\*"
    r"|__)[ \t]*[:：]?[ \t]*(?:<br ?/?>)?[ \t]*$"
)
FIELD = re.compile(
    r"^[ \t>]*(?:[-*+•][ \t]+)?"
    r"(?:\*\*|__)(?P<bold>[^*_:：]{2,60}?)(?:[ \t]*[:：][ \t]*(?:\*\*|__)|(?:\*\*"
    r"|__)[ \t]*[:：])[ \t]*(?P<value>.*)$"
)
PLAIN_FIELD = re.compile(
    r"^[ \t>]*(?P<bullet>[-*+•][ \t]+)?[`_]{0,2}(?P<key>[^\W\d_][^:：`*"
    r"|<>\[\]!?.#\n]{1,48}?)[`_]{0,2}[ \t]*[:：](?:[ \t]+|$)(?P<value>.*)$"
)
DELIMITER_ROW = re.compile(
    r"^\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$"
    r"|^:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$"
)
IMAGE_LINE = re.compile(
    r"^(?:!\[[^\]]{0,300}\]\([^)]{0,2000}\)|<img\b[^>]{0,4000}>|</?(?:p|div|a|center"
    r"|br)\b[^>]{0,2000}>|\[!\[[^\]]{0,300}\]\([^)]{0,2000}\)\]\([^)]{0,2000}\)|[ \t])+$"
)


def parse(text: str, begin: int = 0) -> list[Block]:
    """The blocks of `text` from `begin` on, in order."""
    return _Parser(text, begin).run()


class _Parser:
    def __init__(self, text, begin):
        self.text = text
        self.lines = [(s + begin, e + begin, line) for s, e, line in lines_of(text[begin:])]
        self.blocks = []
        self.open = []  # lines of the paragraph or item being read
        self.open_kind = ""
        self.i = 0
        self.comments_end = True  # false once a comment was found that never ends

    def run(self):
        while self.i < len(self.lines):
            start, end, line = self.lines[self.i]
            self.i += 1
            if not line.strip("\ufeff \t>"):
                self.close()
            elif not (self.fence(line) or self.comment(start, line) or self.html_table(start, line)):
                self.ordinary(start, line)
        self.close()
        return self.blocks

    def ordinary(self, start, line):
        if len(line) > LONG_LINE:
            # Longer than any heading, row of dashes or field: prose, and no pattern is run over it.
            self.open_kind = self.open_kind or "paragraph"
            self.open.append((start, start + len(line.rstrip())))
            return
        if self.setext(start, line) or self.heading(start, line) or self.table(start, line):
            return
        if RULE.match(line):
            self.close()
        elif IMAGE_LINE.match(line.strip(" \t>")):
            self.close()
            if "<img" in line or "![" in line:
                self.add("image", start, start + len(line.rstrip()))
        elif self.indented_code(line):
            return
        elif not self.field(start, line):
            if BULLET.match(line):
                self.close()
                self.open_kind = "item"
            self.open_kind = self.open_kind or "paragraph"
            self.open.append((start, start + len(line.rstrip())))

    def add(self, kind, start, end, level=0, info="", shown=None):
        raw = self.text[start:end] if shown is None else shown
        self.blocks.append(Block(kind, start, end, raw, level, info))

    def close(self):
        """End the paragraph or item that is open, if one is."""
        if self.open:
            start, end = self.open[0][0], self.open[-1][1]
            lead = len(self.text[start:end]) - len(self.text[start:end].lstrip("\ufeff \t>"))
            self.add(self.open_kind, start + lead, end)
        self.open, self.open_kind = [], ""

    def heading(self, start, line):
        match = ATX.match(line)
        if match and (match[2].strip() or len(match[1]) > 1):
            return self.add_heading(start, line, len(match[1]), match[2])
        match = HTML_HEADING.match(line)
        if match:
            return self.add_heading(start, line, int(match[1]), re.sub(r"<[^>]{0,200}>", "", match[2]))
        match = SUMMARY.match(line)
        if match and not re.search(r"click|expand|show|here", match[1], re.IGNORECASE):
            return self.add_heading(start, line, 7, re.sub(r"<[^>]{0,200}>", "", match[1]))
        match = BOLD_LINE.match(line)
        if match and not self.open:
            return self.add_heading(start, line, 7, match[1])
        return False

    def add_heading(self, start, line, level, shown):
        self.close()
        lead = len(line) - len(line.lstrip("\ufeff \t>"))
        self.add("heading", start + lead, start + len(line.rstrip()), level, shown=shown.strip())
        return True

    def setext(self, start, line):
        match = SETEXT.match(line)
        if not match or len(self.open) != 1 or self.open_kind != "paragraph":
            return False
        begin, end = self.open[0]
        if "|" in self.text[begin:end] or end - begin > 150:
            return False
        self.open, self.open_kind = [], ""
        self.add("heading", begin, end, 1 if match[1][0] == "=" else 2)
        return True

    def field(self, start, line):
        """A line such as `- **License:** MIT`: a heading of level 8 and what follows it."""
        match = FIELD.match(line)
        name = match["bold"] if match else None
        if not match:
            match = PLAIN_FIELD.match(line)
            if not match or (self.open and not match["bullet"]) or len(match["key"].split()) > 6:
                return False
            name = match["key"]
        self.close()
        lead = len(line) - len(line.lstrip("\ufeff \t>"))
        value_at = start + match.start("value")
        self.add("heading", start + lead, max(value_at, start + lead + 1), 8, shown=name.strip())
        if match["value"].strip():
            self.open_kind = "item"
            self.open.append((value_at, start + len(line.rstrip())))
        return True

    def fence(self, line):
        match = FENCE.match(line)
        if not match:
            return False
        self.close()
        mark, opener = match[1], self.i - 1
        while self.i < len(self.lines):
            stripped = self.lines[self.i][2].strip(" \t>")
            self.i += 1
            if stripped.startswith(mark) and not stripped.strip(mark[0]):
                break
        self.add("code", self.lines[opener][0], self.end_of(self.i - 1), info=match[2].strip().lower()[:40])
        return True

    def end_of(self, i):
        start, _, line = self.lines[i]
        return start + len(line.rstrip())

    def indented_code(self, line):
        """Four spaces after a blank line, unless a list is going on."""
        if self.open or not re.match(r"^(?: {4}|\t)", line) or BULLET.match(line):
            return False
        previous = next((b for b in reversed(self.blocks) if b.kind != "image"), None)
        if previous and previous.kind == "item" and not re.match(r"^ {6}", line):
            return False
        first = self.i - 1
        while self.i < len(self.lines):
            following = self.lines[self.i][2]
            if following.strip() and not re.match(r"^(?: {4}|\t)", following):
                break
            self.i += 1
        last = self.i - 1
        while last > first and not self.lines[last][2].strip():
            last -= 1
        self.add("code", self.lines[first][0], self.end_of(last))
        return True

    def comment(self, start, line):
        lead = len(line) - len(line.lstrip("\ufeff \t>"))
        if not line.startswith("<!--", lead) or not self.comments_end:
            return False
        close = self.text.find("-->", start + lead)
        if close < 0:
            self.comments_end = False
            return False
        self.close()
        self.add("comment", start + lead, close + 3)
        self.skip_past(close + 3)
        return True

    def html_table(self, start, line):
        if not re.match(r"^[ \t]*<table\b", line, re.IGNORECASE):
            return False
        self.close()
        first = self.i - 1
        while self.i < len(self.lines) and "</table" not in self.lines[self.i - 1][2].lower():
            self.i += 1
        self.add("table", start, self.end_of(self.i - 1), info="html")
        return first >= 0

    def table(self, start, line):
        """Lines with pipes of which one of the first three is a row of dashes."""
        if "|" not in line:
            return False
        begin, stop = self.i - 1, self.i
        head = [text for _, _, text in self.lines[begin : begin + 3]]
        if (
            len(head) < 2
            or "|" not in head[1]
            or not any(DELIMITER_ROW.match(text.strip(" \t>")) for text in head[1:] if len(text) <= LONG_LINE)
        ):
            return False
        while stop < len(self.lines) and "|" in self.lines[stop][2]:
            stop += 1
        self.close()
        self.add("table", start, self.end_of(stop - 1))
        self.i = stop
        return True

    def skip_past(self, offset):
        """Continue with the first line that begins at or after `offset`."""
        while self.i < len(self.lines) and self.lines[self.i][0] < offset:
            self.i += 1


def rows_of(block: Block) -> list[tuple[int, int, list[str]]]:
    """(start, end, cells) of each row of a table; rows of dashes are left out."""
    if block.info == "html":
        return list(_html_rows(block))
    rows = []
    for start, _, line in lines_of(block.text):
        if len(line) <= LONG_LINE and DELIMITER_ROW.match(line.strip(" \t>")) or not line.strip(" \t|>-:"):
            continue
        cells = [plain_cell(cell) for cell in line.strip(" \t>").strip("|").split("|")]
        rows.append((block.start + start, block.start + start + len(line.rstrip()), cells))
    return rows


def _html_rows(block):
    starts = [match.start() for match in re.finditer(r"<tr\b", block.text, re.IGNORECASE)]
    for start, end in zip(starts, [*starts[1:], len(block.text)], strict=False):
        parts = re.split(r"<t[hd]\b[^>]{0,200}>", block.text[start:end], flags=re.IGNORECASE)[1:]
        cells = [plain_cell(re.sub(r"<[^>]{0,200}>", " ", part)) for part in parts]
        if cells:
            yield block.start + start, block.start + end, cells


def plain_cell(cell: str) -> str:
    cell = re.sub(r"\[([^\]]{0,300})\]\([^)]{0,2000}\)", r"\1", cell)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]{0,200}>|[*`_]{1,3}(?=\S)|(?<=\S)[*`]{1,3}", "", cell)).strip()
