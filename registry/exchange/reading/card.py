"""A model card: the metadata of its front matter, key by key, and what its text says.

A card that Daylight wrote is read from its tables. Of any other, the card reader proposes what the text says, each with
the passage it stands in.
"""

import re

from registry.analyses.model_card.front_matter import read_front_matter
from registry.analyses.model_card.prefill import prefill
from registry.analyses.model_card.spdx import BY_LOWER

from .found import NO_FIELD, Found, line_at, spelled, texts_of
from .own_card import MARK, read_own

HUB = "https://huggingface.co/"
HUB_ID = re.compile(r"[\w.-]+(?:/[\w.-]+)?", re.ASCII)
# The page waits for this reading, so it is bounded; the analysis by the worker reads the whole card.
MOST_CHARACTERS = 60_000
MOST_NOTE = 2000
# Keys of https://huggingface.co/docs/hub/model-cards that say something of a hub's page and nothing of the artefact.
OF_THE_PAGE = {"thumbnail", "widget", "inference", "extra_gated_prompt", "extra_gated_fields", "viewer"}
# What a card of ours repeats for the Hub from its tables.
OF_TABLES = {"model_name", "pretty_name", "license", "license_name", "datasets"}
TOLD = ("title", "summary", "variants", "licence", "date")
UNPLACED = {
    "language": "languages", "languages": "languages", "tags": "tags", "pipeline_tag": "tasks", "metrics": "metrics",
    "library_name": "libraries", "model_type": "architectures", "co2_eq_emissions": "energy use",
}  # fmt: skip


def read(text):
    found = Found("model-card")
    front = read_front_matter(text)
    if front.state == "broken":
        where = line_at(text, front.fault_at or front.start)
        found.miss("front matter", where, front.problem)
    if MARK in text[front.end : front.end + 200]:
        read_own(text, front, found)
        read_metadata(text, front, found, known=OF_TABLES)
        return found
    read_metadata(text, front, found)
    read_words(text, front, found)
    return found


def read_metadata(text, front, found, known=frozenset()):
    """Every key of the front matter, either understood or named; `known` ones were read from elsewhere."""
    data, where = front.data, lambda key: line_at(text, (front.span(key) or (front.start, 0))[0])
    links = []
    for key, value in data.items():
        place = where(key)
        if key in known or value in (None, "", [], {}):
            continue
        if key in ("model_name", "pretty_name", "title") and isinstance(value, str):
            found.add("title", value.strip(), place, value)
            if key == "pretty_name":
                found.add("kind", "dataset", place, "“pretty_name” is a key of dataset cards.")
        elif key in ("license", "licence"):
            of_licence(data, key, place, found)
        elif key in ("license_name", "license_link"):
            of_licence_name(data, key, place, links, found)
        elif key in ("datasets", "base_model"):
            links += hub_links(key, value, place, found)
        elif key == "model-index":
            of_results(value, place, found)
        elif key in UNPLACED:
            found.miss(
                key, place, f"A release entry has no field for {UNPLACED[key]}; the card itself can be attached.", value
            )
        elif key in OF_THE_PAGE:
            found.miss(key, place, "This is about the hub's page, not about the artefact.", value)
        elif key not in ("date", "release_date"):
            found.miss(key, place, NO_FIELD, value)
    if links:
        found.add("links", [link for link, _ in links], ", ".join(dict.fromkeys(place for _, place in links)),
                  [link["url"] for link, _ in links])  # fmt: skip


def of_licence(data, key, place, found):
    values = texts_of(data[key])
    name = data.get("license_name")
    if len(values) > 1:
        found.miss(
            key, place, "It states several licences, and not which part has which. Add them to the stages.", values
        )
    elif values and values[0].lower() == "other" and isinstance(name, str) and name.strip():
        found.add("licence", name.strip(), place, f"other: {name}")
    elif values and values[0].lower() in ("other", "unknown"):
        found.miss(key, place, "It does not name the licence.", values)
    elif values:
        found.add("licence", BY_LOWER.get(values[0].lower(), values[0]), place, values[0])


def of_licence_name(data, key, place, links, found):
    value = data[key]
    if key == "license_link" and isinstance(value, str) and value.startswith(("https://", "http://")):
        links.append(({"kind": "other", "title": "Licence", "url": value}, place))
    elif key == "license_link" or str(data.get("license", "")).lower() != "other":
        found.miss(
            key,
            place,
            "This is not a whole address." if key == "license_link" else "It belongs to license: other.",
            value,
        )


def hub_links(key, value, place, found):
    """Both keys hold ids on the Hub by its documentation; an address is taken as it is."""
    noun, under, kind = ("Dataset", "datasets/", "dataset") if key == "datasets" else ("Base model", "", "other")
    for one in texts_of(value):
        if one.startswith(("https://", "http://")):
            yield {"kind": kind, "title": noun, "url": one}, place
        elif HUB_ID.fullmatch(one):
            yield {"kind": kind, "title": f"{noun}: {one}", "url": f"{HUB}{under}{one}"}, place
        else:
            found.miss(key, place, "This is neither an id on the Hub nor an address.", one)


def of_results(index, place, found):
    """The `model-index`: one line for each metric, in the order of the file."""
    lines, broken = [], 0
    for model in index if isinstance(index, list) else [None]:
        results = model.get("results") if isinstance(model, dict) else None
        for result in results if isinstance(results, list) else [None]:
            metrics = result.get("metrics") if isinstance(result, dict) else None
            for metric in metrics if isinstance(metrics, list) else [None]:
                line = result_line(result, metric)
                lines += [line] if line else []
                broken += not line
    of_lines(lines, place, found, "model-index")
    if broken:
        found.miss("model-index", place, f"{broken} of its results lack a metric or a value.", index)


def of_lines(lines, place, found, what):
    """Results as the note of the component that they are; what does not fit is named."""
    kept = []
    while lines and len("\n".join([*kept, lines[0]])) <= MOST_NOTE:
        kept.append(lines.pop(0))
    found.add("results", "\n".join(kept), place, "; ".join(kept))
    if lines:
        found.miss(what, place, f"{len(lines)} more results do not fit into one note.", lines)


def result_line(result, metric):
    """`accuracy 0.91 (text-classification, GLUE MRPC, validation)`."""
    if not isinstance(metric, dict) or metric.get("value") in (None, "", [], {}):
        return ""
    name = spelled(metric.get("name") or metric.get("type"))
    if not name:
        return ""
    about = [name_of(result.get("task")), name_of(result.get("dataset"))]
    data = result.get("dataset")
    about += texts_of([data.get("config"), data.get("split")]) if isinstance(data, dict) else []
    about = [text for text in about if text]
    where = f" ({', '.join(about)})" if about else ""
    return " ".join(f"{name} {spelled(metric['value'])}{where}".split())


def name_of(value):
    return spelled(value.get("name") or value.get("type")) if isinstance(value, dict) else spelled(value)


def read_words(text, front, found):
    """What the text says, each with the passage; only where the metadata did not say it."""
    proposal = prefill(text[:MOST_CHARACTERS])
    had = {one["name"] for one in found.fields}
    # What the metadata state unclearly is not replaced by a guess.
    had |= {"licence"} if {"license", "licence"} & set(front.data) else set()
    for name in TOLD:
        if name not in had:
            found.add(name, proposal[name], *passage(text, proposal["spans"].get(name)))
            if not proposal[name]:
                found.miss(name, "", "Not found in the file. Fill it in by hand where it matters.")
    add_links(proposal["links"], text, proposal["spans"].get("links"), found)
    if proposal["developer"]:
        place, says = passage(text, proposal["spans"].get("developer"))
        found.miss("maker", place, "The entry belongs to the lab that you choose; this name is not taken over.", says)
    if len(text) > MOST_CHARACTERS:
        place = line_at(text, MOST_CHARACTERS)
        found.miss("the rest of the text", place, f"Only the first {MOST_CHARACTERS:,} characters were read.")


def add_links(links, text, spans, found):
    """Links of the text beside those of the metadata, each address once."""
    place, says = passage(text, spans)
    for one in found.fields:
        if one["name"] == "links":
            known = {link["url"] for link in one["value"]}
            one["value"] += [link for link in links if link["url"] not in known]
            one["where"] = ", ".join(filter(None, [one["where"], place]))
            return
    found.add("links", links, place, says)


def passage(text, spans):
    if not spans:
        return "", ""
    return line_at(text, spans[0]["start"]), text[spans[0]["start"] : spans[0]["end"]]
