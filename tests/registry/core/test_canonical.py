"""RFC 8785: its own examples, and what has no canonical form."""

import json
import random
import struct

import pytest

from registry.core.canonical import NotCanonical, canonical_json, digest

# Appendix B of the RFC: the bits of a double and how ECMAScript writes it.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


class CanonicalJsonTests:
    @pytest.mark.parametrize(("bits", "written"), NUMBERS)
    def test_writes_numbers_as_the_rfc_does(self, bits, written):
        value = struct.unpack(">d", bytes.fromhex(bits))[0]

        assert canonical_json(value) == written.encode()

    def test_writes_the_example_of_the_rfc(self):
        example = {
            "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": '\u20ac$\u000f\nA\'B"\\\\"/',
            "literals": [None, True, False],
        }

        assert canonical_json(example).decode() == (
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        )

    def test_sorts_keys_by_utf_16_units_and_not_by_code_points(self):
        keys = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}

        assert list(json.loads(canonical_json(keys)).values()) == [2, 4, 6, 7, 1, 5, 3]

    def test_does_not_depend_on_the_order_of_keys(self):
        assert canonical_json({"b": {"d": 1, "c": 2}, "a": ()}) == b'{"a":[],"b":{"c":2,"d":1}}'

    def test_any_double_comes_back_as_itself(self):
        chance = random.Random(8785)
        values = [struct.unpack(">d", chance.randbytes(8))[0] for _ in range(5_000)]
        values = [value for value in values if value == value and abs(value) != float("inf")]

        assert [float(json.loads(canonical_json(value))) for value in values] == values

    @pytest.mark.parametrize(
        "value",
        [
            float("nan"),
            float("inf"),
            -float("inf"),
            "\ud800",
            {"\udc00": 1},
            {1: 2},
            {True: 2},
            2**53,
            -(2**53),
            b"bytes",
            {"a": {1, 2}},
            object(),
        ],
    )
    def test_refuses_what_has_no_canonical_form(self, value):
        with pytest.raises(NotCanonical):
            canonical_json(value)

    def test_names_the_place_of_what_it_refuses(self):
        with pytest.raises(NotCanonical, match="/stages/1/date"):
            canonical_json({"stages": [{}, {"date": float("nan")}]})

    def test_refuses_endless_nesting_with_a_sentence(self):
        value = []
        for _ in range(5_000):
            value = [value]

        with pytest.raises(NotCanonical, match="200 levels"):
            canonical_json(value)


class DigestTests:
    def test_is_the_sha_256_of_the_bytes(self):
        assert digest({}) == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

    def test_is_equal_for_equal_content_only(self):
        assert digest({"a": 1, "b": 2.0}) == digest({"b": 2, "a": 1.0})
        assert digest({"a": 1}) != digest({"a": "1"})
