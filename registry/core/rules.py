"""Permissions: small named predicates, asked inside the action, so that every door has the same lock."""

from .errors import Refused

SUSPENDED = "Your account is suspended. Nothing can be done in your name until that has ended."
_rules = {}


def rule(name, *, refusal="You may not do this."):
    """Register a predicate `(user, obj) -> bool` under a name such as `norms.declare`.

    The refusal is a sentence, or a function `(user, obj) -> sentence` where the reasons differ.
    """

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
    if allows(user, name, obj):
        return
    refusal = SUSPENDED if getattr(user, "is_suspended", False) else _rules[name][1]
    raise Refused(refusal(user, obj) if callable(refusal) else refusal)
