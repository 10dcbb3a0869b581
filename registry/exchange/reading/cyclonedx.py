"""CycloneDX JSON, 1.5 to 1.7: the component that the file is about, with its model card."""

import json
import re

from registry.releases.schema import CONTENT
from registry.releases.shape import Choice, Listing, Record, Text

from .card import of_lines
from .found import NO_FIELD, Found, spelled, texts_of

VERSIONS = {"1.5", "1.6", "1.7"}
NAMESPACE = "daylight:"
MOST_ITEMS = 1000
MOST_DEEP = 60
KINDS = {"machine-learning-model": "model", "data": "dataset"}
LINKS = {
    "documentation": "paper", "vcs": "repository", "model-card": "model_card", "distribution": "weights",
    "website": "demo", "release-notes": "announcement",
}  # fmt: skip
# Of any other file, a type says less than that: documentation need not be a paper, nor a website a demo.
SURE = {"vcs": "repository", "model-card": "model_card", "distribution": "weights"}
POINTER = re.compile(r"(?:/(?:[a-z][a-z0-9_]{0,40}|\d{1,3})){1,8}")
QUIET = {"type", "bom-ref", "properties", "name", "description", "mime-type"}
MAKERS = {"supplier", "manufacturer", "authors", "author", "publisher", "group"}


def read(text):
    found = Found("cyclonedx")
    bom, problem = parsed(text)
    if problem:
        found.miss("the file", "", problem)
        return found
    component, place = subject_of(bom, found)
    if component is None:
        return found
    own = own_values(component, found)
    if own:
        read_own(component, own, found)
    else:
        read_component(component, place, found)
    for key in bom:
        if key not in ("$schema", "bomFormat", "specVersion", "serialNumber", "version", "metadata", "components"):
            found.miss(
                key, f"/{key}", WHOLE.get(key, NO_FIELD), f"{len(bom[key])} items" if isinstance(bom[key], list) else ""
            )
    return found


WHOLE = {
    "declarations": "Declarations are made of norms by people who speak for the lab, and not taken from a file.",
    "definitions": "Norms are adopted here in workshops, and not taken from a file.",
    "externalReferences": "These are about the file, not about the component.",
}


def parsed(text):
    """The document, or why there is none."""
    if too_deep(text):
        return None, f"It is nested over {MOST_DEEP} levels deep; CycloneDX needs fewer."
    try:
        bom = json.loads(text, parse_constant=_refuse)
    except ValueError as error:
        line = getattr(error, "lineno", None)
        return None, f"It is not valid JSON{f' (line {line})' if line else ''}; export it again."
    except RecursionError:
        return None, "It is nested too deeply to be read."
    if not isinstance(bom, dict) or bom.get("bomFormat") != "CycloneDX":
        return None, "It is not a CycloneDX document: “bomFormat” must be “CycloneDX”."
    if bom.get("specVersion") not in VERSIONS:
        return (
            None,
            f"Its version is {spelled(bom.get('specVersion'))[:20] or 'missing'}; versions 1.5, 1.6 and 1.7 are read.",
        )
    return bom, ""


def _refuse(name):
    raise ValueError(f"{name} is no JSON.")


def too_deep(text):
    """Whether brackets outside of texts are nested too deeply, found without recursion."""
    depth = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text, re.DOTALL):
        mark = match[0]
        depth += (mark in "[{") - (mark in "]}")
        if depth > MOST_DEEP:
            return True
    return False


def subject_of(bom, found):
    """The component of the metadata, else the first model; what else there is gets named."""
    about = bom.get("metadata")
    about = about.get("component") if isinstance(about, dict) else None
    others = [(one, f"/components/{n}") for n, one in enumerate(items(bom, "components")) if isinstance(one, dict)]
    if isinstance(about, dict) and (about.get("type") in KINDS or "modelCard" in about or not others):
        chosen, place = about, "/metadata/component"
    else:
        models = [pair for pair in others if pair[0].get("type") == "machine-learning-model" or "modelCard" in pair[0]]
        chosen, place = models[0] if models else (about if isinstance(about, dict) else None, "/metadata/component")
    if chosen is None:
        found.miss("the component", "", "The file describes no component, so there is nothing to take over.")
    for one, pointer in others:
        if one is not chosen:
            what = f"component {spelled(one.get('name')) or '?'}"
            found.miss(what, pointer, "One entry is about one artefact; begin another draft for it.", one.get("type"))
    return chosen, place


def items(holder, name):
    value = holder.get(name) if isinstance(holder, dict) else None
    return value[:MOST_ITEMS] if isinstance(value, list) else []


def read_component(component, place, found):
    """A component of anybody's."""
    found.add("title", text_of(component, "name"), f"{place}/name")
    found.add("summary", text_of(component, "description"), f"{place}/description")
    kind = KINDS.get(component.get("type"))
    found.add("kind", kind or "", f"{place}/type", component.get("type"))
    if not kind:
        why = "A type like this may be code, a system or a paper. Choose which on the sheet."
        found.miss("type", f"{place}/type", why, component.get("type"))
    for key, value in component.items():
        at = f"{place}/{key}"
        if key in QUIET:
            continue
        if key == "licenses":
            of_licences(items(component, key), at, found)
        elif key == "externalReferences":
            of_references(items(component, key), at, found)
        elif key == "modelCard" and isinstance(value, dict):
            of_model_card(value, at, found)
        elif key == "components":
            for number, one in enumerate(items(component, key)):
                what = f"part {spelled(one.get('name') if isinstance(one, dict) else one) or '?'}"
                found.miss(what, f"{at}/{number}", "Whether a part is a variant or a component, the file does not say.")
        else:
            why = "The entry belongs to the lab that you choose." if key in MAKERS else NO_FIELD
            found.miss(key, at, why, value)


def text_of(holder, name):
    value = holder.get(name)
    return value.strip() if isinstance(value, str) else ""


def of_licences(licences, at, found):
    stated = []
    for one in licences:
        one = one if isinstance(one, dict) else {}
        inner = one.get("license") if isinstance(one.get("license"), dict) else {}
        stated += texts_of([inner.get("id") or inner.get("name"), one.get("expression")])
    if len(stated) == 1:
        found.add("licence", stated[0], at, stated[0])
    else:
        found.miss("licenses", at, "It names several licences, and not which part has which." if stated
                   else "It does not name the licence.", stated)  # fmt: skip


def of_references(references, at, found):
    links, places = [], []
    for number, one in enumerate(references):
        url = text_of(one, "url") if isinstance(one, dict) else ""
        if url.startswith(("https://", "http://")):
            about = text_of(one, "comment")
            links.append(
                {"kind": SURE.get(one.get("type"), "other"), "title": about or spelled(one.get("type")), "url": url}
            )
            places.append(f"{at}/{number}")
        else:
            found.miss("external reference", f"{at}/{number}", "This is not a web address.", one)
    found.add(
        "links", links, ", ".join(places[:3]) + (" …" if len(places) > 3 else ""), [link["url"] for link in links]
    )


def of_model_card(card, at, found):
    """Risks and figures have a place in an entry; parameters and the rest have none."""
    considered = card.get("considerations") if isinstance(card.get("considerations"), dict) else {}
    place = f"{at}/considerations/ethicalConsiderations"
    concerns = [risk(one) for one in items(considered, "ethicalConsiderations")]
    concerns = [one for one in concerns if one]
    found.add("concerns", concerns, place, [one.get("concern", "") for one in concerns])
    measured = card.get("quantitativeAnalysis") if isinstance(card.get("quantitativeAnalysis"), dict) else {}
    place = f"{at}/quantitativeAnalysis/performanceMetrics"
    lines = [metric_line(one) for one in items(measured, "performanceMetrics")]
    of_lines([line for line in lines if line], place, found, "performanceMetrics")
    for holder, under, known in [
        (card, at, {"considerations", "quantitativeAnalysis", "bom-ref"}),
        (considered, f"{at}/considerations", {"ethicalConsiderations"}),
        (measured, f"{at}/quantitativeAnalysis", {"performanceMetrics"}),
        (card.get("modelParameters"), f"{at}/modelParameters", set()),
    ]:
        for key, value in holder.items() if isinstance(holder, dict) else []:
            if key not in known | {"modelParameters"}:
                found.miss(key, f"{under}/{key}", NO_FIELD, value)


def risk(one):
    if not isinstance(one, dict):
        return {}
    told = {"concern": text_of(one, "name"), "mitigation": text_of(one, "mitigationStrategy")}
    return {name: text for name, text in told.items() if text}


def metric_line(one):
    """`accuracy 0.91 (women)`, with its interval where there is one."""
    if not isinstance(one, dict) or one.get("value") in (None, "") or not one.get("type"):
        return ""
    interval = one.get("confidenceInterval") if isinstance(one.get("confidenceInterval"), dict) else {}
    span = "–".join(texts_of([interval.get("lowerBound"), interval.get("upperBound")]))
    about = ", ".join([*texts_of(one.get("slice")), *([f"interval {span}"] if span else [])])
    return f"{spelled(one['type'])} {spelled(one['value'])}{f' ({about})' if about else ''}"


def own_values(component, found):
    """Pointer → value of the properties that Daylight wrote; empty for files of others."""
    named = [one for one in items(component, "properties") + own_more(component) if isinstance(one, dict)]
    if not any(one.get("name") == NAMESPACE + "schema" for one in named):
        return {}
    values = {}
    for one in named:
        name, value = str(one.get("name", "")), one.get("value")
        pointer = name.removeprefix(NAMESPACE)
        if not name.startswith(NAMESPACE + "/") or not isinstance(value, str):
            continue
        if pointer.startswith("/model_card/"):
            continue
        if not POINTER.fullmatch(pointer):
            found.miss(name, "/metadata/component/properties", "This is not a place in an entry.", value)
            continue
        values[pointer] = typed(pointer, value)
    if any(str(one.get("name", "")).startswith(NAMESPACE + "/model_card/") for one in named):
        found.miss("model_card", "/metadata/component/properties", "A card is a file: put it on the draft yourself.")
    return values | {"/schema": CONTENT.all["schema"].default}


def own_more(component):
    """A component's properties may be long: the first MOST_ITEMS come with `items`, the rest here."""
    value = component.get("properties")
    return value[MOST_ITEMS : 40 * MOST_ITEMS] if isinstance(value, list) else []


def typed(pointer, value):
    """A property is always a text; what the content wants there may be a number or true or false."""
    shape = shape_at(pointer)
    if shape is None or isinstance(shape, Text | Choice):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def shape_at(pointer):
    shape = CONTENT
    for part in pointer.split("/")[1:]:
        if isinstance(shape, Listing) and part.isdigit():
            shape = shape.item
        elif isinstance(shape, Record):
            shape = shape.all.get(part)
        else:
            return None
    return shape


def read_own(component, values, found):
    """A component that Daylight wrote: the format's fields, and beside them the properties."""
    place = "/metadata/component"
    told = {"/title": text_of(component, "name"), "/summary": text_of(component, "description")}
    if component.get("type") in KINDS:
        told["/artefact/kind"] = KINDS[component["type"]]
    for one in items(component, "externalReferences"):
        told |= own_reference(one) if isinstance(one, dict) else {}
    for one in items(component, "components"):
        if isinstance(one, dict) and (at := own_place(one)):
            told |= {f"{at}/name": text_of(one, "name"), f"{at}/note": text_of(one, "description")}
    card = component.get("modelCard")
    considered = card.get("considerations") if isinstance(card, dict) else None
    for number, one in enumerate(items(considered, "ethicalConsiderations")):
        told |= {f"/concerns/{number}/{name}": text for name, text in risk(one).items()}
    content = nested({pointer: value for pointer, value in told.items() if value} | values)
    artefact = content.pop("artefact", {})
    artefact = artefact if isinstance(artefact, dict) else {}
    content.pop("schema", None)
    for name, value in {**content, **artefact}.items():
        found.add(name, value, where_of(name, place), "")
    if isinstance(component.get("licenses"), list):
        found.miss("licenses", f"{place}/licenses", "Read from the stages, which say of which part it is the licence.",
                   component["licenses"])  # fmt: skip


def where_of(name, place):
    native = {"title": "name", "summary": "description", "kind": "type"}.get(name)
    return f"{place}/{native}" if native else f"{place}/properties"


def own_place(one):
    found = [
        p.get("value") for p in items(one, "properties") if isinstance(p, dict) and p.get("name") == NAMESPACE + "at"
    ]
    return found[0] if found and isinstance(found[0], str) and POINTER.fullmatch(found[0]) else ""


def own_reference(one):
    at = own_place(one)
    if not at:
        return {}
    found = {f"{at}/url": text_of(one, "url"), f"{at}/title": text_of(one, "comment")}
    return found | ({f"{at}/kind": LINKS[one["type"]]} if one.get("type") in LINKS else {})


def nested(values):
    """Values by pointer as one document; a place that contradicts another is passed over."""
    whole = {}
    for pointer in sorted(values, key=lambda p: [(part.isdigit(), int(part) if part.isdigit() else 0, part)
                                                 for part in p.split("/")]):  # fmt: skip
        put(whole, pointer.split("/")[1:], values[pointer])
    return whole


def put(holder, parts, value):
    """Set a value deep inside; numbers are places in lists, which grow as needed."""
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        last = following is None
        fresh = value if last else [] if following.isdigit() else {}
        if part.isdigit() and isinstance(holder, list):
            kind = "" if last and isinstance(value, str) else {}
            holder.extend(type(kind)() for _ in range(int(part) + 1 - len(holder)))
            if last or not holder[int(part)]:
                holder[int(part)] = fresh
            holder = holder[int(part)]
        elif isinstance(holder, dict):
            holder = holder.setdefault(part, fresh)
        else:
            return
