"""A file beside a draft: what it would say, field by field, and the draft with the chosen fields taken over."""

from copy import deepcopy

from registry.analyses.errors import Unusable
from registry.analyses.model_card.decoding import encoding_of
from registry.releases.actions import HALF_TYPED
from registry.releases.checking import validate
from registry.releases.content import normalise
from registry.releases.pointers import in_words as pointer_in_words
from registry.releases.schema import CONTENT, EMPTY
from registry.releases.shape import Listing

from .reading.apart import FORMATS, read_apart
from .said import leaves
from .tables import in_words, label_of

MOST_BYTES = 2_000_000
MOST_LINES = 12
LABELS = {
    "kind": "What it is", "rationale": "Why this was decided", "licence": "Licence of the weights or data",
    "date": "Date of the first stage", "results": "Evaluation results", "events": "What happened since",
}  # fmt: skip
# What each kind of artefact states its licence of.
SUBJECTS = {"dataset": "training_data", "code": "inference_code", "paper": "paper", "system": "api"}


def text_of(data):
    """The text of a file, or `Unusable` with what to do."""
    if len(data) > MOST_BYTES:
        raise Unusable(
            f"The file is {len(data):,} bytes long; at most {MOST_BYTES:,} are read. Move long parts elsewhere."
        )
    encoding = encoding_of(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unusable(
            f"The file is not valid {encoding.upper()} text (byte {error.start}); save it as UTF-8."
        ) from None
    if "\x00" in text:
        raise Unusable("The file contains zero bytes, so it is not a text file.")
    if not text.strip("\ufeff \t\r\n"):
        raise Unusable("The file is empty.")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def propose(data, name=""):
    """What a file says as {format, label, fields, missed}; fields that a draft could not hold are among the missed."""
    read = read_apart(text_of(data), name)
    fields = []
    for one in read["fields"]:
        problem = problem_with(one)
        if problem:
            read["missed"].insert(0, {"what": label_for(one["name"]), "where": one["where"], "why": problem,
                                      "says": one["says"]})  # fmt: skip
        elif one["name"] not in {known["name"] for known in fields}:
            fields.append(one)
    return read | {"label": FORMATS[read["format"]], "fields": fields}


def problem_with(one):
    """Why a draft could not hold a value, or nothing; what is merely unfinished it can."""
    if one["name"] not in names():
        return "A release entry has no field for this."
    try:
        alone = normalise(taken_over(deepcopy(EMPTY), [one]))
    except (TypeError, AttributeError, KeyError):
        return "It is not of the form that this field has."
    wrong = [p for p in validate(alone) if p.code not in HALF_TYPED]
    return f"{pointer_in_words(wrong[0].pointer)}: {wrong[0].detail}" if wrong else ""


def names():
    """The fields of a draft in the order in which they are filled: stages before what is put into the first."""
    first = ["title", "kind", "variants", "stages", "date", "licence", "results"]
    every = [*CONTENT.all["artefact"].all, *CONTENT.all]
    return [*first, *(name for name in every if name not in {*first, "schema", "artefact", "model_card"})]


def label_for(name):
    return LABELS.get(name, in_words(name))


def rows(proposal, draft, *, new=False):
    """Each field: what the file says and where, what the draft says now, and whether to take it over."""
    found = []
    for one in sorted(proposal["fields"], key=lambda one: names().index(one["name"])):
        now = stated(one["name"], draft)
        found.append({
            "name": one["name"], "label": label_for(one["name"]), "where": one["where"], "quote": one["says"],
            "lines": lines_of(one["name"], one["value"]), "now": [] if new else now,
            "suggested": new or not now, "adds": isinstance(one["value"], list),
        })  # fmt: skip
    return found


def stated(name, draft):
    """What a draft says in a field, as lines."""
    if name == "kind":
        return lines_of("kind", draft["artefact"]["kind"])
    if name == "variants":
        return lines_of(name, draft["artefact"]["variants"])
    if name == "date":
        return [stage["date"] for stage in draft["stages"][:1] if stage["date"]]
    if name in ("licence", "results"):
        wanted, part = ("licence", subject(draft)) if name == "licence" else ("note", "evaluation_results")
        lines = draft["stages"][0]["components"] if draft["stages"] else []
        return [line[wanted] for line in lines if line["component"] == part and line[wanted]]
    return lines_of(name, place_of(draft, name)[0].get(name))


def lines_of(name, value):
    """A value for people, one line for each item of a list."""
    if not value:
        return []
    if name == "kind":
        return [label_of(CONTENT.all["artefact"].all["kind"], value)]
    if isinstance(value, str):
        return value.split("\n")[:MOST_LINES]
    lines = [line_of(item) for item in value if item]
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], *([f"and {more} more"] if more > 0 else [])]


def line_of(item):
    """An item in short: its own texts, and how many parts it has."""
    if not isinstance(item, dict):
        return str(item)
    own = [str(value) for key, value in item.items() if value and not isinstance(value, list | dict)
           and not key.endswith("_precision")]  # fmt: skip
    parts = [
        f"{len(value)} {in_words(key).lower()}" for key, value in item.items() if isinstance(value, list) and value
    ]
    text = " · ".join([*own, *parts])
    return text if len(text) < 300 else text[:300] + " …"


def taken_over(draft, fields):
    """The draft with these fields in it: texts are replaced, lists get what they do not have yet."""
    fields = sorted(fields, key=lambda one: names().index(one["name"]))
    fields = renamed(fields, draft)
    for one in fields:
        FILLERS.get(one["name"], fill)(draft, one["name"], one["value"])
    return draft


def fill(draft, name, value):
    """A field at the top of a content, or of its artefact."""
    holder, shape = place_of(draft, name)
    if not isinstance(shape, Listing):
        holder[name] = value
        return
    known = {canonical(tidy(name, item)) for item in holder.get(name, [])}
    new = [item for item in value if canonical(tidy(name, item)) not in known]
    holder[name] = holder.get(name, []) + new


def place_of(draft, name):
    """Where a field stands, and its shape."""
    if name in CONTENT.all:
        return draft, CONTENT.all[name]
    return draft["artefact"], CONTENT.all["artefact"].all[name]


def tidy(name, item):
    """An item of a list as a content would hold it."""
    if name in CONTENT.all:
        return normalise({name: [item]}).get(name, [item])[0]
    return normalise({"artefact": {name: [item]}})["artefact"].get(name, [item])[0]


def canonical(item):
    return str(sorted(leaves(item)))


def renamed(fields, draft):
    """Sources whose key the draft uses for another one get a new key, wherever the file cites them."""
    taken = {source["key"]: source for source in draft["sources"]}
    given = next((one["value"] for one in fields if one["name"] == "sources"), [])
    clashing = {
        item["key"] for item in given
        if isinstance(item, dict) and item.get("key") in taken
        and canonical(tidy("sources", item)) != canonical(taken[item["key"]])
    }  # fmt: skip
    new = {key: free_key(key, taken) for key in clashing}
    return [one | {"value": with_keys(one["value"], new, one["name"])} for one in fields] if new else fields


def free_key(key, taken):
    number = 2
    while f"{key[:58]}-{number}" in taken:
        number += 1
    return f"{key[:58]}-{number}"


def with_keys(value, new, under):
    """A value with new keys for sources: where these are listed, and where they are cited."""
    if isinstance(value, dict) and under == "sources":
        return value | {"key": new.get(value.get("key"), value.get("key"))}
    if isinstance(value, dict):
        return {name: with_keys(inner, new, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_keys(one, new, under) for one in value]
    return new.get(value, value) if under == "sources" else value


def fill_kind(draft, name, value):
    draft["artefact"]["kind"] = value


def fill_variants(draft, name, value):
    known = {v["name"] for v in draft["artefact"]["variants"]}
    known |= {alias for v in draft["artefact"]["variants"] for alias in v["aliases"]}
    draft["artefact"]["variants"] += [v for v in value if not (isinstance(v, dict) and v.get("name") in known)]


def fill_date(draft, name, value):
    first_stage(draft).update(date=value, date_precision="unknown")


def fill_licence(draft, name, value):
    for line in lines_about(draft, subject(draft)):
        line["licence"] = value


def fill_results(draft, name, value):
    for line in lines_about(draft, "evaluation_results"):
        line["note"] = value


def subject(draft):
    """The component whose licence a file about the whole artefact states."""
    return SUBJECTS.get(draft["artefact"]["kind"], "weights_final")


def lines_about(draft, component):
    """The lines of the first stage about a component; one is added where there is none, with its mode not stated."""
    components = first_stage(draft).setdefault("components", [])
    found = [line for line in components if line.get("component") == component]
    if not found:
        found = [{"component": component}]
        components += found
    return found


def first_stage(draft):
    if not draft["stages"]:
        draft["stages"].append({"title": "Release", "components": []})
    return draft["stages"][0]


FILLERS = {
    "kind": fill_kind, "variants": fill_variants, "date": fill_date, "licence": fill_licence, "results": fill_results,
}  # fmt: skip
