"""Running one analysis in this process and putting its answer into the form that all doors share."""

import time

from .errors import Unusable


def carry_out(analysis, inputs, params=None, seed=0, progress=lambda fraction, message: None):
    """Run an analysis on inputs (role → Input, or a list where a role takes many) and return its report.

    Raises Unusable where a required role is missing, a parameter is unknown, or the input cannot be used.
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
        "result": answer["result"],
        "findings": answer["findings"],
        "seconds": round(time.perf_counter() - began, 3),
    }


def check_roles(analysis, roles):
    """Every required role is there and no unknown one."""
    for role in roles:
        if role not in analysis.roles:
            raise Unusable(f"{analysis.name} has no input {role!r}; it takes {', '.join(analysis.roles)}.")
    for role, about in analysis.roles.items():
        if about["required"] and role not in roles:
            raise Unusable(f"{analysis.name} needs the input {role!r}: {about['help']}")


def check_params(analysis, params):
    for name, value in params.items():
        if name not in analysis.defaults:
            allowed = ", ".join(analysis.defaults) or "none"
            raise Unusable(f"{analysis.name} has no parameter {name!r}; it has: {allowed}.")
        default = analysis.defaults[name]
        if isinstance(value, bool) != isinstance(default, bool) or not isinstance(
            value, int | float if isinstance(default, int | float) else type(default)
        ):
            raise Unusable(f"The parameter {name!r} must be like {default!r}.")
