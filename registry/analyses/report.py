"""Running one analysis in this process and putting its answer into the form that all doors share."""

import json
import math
import re
import shlex
import time

from .errors import Unusable

SEVERITIES = ("info", "notice", "warning", "problem")
# PostgreSQL stores neither in JSON; one sign for one sign, so that offsets stay true.
NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


def carry_out(analysis, inputs, params=None, seed=0, progress=lambda fraction, message: None):
    """Run an analysis on inputs (role → Input, or a list where a role takes many) and return its report.

    Raises Unusable where a required role is missing, a parameter is unknown, or the input cannot be used,
    and NotPlain where the analysis answers with something that JSON cannot hold.
    """
    params = analysis.defaults | (params or {})
    check_roles(analysis, inputs)
    check_params(analysis, params)
    began = time.perf_counter()
    answer = analysis.run(inputs, params, seed, progress)
    given = [(role, one) for role, some in inputs.items() for one in (some if isinstance(some, list) else [some])]
    return {
        "analysis": analysis.name,
        "version": analysis.version,
        "params": params,
        "seed": seed,
        "inputs": [{"role": r, "name": i.name, "sha256": i.sha256, "size": i.size} for r, i in given],
        "result": _mapping(plain(answer["result"])),
        "findings": [_finding(one) for one in answer["findings"]],
        "seconds": round(time.perf_counter() - began, 3),
    }


class NotPlain(TypeError):
    """A fault of the analysis: its answer holds something else than plain JSON with finite numbers."""


def plain(value):
    """The value as plain JSON types that every door can show and the database can store."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return NOT_STORABLE.sub("\ufffd", value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotPlain(f"The number {value} is not finite.")
        return value
    if isinstance(value, dict):
        return {_key(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    raise NotPlain(f"{type(value).__name__} is no type of JSON.")


def _key(key):
    if not isinstance(key, str):
        raise NotPlain(f"The key {key!r} is not a text.")
    return plain(key)


def _mapping(value):
    if not isinstance(value, dict):
        raise NotPlain("The result is not an object.")
    return value


def _finding(one):
    """A finding with all four fields, so that pages and readers may rely on them."""
    found = _mapping(plain(one))
    if set(found) != {"code", "severity", "message", "span"} or found["severity"] not in SEVERITIES:
        raise NotPlain(f"A finding must have code, severity, message and span, not {sorted(found)}.")
    return found


def check_roles(analysis, roles):
    """Every required role is there and no unknown one."""
    for role in roles:
        if role not in analysis.roles:
            raise Unusable(f"{analysis.name} has no input {role!r}; it takes {', '.join(analysis.roles)}.")
    for role, about in analysis.roles.items():
        if about["required"] and role not in roles:
            raise Unusable(f"{analysis.name} needs the input {role!r}: {about['help']}")


def check_params(analysis, params):
    """Every parameter is known and of the kind of its default."""
    for name, value in params.items():
        if name not in analysis.defaults:
            allowed = ", ".join(analysis.defaults) or "none"
            raise Unusable(f"{analysis.name} has no parameter {name!r}; it has: {allowed}.")
        if not _alike(value, analysis.defaults[name]):
            raise Unusable(f"The parameter {name!r} must be like {analysis.defaults[name]!r}.")


def _alike(value, default):
    if isinstance(value, bool) or isinstance(default, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    return isinstance(value, int | float if isinstance(default, int | float) else type(default))


def command_line(analysis, inputs, params, seed):
    """What to type to compute a run again: `inputs` as (role, name); parameters only where they are not the usual."""
    required = [role for role, about in analysis.roles.items() if about["required"]]
    parts = ["manage.py", "analyse", analysis.name]
    for role, name in inputs:
        plain_argument = required == [role] and not analysis.roles[role].get("named")
        parts += [name] if plain_argument else [f"--{role.replace('_', '-')}", name]
    for name, value in params.items():
        if value != analysis.defaults.get(name):
            parts += [f"--{name.replace('_', '-')}", value if isinstance(value, str) else json.dumps(value)]
    return shlex.join([*parts, *(["--seed", str(seed)] if seed else []), "--json"])
