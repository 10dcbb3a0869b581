"""The languages a card's front matter states, as stated."""

import re

LIMIT = 500


def find_languages(card) -> list[str]:
    """Codes or names from `language`, whether written as a string, a comma-separated string or a list."""
    stated = next(
        (card.front_matter.data[k] for k in ("language", "languages") if k in card.front_matter.data), None
    )
    values = stated if isinstance(stated, list) else [stated]
    found = []
    for value in values:
        if isinstance(value, str):
            found.extend(part.strip() for part in re.split(r"[,;]", value) if part.strip())
    return list(dict.fromkeys(word[:60] for word in found))[:LIMIT]
