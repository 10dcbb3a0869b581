"""The content of a revision: how it is tidied, and what it names."""

from copy import deepcopy

from registry.releases import dates, shape
from registry.releases.schema import CONTENT, EMPTY
from registry.releases.vocabulary import DatePrecision

NAMING_VARIANTS = ("events", "corrections", "licence_changes", "samples")


def normalise(raw):
    """Fill what is missing, trim texts, let date and precision agree and call variants by their present names."""
    if type(raw) is not dict:
        return deepcopy(EMPTY)
    content = shape.tidy(CONTENT, spell_out_variants(raw))
    for dated in records(content, "stages") + records(content, "events"):
        agree_on_date(dated)
    for sample_set in records(content, "samples"):
        if sample_set.get("raw_dump") == {"url": "", "count": None, "sha256": ""}:
            sample_set["raw_dump"] = None
    rename_aliases(content)
    return content


def spell_out_variants(raw):
    """Let a variant be given by its name alone, as scripts do."""
    artefact = raw.get("artefact")
    if not isinstance(artefact, dict) or not isinstance(artefact.get("variants"), list):
        return raw
    variants = [{"name": item} if isinstance(item, str) else item for item in artefact["variants"]]
    return raw | {"artefact": artefact | {"variants": variants}}


def agree_on_date(dated):
    """Derive the precision from the date where it is left open, and shorten the date where it is coarser."""
    text, precision = dated.get("date"), dated.get("date_precision")
    if not isinstance(text, str) or not isinstance(precision, str):
        return
    dated["date"] = text = dates.shorten(text, precision)
    known = dates.precision_of(text)
    if known and (not text or precision == DatePrecision.UNKNOWN):
        dated["date_precision"] = known.value


def rename_aliases(content):
    """Replace an alias by the name of its variant, where only one variant bears it."""
    bearers = {}
    for variant in variants_of(content):
        for alias in variant["aliases"] + variant["former"]:
            bearers.setdefault(alias, set()).add(variant["name"])
    present = names_of_variants(content)
    components = [item for stage in records(content, "stages") for item in records(stage, "components")]
    others = [item for section in NAMING_VARIANTS for item in records(content, section)]
    for item in components + others:
        called = item.get("variant")
        if isinstance(called, str) and called not in present and len(bearers.get(called, ())) == 1:
            item["variant"] = next(iter(bearers[called]))


def citing(content):
    """Yield every item that may cite sources, with its pointer."""
    for section in ("stages", "concerns", "alternatives", *NAMING_VARIANTS):
        for number, item in enumerate(content.get(section, [])):
            yield f"/{section}/{number}", item
            for index, component in enumerate(item.get("components", [])):
                yield f"/{section}/{number}/components/{index}", component


def names_of_variants(content):
    return {variant["name"] for variant in variants_of(content)}


def variants_of(content):
    """Return the variants that are well formed enough to be read, whatever the rest is."""
    artefact = content.get("artefact")
    return [
        {
            "name": item["name"], "aliases": [alias for alias in item["aliases"] if isinstance(alias, str)],
            "former": [one["name"] for one in records(item, "former") if isinstance(one.get("name"), str)],
        }
        for item in records(artefact if isinstance(artefact, dict) else {}, "variants")
        if isinstance(item.get("name"), str) and isinstance(item.get("aliases"), list)
    ]


def records(holder, name):
    """Return the objects in a list of objects, or nothing where there is no such list."""
    items = holder.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
