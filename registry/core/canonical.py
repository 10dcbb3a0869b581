"""Canonical JSON after RFC 8785, so that the same content has the same digest wherever it is computed.

Supported: None, bool, str, dict with str keys, list, tuple, float, and int up to 2**53 - 1 in size (JCS
numbers are doubles; write larger ones as strings). 1 and 1.0 are the same number and give the same bytes.
"""

from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from math import isfinite

MAX_INTEGER = 2**53 - 1
MAX_LEVELS = 200


class NotCanonical(ValueError):
    """A value that has no canonical form; the message says where it stands."""

    def __init__(self, said):
        super().__init__(said)
        self.said, self.place = said, []

    def within(self, part):
        """The same, seen from around: `part` is the key or number under which it stands."""
        self.place.append(str(part))
        return self

    def __str__(self):
        place = "".join(f"/{part}" for part in reversed(self.place))
        return f"{self.said} It stands at {place[:80] or 'the top'}."


def canonical_json(obj) -> bytes:
    """The one spelling of a JSON value: keys sorted, no blanks, numbers as ECMAScript writes them."""
    parts = []
    _write(obj, parts.append, 0)
    return "".join(parts).encode()


def digest(obj) -> str:
    """`sha256:` and the hexadecimal hash of the canonical JSON."""
    return "sha256:" + sha256(canonical_json(obj)).hexdigest()


def _write(value, write, level):
    if isinstance(value, str):
        write(_string(value))
    elif value is None or value is True or value is False:
        write({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, (int, float)):
        write(_number(value))
    elif isinstance(value, dict):
        _write_within(value, "{}", _spelled(tuple(value)), write, level)
    elif isinstance(value, (list, tuple)):
        _write_within(value, "[]", [("," if n else "", n) for n in range(len(value))], write, level)
    else:
        raise NotCanonical(f"{type(value).__name__} is no JSON type.")


def _write_within(value, brackets, parts, write, level):
    if level >= MAX_LEVELS:
        raise NotCanonical(f"More than {MAX_LEVELS} levels are nested.")
    write(brackets[0])
    for before, part in parts:
        write(before)
        try:
            _write(value[part], write, level + 1)
        except NotCanonical as problem:
            raise problem.within(part) from None
    write(brackets[1])


@lru_cache(500)
def _spelled(keys):
    """The keys of an object in their order, each after what is written before its value; few objects differ in them."""
    for key in keys:
        if not isinstance(key, str):
            raise NotCanonical(f"The key {key!r} is not a string.")
    # By UTF-16 code units, where U+1F600 comes before U+FB33.
    order = sorted(keys, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return [(f"{',' if n else ''}{_string(key)}:", key) for n, key in enumerate(order)]


def _string(value):
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotCanonical("Half a surrogate pair stands in a text.") from None
    return encode_basestring(value)


def _number(value):
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical("An integer is beyond 2**53 - 1; write it as a string.")
        return int.__repr__(value)
    if not isfinite(value):
        raise NotCanonical(f"{value} is no JSON number.")
    return _ecmascript(float(value))


def _ecmascript(value):
    """Number::toString of ECMAScript: Python finds the same shortest digits but sets them otherwise."""
    if value == 0:
        return "0"  # also for -0.0
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0)  # where the point stands, counted from the first written digit
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits, point):
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    exponent = f"e{point - 1:+d}"
    return digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + exponent
