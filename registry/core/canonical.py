"""Canonical JSON after RFC 8785, so that the same content has the same digest wherever it is computed.

Supported: None, bool, str, dict with str keys, list, tuple, float, and int up to 2**53 - 1 in size (JCS
numbers are doubles; write larger ones as strings). 1 and 1.0 are the same number and give the same bytes.
"""

from hashlib import sha256
from json.encoder import encode_basestring
from math import isfinite

MAX_INTEGER = 2**53 - 1
MAX_LEVELS = 200


class NotCanonical(ValueError):
    """A value that has no canonical form; the message says where it stands."""


def canonical_json(obj) -> bytes:
    """The one spelling of a JSON value: keys sorted, no blanks, numbers as ECMAScript writes them."""
    parts = []
    _write(obj, parts.append, "", 0)
    return "".join(parts).encode()


def digest(obj) -> str:
    """`sha256:` and the hexadecimal hash of the canonical JSON."""
    return "sha256:" + sha256(canonical_json(obj)).hexdigest()


def _write(value, write, place, level):
    if level > MAX_LEVELS:
        raise NotCanonical(f"More than {MAX_LEVELS} levels are nested at {place[:80]}.")
    if value is None or value is True or value is False:
        write({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        write(_string(value, place))
    elif isinstance(value, (int, float)):
        write(_number(value, place))
    elif isinstance(value, dict):
        _write_object(value, write, place, level)
    elif isinstance(value, (list, tuple)):
        write("[")
        for position, item in enumerate(value):
            write("," if position else "")
            _write(item, write, f"{place}/{position}", level + 1)
        write("]")
    else:
        raise NotCanonical(f"{type(value).__name__} is no JSON type, at {place or 'the top'}.")


def _write_object(value, write, place, level):
    for key in value:
        if not isinstance(key, str):
            raise NotCanonical(f"The key {key!r} is not a string, at {place or 'the top'}.")
    spelled = {key: _string(key, place) for key in value}
    write("{")
    # By UTF-16 code units, where U+1F600 comes before U+FB33.
    for position, key in enumerate(sorted(value, key=lambda key: key.encode("utf-16-be"))):
        write("," if position else "")
        write(spelled[key])
        write(":")
        _write(value[key], write, f"{place}/{key}", level + 1)
    write("}")


def _string(value, place):
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotCanonical(f"Half a surrogate pair stands in the text at {place or 'the top'}.") from None
    return encode_basestring(value)


def _number(value, place):
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical(
                f"The integer at {place or 'the top'} is beyond 2**53 - 1; write it as a string."
            )
        return int.__repr__(value)
    if not isfinite(value):
        raise NotCanonical(f"{value} is no JSON number, at {place or 'the top'}.")
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
