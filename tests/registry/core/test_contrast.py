"""The style keeps its promises: contrast of all pairs by day and by evening, size, and one joined file."""

import re

import pytest

from registry.core import stylesheet

BACKGROUNDS = ["paper", "sheet", "field"]
MEANINGS = ["open", "restricted", "closed", "disputed"]
TEXT_PAIRS = (
    [(ink, ground) for ink in ["ink", "ink-2", "accent", *MEANINGS] for ground in BACKGROUNDS]
    + [(meaning, f"{meaning}-tint") for meaning in MEANINGS]
    + [(ink, f"{tint}-tint") for ink in ["ink", "ink-2", "accent"] for tint in [*MEANINGS, "accent"]]
    + [("field", "accent"), ("paper", "ink")]
    + [(meaning, "accent-tint") for meaning in MEANINGS]
)
# Borders of controls and the lines that carry meaning in a picture.
LINE_PAIRS = [("line-2", ground) for ground in BACKGROUNDS] + [(meaning, "paper") for meaning in MEANINGS]


def colours():
    """Return {name: (day, evening)} as tokens.css states them."""
    text = (stylesheet.SOURCE / "tokens.css").read_text("utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", text)
    return {name: (day, evening) for name, day, evening in found}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


class ContrastTests:
    @pytest.mark.parametrize("mode", [0, 1], ids=["day", "evening"])
    def test_every_pair_of_text_and_ground_reaches_4_5(self, mode):
        known = colours()

        short = {
            pair: round(contrast(known[pair[0]][mode], known[pair[1]][mode]), 2)
            for pair in TEXT_PAIRS
            if contrast(known[pair[0]][mode], known[pair[1]][mode]) < 4.5
        }

        assert short == {}

    @pytest.mark.parametrize("mode", [0, 1], ids=["day", "evening"])
    def test_every_line_that_means_something_reaches_3(self, mode):
        known = colours()

        short = [pair for pair in LINE_PAIRS if contrast(known[pair[0]][mode], known[pair[1]][mode]) < 3]

        assert short == []

    def test_black_on_white_is_21(self):
        assert round(contrast("#000000", "#ffffff"), 2) == 21


class StylesheetTests:
    def test_the_file_that_pages_load_is_its_parts_joined(self):
        told = "run: python -m registry.core.stylesheet"

        assert stylesheet.TARGET.read_text("utf-8") == stylesheet.joined(), told

    def test_the_whole_style_stays_within_25_kb(self):
        assert len(stylesheet.joined().encode()) <= 25 * 1024

    def test_every_part_is_joined(self):
        assert {path.stem for path in stylesheet.SOURCE.glob("*.css")} == set(stylesheet.PARTS)

    def test_no_part_names_a_colour_outside_the_tokens_and_print(self):
        named = {
            path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text("utf-8"))
            for path in stylesheet.SOURCE.glob("*.css")
            if path.stem not in {"tokens", "print"}
        }

        assert {name: found for name, found in named.items() if found} == {}

    def test_nothing_is_loaded_from_elsewhere(self):
        joined = stylesheet.joined()

        assert "@import" not in joined
        assert {url for url in re.findall(r"url\(([^)]*)\)", joined) if not url.startswith("#")} == set()


class ScriptTests:
    def test_each_script_stays_within_3_kb(self):
        folder = stylesheet.TARGET.parent.parent / "js"

        large = {path.name: path.stat().st_size for path in folder.glob("*.js") if path.stat().st_size > 3072}

        assert large == {}
