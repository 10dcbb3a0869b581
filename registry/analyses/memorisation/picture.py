"""The picture of a run, after Figure 5 of the GPT-2 paper: which share of texts has at most so much overlap.

Returns an SVG string that uses classes only; every number in it also stands in the result.
"""

import math
from html import escape

WIDTH, PANEL, LEFT, RIGHT, TOP = 640, 220, 64, 24, 84
NONE_AT, FIRST_AT = 24, 100  # pixels from the left edge: overlap of nothing, and 0.1%
MARKS = ((0.0, "none"), (0.001, "0.1%"), (0.01, "1%"), (0.1, "10%"), (1.0, "100%"))
SIDES = (("samples", "a", "samples"), ("reference", "b", "real texts"))


def overlap_chart(result: dict) -> str:
    """The chart as SVG."""
    sides = [(result[role], series, name) for role, series, name in SIDES if result[role]]
    height = TOP + PANEL + 60
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="overlap-t overlap-d">',
        '<title id="overlap-t">Overlap with the training text</title>',
        f'<desc id="overlap-d">{escape(description(sides))}</desc>',
        f'<text x="{LEFT}" y="24">Share of texts with at most so much overlap</text>',
        *axes(),
    ]
    for place, (side, series, name) in enumerate(sides):
        x = LEFT + 200 * place
        parts.append(f'<path class="chart-line {series}" d="{steps(side["cdf"])}"/>')
        parts.append(
            f'<path class="chart-line {series}" d="M{x} 53 H{x + 34}"/>'
            f'<text class="{series}" x="{x + 42}" y="58">{name}</text>'
        )
    parts.append(
        f'<text class="chart-axis" x="{WIDTH - RIGHT}" y="{height - 6}" text-anchor="end">'
        "share of a text's sequences found in the training text</text></svg>"
    )
    return "".join(parts)


def x_of(overlap: float) -> float:
    """A logarithmic scale from 0.1% to 100%, with a place of its own for nothing."""
    if overlap <= 0:
        return LEFT + NONE_AT
    room = WIDTH - LEFT - RIGHT - FIRST_AT - 16
    return round(LEFT + FIRST_AT + room * (math.log10(max(overlap, 0.001)) + 3) / 3, 1)


def y_of(share: float) -> float:
    return round(TOP + PANEL * (1 - share), 1)


def axes() -> list[str]:
    parts = []
    for step in range(5):
        y = y_of(step / 4)
        parts.append(f'<line class="chart-grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        if step % 2 == 0:
            parts.append(f'<text class="chart-axis" x="{LEFT - 8}" y="{y + 5}" text-anchor="end">{25 * step}%</text>')
    floor = y_of(0)
    parts.append(f'<line class="chart-axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{floor}" y2="{floor}"/>')
    parts += [
        f'<text class="chart-axis" x="{x_of(at)}" y="{floor + 24}" text-anchor="middle">{words}</text>'
        for at, words in MARKS
    ]
    return parts


def steps(cdf: list[dict]) -> str:
    """A line that rises in steps, as a distribution does."""
    first, *rest = cdf
    parts = [f"M{x_of(first['overlap'])} {y_of(first['share'])}"]
    parts += [f"H{x_of(one['overlap'])}V{y_of(one['share'])}" for one in rest]
    return "".join(parts)


def description(sides: list) -> str:
    """The chart in words."""
    return (
        "; ".join(
            f"{name}: {round(100 * side['none']['value'])}% have none, "
            f"{round(100 * side['under_1_percent']['value'])}% less than 1%, "
            f"median {100 * side['median']['value']:.1f}%"
            for side, _, name in sides
        )
        + "."
    )
