"""Contents as a careful but perverse person would write them: every sign that some format minds stands somewhere."""

from hypothesis import assume
from hypothesis import strategies as st

from registry.releases import shape
from registry.releases.checking import problems_for_publication, validate
from registry.releases.content import normalise
from registry.releases.schema import CONTENT
from registry.releases.shape import Address, Choice, Listing, Pattern, Record, Text

NASTY = "aB1 é☃𝒳\\|<>*_`[]#~$!&-+=:;,'\"{}%^@()/?.\n\t\u2028\u00a0"
URLS = [
    "https://example.org/", "https://example.org/a_b?c=d&e=%7E#f", "https://example.org/ü", "https://example.org/a|b<c>",
    "https://huggingface.co/datasets/example/lamp", "http://example.org:8080/x(y)",
]  # fmt: skip
DATES = ["2019", "2019-02", "2019-02-14", "2024-05-01"]


def texts(given):
    allowed = NASTY if given.lines else NASTY.replace("\n", "").replace("\t", "").replace("\u2028", "")
    return st.text(alphabet=allowed, max_size=min(given.limit, 24))


def of(given, name):
    """A strategy for a value of a shape; fields that need more than their shape says stay as they are when blank."""
    if name in FIXED:
        return FIXED[name]
    if isinstance(given, Record):
        if given.optional:
            return st.none()
        return st.fixed_dictionaries({key: of(inner, key) for key, inner in given.fields.items()})
    if isinstance(given, Listing):
        return st.lists(of(given.item, ""), max_size=3) if name in KNOWN else st.just([])
    if name not in KNOWN:
        return st.just(shape.blank(given))
    if isinstance(given, Choice):
        return st.sampled_from([value for value in given.choices.values if value or given.blank])
    if isinstance(given, Address):
        return st.sampled_from(["", *URLS])
    return texts(given) if isinstance(given, Text) and not isinstance(given, Pattern) else st.just(shape.blank(given))


FIXED = {
    "date": st.sampled_from(DATES),
    "date_precision": st.just("unknown"),
    "aliases": st.just([]),
    "status": st.sampled_from(["effective", "superseded", "cancelled"]),
    "key": st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True),
    "sources": st.lists(st.integers(0, 5), max_size=3, unique=True),
    "variant": st.integers(0, 5),
    "schema": st.just("daylight-release/1"),
}
KNOWN = {
    "artefact", "title", "summary", "kind", "variants", "name", "note", "rationale", "stages", "basis", "condition",
    "components", "component", "mode", "gate", "audience", "licence", "concerns", "concern", "likelihood", "severity",
    "mitigation", "alternatives", "alternative", "why_not", "links", "url", "events", "text",
}  # fmt: skip
SOURCE = CONTENT.fields["sources"].item


@st.composite
def contents(draw):
    """A content that could be published: names are unique, whatever is cited is there."""
    content = draw(of(Record({name: inner for name, inner in CONTENT.fields.items() if name != "sources"}), ""))
    content["sources"] = unique(draw(st.lists(of(SOURCE, ""), max_size=3)), "key")
    content["artefact"]["variants"] = named(content["artefact"]["variants"])
    keys = [source["key"] for source in content["sources"]]
    names = ["", *(variant["name"] for variant in content["artefact"]["variants"])]
    for section in ("stages", "concerns", "alternatives", "events"):
        for item in content[section]:
            refer(item, keys, names)
    for name in ("title", "summary", "rationale"):
        content[name] = filled(content[name], name)
    for section, name in [("concerns", "concern"), ("alternatives", "alternative"), ("events", "text")]:
        for item in content[section]:
            item[name] = filled(item[name], name)
    for link in content["links"]:
        link["url"] = link["url"] or "https://example.org/other"
    for source in content["sources"]:
        source["title"] = filled(source["title"], "title")
    for stage in content["stages"]:
        stage["reason"] = filled(draw(texts(Text(24, lines=True))), "reason")
    words = draw(texts(Text(24, lines=True)))
    content |= {name: value for name, value in later(words).items() if draw(st.booleans())}
    content["artefact"]["former"] = [{"name": filled(words, "name").split("\n")[0].strip() or "A", "until": "2020-01"}]
    content["stages"].append({"date": "2024-05-02", "components": [{"component": "paper", "mode": "downloadable"}]})
    content = normalise(content)
    # Dates that contradict one another are refused; few of those drawn do.
    assume(not validate(content))
    assert not problems_for_publication(content), problems_for_publication(content)[:3]
    return content


def later(words):
    """What contents got after the first of them were stored."""
    old = filled(words, "old value")
    return {
        "corrections": [{"date": "2024-06", "field": "size", "old": old, "new": "1B", "reason": words}],
        "licence_changes": [
            {"date": "2024-07", "component": "weights_final", "old": "MIT", "new": "A | B", "reason": words},
        ],
        "samples": [{
            "title": "Chosen ones", "prompts_tried": 100, "top_p": 0.95, "temperature": 1, "selection": "best_of_n",
            "rule": words, "raw_dump": {"url": "https://example.org/dump", "count": 3, "sha256": "a" * 64},
        }],
    }  # fmt: skip


def filled(text, name):
    return text if text.strip() else f"A {name}"


def unique(items, name):
    return list({item[name].casefold(): item for item in items}.values())


def named(variants):
    for number, variant in enumerate(variants):
        variant["name"] = f"{filled(variant['name'], 'size').strip()} {number}"
        variant["aliases"] = [f"alias, {number}\\", "second, one"] if number == 1 else []
    return variants


def refer(item, keys, names):
    """Numbers become what they count."""
    item["sources"] = list(dict.fromkeys(keys[n % len(keys)] for n in item["sources"])) if keys else []
    if "variant" in item:
        item["variant"] = names[item["variant"] % len(names)]
    if "components" in item:
        for part in item["components"]:
            refer(part, keys, names)
            part["component"] = part["component"] or "api"
            part["mode"] = part["mode"] or "hosted"
        told = {(part["component"], part["variant"]): part for part in item["components"]}
        item["components"] = list(told.values())
