"""Template text that was left in a card: placeholders, instructions and template comments."""

import re

from .finding import finding

TEMPLATE_COMMENT = re.compile(
    r"provide (?:a|the) (?:quick |longer )?summary|this section (?:is|should|describes|addresses|is meant)"
    r"|address questions around|should probably proofread|generated automatically"
    r"|this should link to|if there is a paper|total emissions|relates heavily|provide the basic links"
    r"|this model card has been generated|list (?:\(and|and) ideally|these are the evaluation|\btodo\b",
    re.IGNORECASE,
)
# Sentences of the template that guide the reader and may stay.
GUIDANCE = re.compile(
    r"^(?:this section|it provides information|click|use the code below)|\bis relevant for anyone",
    re.IGNORECASE,
)
MISSING = re.compile(
    r"more information needed|\|MISSING\||\{\{.{0,300}?\}\}|\bTODO\b|\bTBD\b|coming soon|lorem ipsum",
    re.IGNORECASE,
)


def template_text(card, items, licences):
    for unit in card.units:
        if (
            unit.kind != "heading"
            and unit.empty
            and re.search(r"\w", unit.plain)
            and not GUIDANCE.search(unit.plain)
        ):
            message = (
                f"“{unit.plain[:60]}” stands in for text that was never written; write it or take it out."
            )
            yield finding("placeholder", "warning", message, (unit.start, unit.end))
        elif unit.kind != "heading" and (match := MISSING.search(unit.raw)):
            message = f"“{match[0][:60]}” stands in for text that was never written; write it or take it out."
            yield finding(
                "placeholder", "notice", message, (unit.start + match.start(), unit.start + match.end())
            )
    for comment in card.comments:
        if TEMPLATE_COMMENT.search(comment.text):
            message = "A comment of the template was left in; follow what it asks and take it out."
            yield finding("template_comment", "info", message, (comment.start, comment.end))
