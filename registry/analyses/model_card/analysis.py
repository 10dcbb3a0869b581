"""The analysis itself: reads the card once and puts the parts together."""

from .decoding import decode
from .evidence import ABSENT, CONTENT, THIN
from .findings import find_problems
from .items import judge
from .languages import find_languages
from .licence import find_licences
from .reading import read_card
from .results import find_results


class ModelCardAnalysis:
    """Reads one model card."""

    name = "model_card"
    version = "1.1"
    title = "Model card"
    roles = {
        "card": {
            "required": True,
            "help": "The model card as a Markdown file, with or without YAML front matter.",
            "kinds": ["model_card"],
        }
    }
    defaults: dict = {}

    def run(self, inputs, params=None, seed=0, progress=None):
        report = progress or (lambda fraction, message: None)
        report(0.0, "Reading the card.")
        text, encoding = decode(inputs["card"].data)
        card = read_card(text)
        report(0.3, "Judging the 18 items.")
        items = judge(card)
        report(0.8, "Looking for problems.")
        licences = find_licences(card)
        result = {
            "sentence": sentence_of(items),
            "encoding": encoding,
            "characters": len(text),
            "front_matter": front_matter_of(card),
            "items": items,
            "licence": licences[0].value if licences else None,
            "licence_details": licence_of(licences, text),
            "languages": find_languages(card),
            "results": [result.as_dict() for result in find_results(card)],
        }
        findings = find_problems(card, items, licences)
        report(1.0, "Done.")
        return {"result": result, "findings": findings}


def sentence_of(items):
    """The profile in one sentence."""
    counts = {
        status: sum(item["status"] == status for item in items.values()) for status in (CONTENT, THIN, ABSENT)
    }
    are = {status: "is" if count == 1 else "are" for status, count in counts.items()}
    return (
        f"{counts[CONTENT]} of {len(items)} items {are[CONTENT]} answered, "
        f"{counts[THIN]} {are[THIN]} only touched, {counts[ABSENT]} {are[ABSENT]} missing."
    )


def front_matter_of(card):
    """State, data and problem; what a reader can still make out of a broken block stands apart."""
    front_matter = card.front_matter
    return {
        "state": front_matter.state,
        "code": front_matter.code,
        "data": front_matter.data if front_matter.state == "ok" else None,
        "salvaged": front_matter.data if front_matter.state == "broken" else None,
        "problem": front_matter.problem,
    }


def licence_of(licences, text):
    if not licences:
        return None
    first = licences[0]
    span = {"start": first.start, "end": first.end, "quote": text[first.start : first.end]}
    return {"value": first.value, "spdx": first.spdx, "source": first.source, "span": span}


ANALYSIS = ModelCardAnalysis()
