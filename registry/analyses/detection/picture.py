"""The picture of a run: what is found by length at 1% and 5% false alarms, and AUROC, with interval bands.

Returns an SVG string that uses classes only; every number in it also stands in the table below it.
"""

import math
from dataclasses import dataclass
from html import escape

WIDTH, PANEL, LEFT, RIGHT = 640, 200, 64, 24
LEGEND, TOP, GAP = 58, 84, 84
SHARES = ((0.05, "a", "5"), (0.01, "b", "1"))


@dataclass(frozen=True)
class Panel:
    """One set of axes: words to the right on a logarithmic scale, a figure upwards."""

    top: int
    low: float
    high: float
    words: list[int]

    def x(self, words: float) -> float:
        first, last = math.log(self.words[0]), math.log(self.words[-1])
        room = WIDTH - LEFT - RIGHT
        return round(
            LEFT + room * (0.5 if first == last else 0.04 + 0.92 * (math.log(words) - first) / (last - first)), 1
        )

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return round(self.top + PANEL * (self.high - inside) / (self.high - self.low), 1)


def by_length_chart(by_length: list[dict]) -> str:
    """The chart as SVG; empty where no length was measured."""
    rows = sorted(by_length, key=lambda row: row["words"])
    if not rows:
        return ""
    words = [row["words"] for row in rows]
    found, ranked = Panel(TOP, 0.0, 1.0, words), Panel(TOP + PANEL + GAP, 0.0, 1.0, words)
    if all(row["auroc"]["low"] >= 0.5 for row in rows):
        ranked = Panel(ranked.top, 0.5, 1.0, words)
    height = ranked.top + PANEL + 60
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="by-length-t by-length-d">',
        '<title id="by-length-t">Detection by length</title>',
        f'<desc id="by-length-d">{escape(description(rows))}</desc>',
        heading(24, "Generated texts found, by words"),
        *axes(found),
        *[one for share, series, _ in SHARES for one in line(found, shares_of(rows, share), series)],
        *legend(rows),
        heading(ranked.top - 20, "AUROC, by words (0.50 is guessing)"),
        *axes(ranked),
        *line(ranked, [(row["words"], row["auroc"]) for row in rows], "a"),
        f'<text class="chart-axis" x="{WIDTH - RIGHT}" y="{height - 6}" text-anchor="end">'
        "words of each text; bands are 95% intervals</text>",
        "</svg>",
    ]
    return "".join(parts)


def shares_of(rows: list[dict], share: float) -> list[tuple[int, dict]]:
    return [(row["words"], row["tpr_at_fpr"][str(share)]) for row in rows if row["tpr_at_fpr"][str(share)]]


def heading(y: int, words: str) -> str:
    return f'<text x="{LEFT}" y="{y}">{words}</text>'


def axes(panel: Panel) -> list[str]:
    """Five grid lines with their figures, and a mark for each length."""
    parts = []
    for step in range(5):
        value = panel.low + (panel.high - panel.low) * step / 4
        y = panel.y(value)
        parts.append(f'<line class="chart-grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        if step % 2 == 0:
            parts.append(f'<text class="chart-axis" x="{LEFT - 8}" y="{y + 5}" text-anchor="end">{value:.2f}</text>')
    floor = panel.y(panel.low)
    parts.append(f'<line class="chart-axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{floor}" y2="{floor}"/>')
    parts += [
        f'<text class="chart-axis" x="{panel.x(words)}" y="{floor + 24}" text-anchor="middle">{words}</text>'
        for words in panel.words
    ]
    return parts


def line(panel: Panel, points: list[tuple[int, dict]], series: str) -> list[str]:
    """Band, line and dots of one series; a single length gets an upright interval instead of a band."""
    if not points:
        return []
    places = [(panel.x(words), figure) for words, figure in points]
    if len(places) == 1:
        x, figure = places[0]
        half = 5
        band = [
            (x - half, figure["high"]),
            (x + half, figure["high"]),
            (x + half, figure["low"]),
            (x - half, figure["low"]),
        ]
    else:
        band = [(x, figure["high"]) for x, figure in places] + [(x, figure["low"]) for x, figure in reversed(places)]
    edge = " ".join(f"{x},{panel.y(value)}" for x, value in band)
    path = " L".join(f"{x} {panel.y(figure['value'])}" for x, figure in places)
    dots = [
        f'<circle class="chart-dot {series}" cx="{x}" cy="{panel.y(figure["value"])}" r="4"/>' for x, figure in places
    ]
    return [
        f'<polygon class="chart-band {series}" points="{edge}"/>',
        f'<path class="chart-line {series}" d="M{path}"/>',
        *dots,
    ]


def legend(rows: list[dict]) -> list[str]:
    """What each line is, above the panel, where no line can run through it."""
    shown = [(series, name) for share, series, name in SHARES if shares_of(rows, share)]
    parts = []
    for place, (series, name) in enumerate(shown):
        x = LEFT + 280 * place
        parts.append(
            f'<path class="chart-line {series}" d="M{x} {LEGEND - 5} H{x + 34}"/>'
            f'<text class="{series}" x="{x + 42}" y="{LEGEND}">at {name}% false alarms</text>'
        )
    return parts


def description(rows: list[dict]) -> str:
    """The chart in words."""
    parts = []
    for row in rows:
        told = [
            f"{round(100 * figure['value'])}% found at {name}% false alarms"
            for share, _, name in SHARES
            if (figure := row["tpr_at_fpr"][str(share)])
        ]
        parts.append(f"{row['words']} words: {', '.join([*told, 'AUROC ' + format(row['auroc']['value'], '.2f')])}")
    return "; ".join(parts) + "."
