"""Contents of entries for the clock's tests: stages by date, each with what it says of components."""

from tests.people import CONTENT

LEVELS = {
    "closed": ("fully_closed", "none", "internal"),
    "restricted": ("downloadable", "application_manual", "verified_researchers"),
    "open": ("downloadable", "none", "public"),
    "unstated": ("downloadable", "", ""),
}  # fmt: skip


def content(*stages, variants=(), kind="model", **more):
    """Stages as (date, {component or (component, variant): level})."""
    return CONTENT | {
        "artefact": {"kind": kind, "variants": [{"name": name} for name in variants]},
        "stages": [stage(date, said) for date, said in stages], **more,
    }  # fmt: skip


def stage(date, said, status="effective"):
    return {"date": date, "status": status, "components": [component(key, level) for key, level in said.items()]}


def component(key, level):
    name, variant = key if isinstance(key, tuple) else (key, "")
    mode, gate, audience = LEVELS[level]
    return {"component": name, "variant": variant, "mode": mode, "gate": gate, "audience": audience}
