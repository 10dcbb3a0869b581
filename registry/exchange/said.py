"""What a document says of a content: every text remembers where in the content it stands.

An exporter gets the content with `Said` in place of its values and builds a document from them. The loss report is
read off the finished document: what is not in it was not said, whatever the exporter meant to do.
"""

from typing import NamedTuple

OWN = "own"  # in a field of the format that means the same, and read back from there
EXTENSION = "extension"  # in a place that the format leaves to others: only Daylight reads it back
LOOSE = "loose"  # said in words or elsewhere, so that nothing can put it back where it was
ABSENT = "absent"
RANK = [OWN, EXTENSION, LOOSE, ABSENT]
MEANING = {
    OWN: "The format has a field for it.",
    EXTENSION: "Written as an extension: Daylight reads it back, other tools pass over it.",
    LOOSE: "Said in words, or without its place: people can read it, no tool can put it back.",
    ABSENT: "Not in the file.",
}


class Said(str):
    """A text that stands for values of a content; `how` is OWN, EXTENSION or LOOSE."""

    pointers: tuple
    how: str

    def __new__(cls, text, pointers=(), how=OWN):
        made = super().__new__(cls, text)
        made.pointers, made.how = tuple(pointers), how
        return made


class Loss(NamedTuple):
    pointer: str
    how: str
    text: str


def told(value, pointer=""):
    """The content with `Said` in place of every value that says something."""
    if isinstance(value, dict):
        return {name: told(inner, f"{pointer}/{name}") for name, inner in value.items()}
    if isinstance(value, list):
        return [told(inner, f"{pointer}/{index}") for index, inner in enumerate(value)]
    if isinstance(value, str):
        return Said(value, [pointer])
    return value if value is None else Said(_spelled(value), [pointer])


def _spelled(value):
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def instead(text, *said, how=None):
    """A text that says the same as others in other words, such as a label for a value."""
    told_of = [one for one in said if isinstance(one, Said) and one]
    worst = max((one.how for one in told_of), key=RANK.index, default=OWN)
    return Said(text, [p for one in told_of for p in one.pointers], how or worst)


def loosely(said):
    return instead(said, said, how=LOOSE)


def as_extension(said):
    return instead(said, said, how=EXTENSION)


def plain(document):
    """The document as JSON and YAML writers want it."""
    if isinstance(document, dict):
        return {str(name): plain(value) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [plain(value) for value in document]
    return str(document) if isinstance(document, str) else document


def said_in(document):
    """Pointer → the best way in which the document says it."""
    found = {}
    for one in _texts(document):
        for pointer in one.pointers:
            found[pointer] = min(found.get(pointer, ABSENT), one.how, key=RANK.index)
    return found


def _texts(document):
    stack = [document]
    while stack:
        one = stack.pop()
        if isinstance(one, Said):
            yield one
        elif isinstance(one, dict):
            stack.extend([*one, *one.values()])
        elif isinstance(one, list | tuple):
            stack.extend(one)


def leaves(value, pointer=""):
    """(pointer, text) of everything that a content states. Not stated is not a statement, so it cannot be lost."""
    if isinstance(value, dict):
        for name, inner in value.items():
            # The form is ours, and how precise a date is follows from how it is written.
            if name not in ("schema", "date_precision"):
                yield from leaves(inner, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{pointer}/{index}")
    elif value is not None and value != "":
        yield pointer, value if isinstance(value, str) else _spelled(value)


def losses(content, document):
    """What the document does not say in a field that means it, in the order of the content."""
    found = said_in(document)
    return [
        Loss(pointer, found.get(pointer, ABSENT), text)
        for pointer, text in leaves(content)
        if found.get(pointer, ABSENT) != OWN
    ]
