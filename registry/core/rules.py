"""Permissions: small named predicates, asked inside the action, so that every door has the same lock."""

from .errors import Refused

_rules = {}


def rule(name, *, refusal="You may not do this."):
    """Register a predicate `(user, obj) -> bool` under a name such as `norms.declare`."""

    def register(predicate):
        if name in _rules:
            raise ValueError(f"The rule {name} is there already.")
        _rules[name] = (predicate, refusal)
        return predicate

    return register


def allows(user, name, obj=None):
    """Whether `user` may do what the rule names; suspended people may do nothing."""
    if getattr(user, "is_suspended", False):
        return False
    return bool(_rules[name][0](user, obj))


def require(user, name, obj=None):
    """Raise `Refused` with the rule's own sentence unless `user` may do it."""
    if not allows(user, name, obj):
        raise Refused(_rules[name][1])
