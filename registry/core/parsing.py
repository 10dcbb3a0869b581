"""Reading JSON bodies strictly."""

import json
import math

from rest_framework import exceptions, parsers

MAX_BODY = 2 * 1024 * 1024
MAX_DEPTH = 32


class StrictJSONParser(parsers.JSONParser):
    """JSON as RFC 8259 has it: no NaN, no doubled keys, no NUL or lone surrogate, integers within 64 bits."""

    def parse(self, stream, media_type=None, parser_context=None):
        raw = stream.read(MAX_BODY + 1)
        if len(raw) > MAX_BODY:
            raise BodyTooLarge(f"The body is larger than {MAX_BODY // 2**20} MB. Upload large texts as files.")
        try:
            data = json.loads(
                raw.decode("utf-8"), parse_constant=_no_constant, parse_int=_integer, object_pairs_hook=_pairs
            )
            _check(data)
        except RecursionError:
            raise exceptions.ParseError("The JSON is nested too deeply.") from None
        except ValueError as problem:
            said = str(problem).rstrip(".")[:250]
            raise exceptions.ParseError(f"The body is not valid JSON: {said}.") from None
        return data


class BodyTooLarge(exceptions.APIException):
    status_code = 413


def _no_constant(name):
    raise ValueError(f"{name} is not a JSON number.")


def _integer(text):
    if len(text) > 19 or not -(2**63) <= int(text) < 2**63:
        raise ValueError("an integer does not fit in 64 bits.")
    return int(text)


def _pairs(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object names the same key twice.")
    return found


def _check(value, depth=0):
    if depth > MAX_DEPTH:
        raise ValueError("it is nested too deeply.")
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a text holds a NUL character.")
        value.encode("utf-8")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number is too large.")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth + 1)
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
