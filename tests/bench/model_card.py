"""How well the model-card analysis agrees with careful readers, beside matching headings, in one run.

For each item: precision, recall and F1 of `content` against the labelled cards, and the F1 of a baseline
that only matches headings. Run `python -m tests.bench.model_card` for the table alone.
"""

import csv
import re
import time

from registry.analyses.inputs import Input
from registry.analyses.model_card import ANALYSIS
from registry.analyses.model_card.items import ITEMS
from tests.shared import DATA

CARDS = DATA / "model_cards"
HEADER = ("model card", "P", "R", "F1", "headings only", "ratio", "three-way")

# Families of cards that no rule was written on until the rules had been measured on them once.
HELD_OUT = re.compile(
    r"audiocraft__|research__llama__|galai__|openai__(?:whisper|CLIP|guided)|aliosm--|jcblaise--|dbmdz--|qarib--"
    r"|gsarti--|elgeish--|transformers__roberta-base|zanelim--|neuralspace|microsoft--|akhooli--"
)

# What somebody would write first: an item is there if a heading with text below it bears its name.
BASELINE = {
    "description": r"description|overview|introduction|about|model details|details|summary",
    "developer": r"author|developer|developed by|contributor|team",
    "date_version": r"date|version|release|update",
    "licence": r"licen[sc]e",
    "citation": r"cit(?:e|ing|ation)|bibtex|paper|reference",
    "contact": r"contact|feedback|question",
    "intended_use": r"intended use|use case|uses\b",
    "out_of_scope": r"out[- ]of[- ]scope|misuse",
    "limitations": r"limitation",
    "bias_risks": r"bias|risk|ethic|safety|privacy",
    "mitigation": r"mitigation|recommendation",
    "training_data": r"training data|dataset|corpus|datasets|\bdata\b",
    "training_procedure": r"training|procedure|hyperparameter|preprocessing|fine-?tun",
    "evaluation_data": r"evaluation data|eval data|test data|evaluat|benchmark",
    "results": r"result|performance|evaluation|metrics",
    "disaggregated": r"factor|disaggregat|by (?:language|group|class)",
    "environment": r"environment|carbon|emission|energy",
    "usage_code": r"usage|how to use|getting started|quick ?start|example",
}


def labelled():
    """(row of labels, bytes) of every labelled card."""
    with (CARDS / "LABELS.csv").open(encoding="utf-8", newline="") as file:
        return [(row, (CARDS / row["file"]).read_bytes()) for row in csv.DictReader(file)]


def by_headings(text: str) -> dict:
    """The baseline's statuses: a heading that names the item, with three words or more below it."""
    found = dict.fromkeys(ITEMS, "absent")
    headings = list(re.finditer(r"^#{1,6}\s*(.+)$", text, re.MULTILINE))
    for heading, following in zip(headings, [*headings[1:], None], strict=False):
        body = text[heading.end() : following.start() if following else len(text)]
        for item, words in BASELINE.items():
            if re.search(words, heading[1], re.IGNORECASE):
                found[item] = "content" if len(body.split()) >= 3 or found[item] == "content" else "thin"
    return found


def measure(cards):
    """Per item (true, false and missed `content`, and agreements) of the analysis and of the baseline."""
    ours, plain = ({item: [0, 0, 0, 0] for item in ITEMS} for _ in range(2))
    facts = {"front_matter": 0, "licence_value": 0, "languages": 0}
    started = time.perf_counter()
    for row, data in cards:
        result = ANALYSIS.run({"card": Input("card", row["file"], data)})["result"]
        facts["front_matter"] += result["front_matter"]["state"] == row["front_matter"]
        facts["licence_value"] += (result["licence"] or "") == row["licence_value"]
        facts["languages"] += " ".join(result["languages"]) == row["languages"]
        headings = by_headings(data.decode("utf-8"))
        for item in ITEMS:
            count(ours[item], row[item], result["items"][item]["status"])
            count(plain[item], row[item], headings[item])
    return ours, plain, facts, time.perf_counter() - started


def count(counts, label, status):
    counts[0] += label == "content" == status
    counts[1] += status == "content" != label
    counts[2] += label == "content" != status
    counts[3] += label == status


def scores(counts):
    right, wrong, missed = counts[:3]
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    return precision, recall, 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0


def summed(table):
    return [sum(counts[i] for counts in table.values()) for i in range(4)]


def line(name, ours, plain, pairs):
    precision, recall, f1 = scores(ours)
    base = scores(plain)[2]
    ratio = f"{f1 / base:.2f}" if base else "–"
    three_way = f"{ours[3] / pairs:.3f}" if pairs else "–"
    return (name, f"{precision:.2f}", f"{recall:.2f}", f"{f1:.3f}", f"{base:.3f}", ratio, three_way)


def rows() -> list[tuple]:
    """The table: one row an item, the sum over all cards and over those held out, then the plain facts."""
    cards = labelled()
    ours, plain, facts, seconds = measure(cards)
    held = [(row, data) for row, data in cards if HELD_OUT.search(row["file"])]
    ours_held, plain_held, _, _ = measure(held)
    n, items = len(cards), len(ITEMS)
    table = [line(item, ours[item], plain[item], n) for item in ITEMS]
    table.append(line(f"all items, {n} cards", summed(ours), summed(plain), n * items))
    name = f"all items, {len(held)} held-out cards"
    table.append(line(name, summed(ours_held), summed(plain_held), len(held) * items))
    table.append(("two independent annotators (recorded)", "", "", "0.99", "", "", ""))
    for fact, right in facts.items():
        table.append((f"{fact} as labelled", "", "", f"{right / n:.3f}", "", "", f"{right} of {n}"))
    table.append((f"seconds for {n} cards", "", "", f"{seconds:.2f}", "", "", "limit 5"))
    return table


def main():
    table = [HEADER, *rows()]
    widths = [max(len(str(row[i])) for row in table) for i in range(len(HEADER))]
    for row in table:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)))


if __name__ == "__main__":
    main()
