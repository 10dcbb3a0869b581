"""A card as its reader meets it: sections by subject, sentences, tables, code and citation entries."""

import bisect
import re
from dataclasses import dataclass, field
from functools import cached_property

from . import substance
from .front_matter import FrontMatter, read_front_matter
from .headings import topics_of
from .markdown_blocks import Block, parse, rows_of

MAX_SENTENCE = 2_000
# A full stop ends a sentence unless it follows an abbreviation or an initial.
BOUNDARY = re.compile(r"(?<=[.!?])[\"'”’)\]*_]{0,3}\s+(?=[^\sa-z])|(?<=[。！？؟۔])\s*")
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|al|vs|cf|etc|fig|eq|sec|no|dr|mr|ms|st|approx|resp|ca|v)|\b[A-Z])\.$", re.IGNORECASE
)
BIBTEX = re.compile(r"@(?P<kind>[A-Za-z]{3,20})\s*\{\s*(?P<key>[^,\n{}]{0,200})\s*,")
BIBTEX_FIELD = re.compile(
    r"\b(author|title|year|url|journal|note|date)\s*=\s*[{\"]?\s*"
    r"([^\n]{0,1000}?)(?=[}\"]+\s*(?:,|\n|$|\})|,?\s*\n|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Section:
    """What stands under one heading; `topics` are the items its heading, or else its parent's, is about."""

    title: str
    level: int
    start: int
    end: int  # of the heading itself
    topics: frozenset
    own: bool  # whether its own heading names a topic
    parent: "Section | None" = None

    def within(self, topic):
        section = self
        while section:
            if section.own and topic in section.topics:
                return True
            section = section.parent
        return False


ROOT = Section("", 0, 0, 0, frozenset(), False)


@dataclass(frozen=True)
class Unit:
    """A sentence, a list item's sentence or a heading: the smallest thing that is judged."""

    kind: str  # sentence, item, heading
    start: int
    end: int
    raw: str
    plain: str
    section: Section = ROOT

    @cached_property
    def lower(self):
        return self.plain.lower()

    @cached_property
    def empty(self):
        return substance.is_placeholder(self.plain)

    @cached_property
    def links(self):
        """(start, end, label, url) of its links, counted from its own start."""
        return substance.links_in(self.raw)

    @cached_property
    def pointer(self):
        return substance.is_pointer(self.raw, self.plain)


@dataclass(frozen=True)
class Table:
    start: int
    end: int
    rows: list
    section: Section
    lead: str = ""  # the sentence before it


@dataclass(frozen=True)
class Code:
    start: int
    end: int
    text: str
    info: str
    section: Section


@dataclass(frozen=True)
class Entry:
    """A BibTeX entry."""

    start: int
    end: int
    key: str
    fields: dict
    section: Section


@dataclass
class Card:
    """Everything the items' rules look at."""

    text: str
    front_matter: FrontMatter
    blocks: list[Block]
    sections: list[Section] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    comments: list[Block] = field(default_factory=list)
    images: list[Block] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @cached_property
    def prose(self):
        """Sentences and items that say something."""
        return [unit for unit in self.units if unit.kind != "heading" and not unit.empty]

    @cached_property
    def title(self):
        return next((s for s in self.sections if 0 < s.level <= 2), None)

    @cached_property
    def _by_section(self):
        found = {}
        for unit in self.units:
            if unit.kind != "heading":
                found.setdefault(id(unit.section), []).append(unit)
        return found

    def units_of(self, section):
        return self._by_section.get(id(section), [])

    def has_value(self, section):
        """Whether a field already has its value, so that a new paragraph is not part of it."""
        return bool(self.units) and self.units[-1].section is section and self.units[-1].kind != "heading"

    def sections_on(self, topic):
        """Sections whose own heading names the topic."""
        return [section for section in self.sections if section.own and topic in section.topics]

    def units_on(self, topic):
        """Units under a heading that names the topic, also through headings that name none."""
        return [unit for unit in self.prose if topic in unit.section.topics]


def read_card(text: str) -> Card:
    front_matter = read_front_matter(text)
    card = Card(text, front_matter, parse(text, front_matter.end))
    path, lead = [ROOT], ""
    for block in card.blocks:
        if block.kind == "heading":
            path = open_section(card, path, block)
        elif block.kind in ("paragraph", "item"):
            if block.kind == "paragraph" and path[-1].level == 8 and card.has_value(path[-1]):
                path = path[:-1]  # a field's value ends with its own line or list
            units = list(units_of_block(block, path[-1]))
            card.units.extend(units)
            lead = units[-1].plain if units else lead
        elif block.kind == "table":
            card.tables.append(Table(block.start, block.end, rows_of(block), path[-1], lead))
        elif block.kind == "code":
            card.codes.append(Code(block.start, block.end, block.text, block.info, path[-1]))
        elif block.kind == "comment":
            card.comments.append(block)
        elif block.kind == "image":
            card.images.append(block)
    card.entries.extend(entries_of(card))
    return card


def open_section(card, path, block):
    """Add the section of a heading and return the path of open sections."""
    while len(path) > 1 and path[-1].level >= block.level:
        path = path[:-1]
    parent = path[-1]
    shown = substance.plain(block.text)
    own = topics_of(shown, is_field=block.level == 8)
    if not card.sections and block.level < 8 and len(shown.split()) > 2:
        own = frozenset()  # a title names the model; its words are not a subject
    inherits = parent.topics if parent.level > 1 or parent.own else frozenset()
    section = Section(shown, block.level, block.start, block.end, own or inherits, bool(own), parent)
    card.sections.append(section)
    card.units.append(
        Unit("heading", block.start, block.end, card.text[block.start : block.end], shown, section)
    )
    return [*path, section]


def units_of_block(block, section):
    """The block's sentences, each with its own offsets."""
    kind = "item" if block.kind == "item" else "sentence"
    for start, end in sentence_spans(block.text):
        raw = block.text[start:end]
        plain = substance.plain(raw)
        if plain:
            yield Unit(kind, block.start + start, block.start + end, raw, plain, section)


def sentence_spans(text):
    """(start, end) of each sentence; very long ones are cut so that no rule runs over a whole file."""
    spans, begin = [], 0
    for match in BOUNDARY.finditer(text):
        if ABBREVIATION.search(text[max(begin, match.start() - 12) : match.start()]):
            continue
        spans.append((begin, match.end()))
        begin = match.end()
    spans.append((begin, len(text)))
    for start, end in spans:
        for cut in range(start, end, MAX_SENTENCE):
            piece = text[cut : min(end, cut + MAX_SENTENCE)]
            lead = len(piece) - len(piece.lstrip())
            if piece.strip():
                yield cut + lead, cut + len(piece.rstrip())


def entries_of(card):
    """BibTeX entries wherever they stand, with the fields that matter here."""
    starts = [section.start for section in card.sections]
    found = list(BIBTEX.finditer(card.text, card.front_matter.end))
    for match, following in zip(found, [*found[1:], None], strict=False):
        limit = min(len(card.text), match.start() + 6_000, following.start() if following else len(card.text))
        body = card.text[match.start() : limit]
        close = re.search(r"\n\s*\}\s*(?=\n|$)|\}\s*\}\s*(?=\n|$)|\n\s*(?:```|~~~)|\n#", body)
        if close:
            body = body[: close.end()].rstrip("`~\n# ")
        fields = {name.lower(): value.strip(' {}",') for name, value in BIBTEX_FIELD.findall(body)}
        at = bisect.bisect_right(starts, match.start()) - 1
        section = card.sections[at] if at >= 0 else ROOT
        if fields:
            yield Entry(match.start(), match.start() + len(body), match["key"], fields, section)
