"""A model card: metadata as the Hub reads it, then the decision in Markdown, in tables that are read back."""

import re

import yaml

from registry.analyses.model_card.spdx import BY_LOWER, HUB
from registry.releases.schema import CONTENT
from registry.releases.shape import Choice, Listing, Text
from registry.releases.vocabulary import ArtefactKind, LinkKind

from ..said import LOOSE, instead, loosely
from ..tables import escaped, in_words, label_of, tables
from .facts import licences_of, links_of, permalink

MARK = "<!-- daylight-card/1 -->"
PROSE = {"rationale": "Why"}
HUB_DATASET = re.compile(r"https://huggingface\.co/datasets/([\w.-]+(?:/[\w.-]+)?)/?", re.ASCII)
# Prose is taken back as it stands unless a line of it could be taken for a part of the card.
AMBIGUOUS = re.compile(r"^(?:#{1,3}(?:\s|$)|<!--|\*The release decision of )", re.MULTILINE)


def document(source):
    content = source.content
    body = [("# ", instead(escaped(content["title"]), content["title"]))]
    if content["summary"]:
        body.append(("", instead(escaped(content["summary"]), content["summary"])))
    kind = label_of(CONTENT.all["artefact"].all["kind"], content["artefact"]["kind"])
    body.append(("**What it is:** ", instead(kind, content["artefact"]["kind"])))
    for name, title in proses():
        if content.get(name):
            body += [("## ", title), ("", prose(content[name]))]
    for table in tables():
        body += written(table, content)
    body.append(("*", f"The release decision of {permalink(source)}, {source.revision.digest}.", "*"))
    return {"metadata": metadata(source), "body": body}


def proses():
    """Long texts at the top of a content, with their headings."""
    for name, shape in CONTENT.all.items():
        if isinstance(shape, Text) and shape.limit >= 20_000:
            yield name, PROSE.get(name, in_words(name))


def prose(text):
    """Markdown as it was written, which is read back unless the card could be misread by it."""
    return loosely(text) if AMBIGUOUS.search(text) else text


def metadata(source):
    """The keys that https://huggingface.co/docs/hub/model-cards describes, as far as the content knows them."""
    content, about = source.content, {}
    is_data = content["artefact"]["kind"] == ArtefactKind.DATASET
    about["pretty_name" if is_data else "model_name"] = content["title"]
    licences = licences_of(content)
    if len(licences) == 1:
        about |= licence(licences[0])
    named = [
        (match[1], link)
        for link in links_of(content, LinkKind.DATASET)
        if (match := HUB_DATASET.fullmatch(link["url"]))
    ]
    if named and not is_data:
        about["datasets"] = [instead(name, link["url"], how=LOOSE) for name, link in named]
    return about


def licence(stated):
    """Ids that the Hub knows are in small letters; any other licence is `other` with a name."""
    known = str(stated).lower()
    if known in HUB or known in BY_LOWER:
        return {"license": instead(known, stated, how=LOOSE)}
    return {"license": "other", "license_name": loosely(stated)}


def written(table, content):
    """The table, and below it the long texts of its items; nothing where the list is empty."""
    rows = list(items_at(content, table))
    if not rows:
        return []
    shown = [column for column, (name, _) in table.fields.items() if any(item.get(name) for *_, item in rows)]
    numbered = has_parts(table)
    if not (shown or numbered):
        return []
    head = [
        *(["No."] if numbered else []),
        *([in_words(table.parent).removesuffix("s")] if table.parent else []),
        *shown,
    ]
    lines = [head]
    for number, above, item in rows:
        front = [*([str(number)] if numbered else []), *([str(above)] if table.parent else [])]
        lines.append([*front, *(cell(item.get(table.fields[column][0]), table.fields[column][1]) for column in shown)])
    found = [("## ", table.title), ("table", lines)]
    for number, _, item in rows:
        for name, title in long_texts(table):
            if item.get(name):
                found += [
                    ("### ", f"{title}, {in_words(table.path[-1]).lower().removesuffix('s')} {number}"),
                    ("", prose(item[name])),
                ]
    return found


def items_at(content, table):
    """(number, number of what holds it, item) of every item of a table's list."""
    *path, name = table.path
    holders = [(0, content)]
    for step in path:
        holders = [
            (index, inner) for above, holder in holders
            for index, inner in (
                enumerate(holder[step], 1) if isinstance(holder[step], list) else [(above, holder[step])])
        ]  # fmt: skip
    for above, holder in holders:
        for number, item in enumerate(holder.get(name) or [], 1):
            yield number, above, item


def record_at(table):
    """The record that a row of the table is."""
    shape = CONTENT
    for step in table.path:
        shape = shape.all[step]
        shape = shape.item if isinstance(shape, Listing) else shape
    return shape


def long_texts(table):
    for name, shape in record_at(table).all.items():
        if isinstance(shape, Text) and shape.limit >= 20_000 and not table.parent:
            yield name, PROSE.get(name, in_words(name))


def has_parts(table):
    """Whether others refer to a row by its number: lists within it, or long texts below the table."""
    inner = [one for one in tables() if one.parent and one.path[:-1] == table.path]
    return bool(inner or any(long_texts(table)))


def cell(value, shape):
    if not value:
        return ""
    if isinstance(value, list):
        texts = [instead(escaped(one), one) for one in value]
        return instead("<br>".join(texts), *texts)
    if isinstance(shape, Choice):
        return instead(escaped(label_of(shape, value)), value)
    if re.fullmatch(r"https?://[^\s<>|\\]+", value):
        return instead(f"<{value}>", value)
    return instead(escaped(value), value)


def render(tree):
    head = yaml.safe_dump(tree["metadata"], allow_unicode=True, sort_keys=False, width=10_000)
    blocks = [as_markdown(*block) for block in tree["body"]]
    return f"---\n{head}---\n{MARK}\n\n" + "\n\n".join(blocks) + "\n"


def as_markdown(mark, said, end=""):
    if mark != "table":
        return f"{mark}{said}{end}"
    head, *rows = [f"| {' | '.join(line)} |" for line in said]
    return "\n".join([head, "|" + " --- |" * len(said[0]), *rows])
