"""What the file says about how its texts were made and chosen; “not stated” is an answer of its own."""

import math
import re
from collections import Counter
from dataclasses import dataclass

from scipy.stats import norm

from registry.analyses.statistics import significant
from registry.analyses.texts import Text
from registry.core.selection import ratio

NOT_STATED = "not stated"
MOST_TRIES = 10**9
MOST_ROWS = 200
# What is shown under a name; another word is shown as it was written.
HOW = {
    "all": "all", "none": "all", "no selection": "all", "unselected": "all", "uncurated": "all",
    "random": "random", "at random": "random",
    "first": "first",
    "best": "best", "cherry-picked": "best", "cherry picked": "best", "cherrypicked": "best", "hand-picked": "best",
    "filtered": "filtered", "filter": "filtered",
}  # fmt: skip
UNCHOSEN = {"all", "random", "first"}
# Each row: what a reader needs to know, and the fields that tell it.
STATED = {
    "tries": ("tries",),
    "prompts tried": ("prompts_tried",),
    "way of choosing": ("selection", "how"),
    "prompt": ("prompt",),
    "model": ("generator", "model"),
    "decoding": ("decoding", "temperature", "top_k", "top_p", "beams", "greedy"),
    "length limit": ("max_tokens", "max_length", "length_limit"),
    "date": ("date", "generated_at"),
    "edits": ("edited",),
}


@dataclass
class Draw:
    """Some tries of which some texts are shown."""

    id: str
    tries: int
    shown: int


def fields_of(text: Text) -> dict:
    """The fields of a line; those inside an object `selection` count as the line's own."""
    fields = dict(text.fields)
    if isinstance(fields.get("selection"), dict):
        inner = fields.pop("selection")
        fields = inner | fields
    return fields | ({"prompt": text.prompt} if text.prompt else {})


def disclosed(texts: list[Text]) -> dict:
    """The selection, as far as the lines state it."""
    rows = [(text, fields_of(text)) for text in texts]
    draws, unusable, stated = draws_of(rows)
    prompts_tried, prompts_shown, conflict = prompts_of(rows)
    tries, shown = sum(one.tries for one in draws), sum(one.shown for one in draws)
    how = Counter(how_of(fields) for _, fields in rows)
    return {
        "state": "not_stated" if not stated else "stated" if stated == len(texts) else "partly",
        "texts": len(texts),
        "texts_stated": stated,
        "unusable": unusable,
        "how": [{"value": value, "texts": count} for value, count in by_number(how)],
        "tries": tries if draws else None,
        "shown": shown if draws else None,
        "ratio": ratio(shown, tries) if draws else None,
        "prompts_tried": prompts_tried,
        "prompts_shown": prompts_shown,
        "prompts_conflict": conflict,
        "prompt_ratio": ratio(prompts_shown, prompts_tried),
        "lift": lift_of(draws, how),
        "draws": [
            {
                "id": one.id,
                "tries": one.tries,
                "shown": one.shown,
                "ratio": ratio(one.shown, one.tries),
                "lift": significant(best_of(one.tries, one.shown)),
            }
            for one in draws[:MOST_ROWS]
        ],
        "draws_left_out": max(0, len(draws) - MOST_ROWS),
    }


def by_number(counted: Counter) -> list[tuple]:
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def draws_of(rows: list) -> tuple[list[Draw], int, int]:
    """Lines of one group (or prompt) with the same number of tries are one draw; other lines are one each."""
    together, unusable, stated = {}, 0, 0
    for place, (text, fields) in enumerate(rows):
        if "tries" not in fields:
            continue
        tries, shown = count(fields["tries"]), count(fields.get("shown", 1))
        if not tries or not shown or shown > tries:
            unusable += 1
            continue
        stated += 1
        key = (text.group or text.prompt, tries, fields.get("shown")) if text.group or text.prompt else place
        together.setdefault(key, []).append((text, tries, shown, "shown" in fields))
    draws = []
    for members in together.values():
        text, tries, shown, said = members[0]
        shown = max(shown, len(members)) if said else len(members)
        if shown > tries:
            # More texts than tries: these were several draws after all.
            draws += [Draw(one.id, tries, 1) for one, *_ in members]
        else:
            draws.append(Draw(text.id, tries, shown))
    return draws, unusable, stated


def count(value) -> int | None:
    """A number of tries: a whole number above nothing, also where JSON has it as 25.0 or "25"."""
    if isinstance(value, str) and re.fullmatch(r" *[0-9]{1,12} *", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_TRIES:
        return None
    return value


def prompts_of(rows: list) -> tuple[int | None, int | None, bool]:
    """Prompts tried and shown, for the file as a whole; where lines contradict one another, neither is known."""
    tried = {count(fields["prompts_tried"]) for _, fields in rows if "prompts_tried" in fields}
    shown = {count(fields["prompts_shown"]) for _, fields in rows if "prompts_shown" in fields}
    if len(tried) > 1 or len(shown) > 1 or None in tried | shown:
        return None, None, True
    there = len({text.prompt for text, _ in rows if text.prompt})
    m, k = next(iter(tried), None), next(iter(shown), there or None)
    if m and k and k > m:
        return None, None, True
    return m, k if m else None, False


def how_of(fields: dict) -> str:
    said = fields.get("selection", fields.get("how"))
    if not isinstance(said, str) or not said.strip():
        return NOT_STATED
    said = " ".join(said.split())
    return HOW.get(said.lower(), said[:100])


def lift_of(draws: list[Draw], how: Counter) -> dict | None:
    """How far the shown texts lie above the average of all, were they the best by whatever they were judged by."""
    if not draws:
        return None
    value = sum(best_of(one.tries, one.shown) * one.shown for one in draws) / sum(one.shown for one in draws)
    return {"value": significant(value), "chosen": not set(how) <= UNCHOSEN}


def best_of(tries: int, shown: int = 1) -> float:
    """Blom's expected mean of the best `shown` of `tries`, in standard deviations."""
    if shown >= tries:
        return 0.0
    # Of many shown texts a spread of ranks does: the mean over them hardly changes.
    ranks = range(1, shown + 1) if shown <= 1000 else [1 + math.floor(step * shown / 1000) for step in range(1000)]
    return float(sum(norm.ppf((tries - rank + 0.625) / (tries + 0.25)) for rank in ranks) / len(ranks))


def stated_and_not(texts: list[Text]) -> list[dict]:
    """For each thing a reader needs to know, how many lines state it, and what they say where few things are said."""
    fields = [fields_of(text) for text in texts]
    rows = []
    for what, names in STATED.items():
        having = [one for one in fields if any(said(one.get(name)) for name in names)]
        values = Counter(
            "; ".join(f"{name} {str(one[name])[:60]}" for name in names if said(one.get(name))) for one in having
        )
        rows.append(
            {
                "what": what,
                "fields": list(names),
                "texts": len(having),
                "state": "not_stated" if not having else "stated" if len(having) == len(texts) else "partly",
                "values": sorted(values, key=lambda value: (-values[value], value))[:3] if len(values) <= 20 else [],
            }
        )
    return rows


def said(value) -> bool:
    return value is not None and value != "" and value != [] and value != {}
