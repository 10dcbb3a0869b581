"""What is said and on whose word: the sources of a content under their numbers, and facts without any."""

from collections import Counter
from typing import NamedTuple

from .content import citing
from .facts import facts_of

STATES = {True: "sourced", False: "unsourced"}


class Source(NamedTuple):
    """A source under the number that the page gives it."""

    number: int
    key: str
    title: str
    url: str
    note: str


class Item(NamedTuple):
    """Something said, with the sources it cites; `unsourced` where a curated entry cites none, and what others say."""

    said: dict
    sources: list
    unsourced: bool
    mark: dict | None = None


def numbered(content):
    """The sources in their order, each with its number."""
    return [
        Source(number, source["key"], source["title"] or source["url"], source["url"], source["note"])
        for number, source in enumerate(content["sources"], 1)
    ]


def citing_as(content, curated, marks=None):
    """The function that makes an `Item` of something said in a content; `marks` holds what others say, by fact."""
    known = {source.key: source for source in numbered(content)}
    # Items are told apart by being this very one: two may say the same.
    places = {pointer: id(item) for pointer, item in citing(content)} if marks else {}
    marked = {places[fact.pointer]: marks.get(fact.key) for fact in facts_of(content)} if marks else {}

    def cite(item, of=None):
        """`of` is the item of the content that `item` was made from."""
        found = sorted(known[key] for key in item.get("sources", []) if key in known)
        return Item(item, found, curated and not found, marked.get(id(item if of is None else of)))

    return cite


def counts_of(content, marks):
    """How many sources and facts there are, and how many facts are in which state."""
    states = Counter(marks.get(fact.key, {}).get("state") or STATES[bool(fact.sources)] for fact in facts_of(content))
    return {"sources": len(content["sources"]), "facts": sum(states.values()), **states}


def cited(content, cite):
    """Every item that may cite sources, as `cite` makes it."""
    for section in ("stages", "concerns", "alternatives", "events", "corrections", "licence_changes", "samples"):
        for item in content.get(section, []):
            yield cite(item)
            yield from (cite(component) for component in item.get("components", []))
