"""The matrix of clauses × entries: which glyph and word stand in each cell."""

from dataclasses import dataclass

from .models import Declaration

GLYPHS = {"adheres": "●", "partly": "◐", "does_not": "○", "not_applicable": "–", "planned": "◌", "no_assertion": "·"}
CLASSES = {"adheres": "adheres", "partly": "partly", "does_not": "departs"}


@dataclass(frozen=True)
class Cell:
    """One clause of one entry. `earlier` says that the declaration speaks of an earlier text."""

    glyph: str
    word: str
    css: str
    declaration: Declaration | None
    earlier: str


def cell(declaration, entry):
    """The cell for what is currently declared; nothing declared is "not stated", never "departs"."""
    if declaration is None:
        return Cell(GLYPHS["no_assertion"], "not stated", "", None, "")
    stance = declaration.stance
    earlier = _earlier(declaration, entry)
    css = " ".join(filter(None, [CLASSES.get(stance, ""), "earlier" if earlier else ""]))
    return Cell(GLYPHS[stance], declaration.get_stance_display().lower(), css, declaration, earlier)


def _earlier(declaration, entry):
    """In words, what the declaration was made for where that reads otherwise now."""
    said = []
    if declaration.reworded:
        said.append(f"version {declaration.version.number} of the norm")
    # What was said of the draft was published with revision 1, and speaks of it.
    if entry.current and (declaration.as_of or 1) != entry.current.number:
        said.append(f"revision {declaration.as_of} of the entry" if declaration.as_of else "the draft of the entry")
    return " and ".join(said)


def table(wordings, entries, declarations):
    """Rows of `(wording, cells)`; `declarations` maps (entry id, clause id) to the current declaration."""
    return [
        (wording, [(entry, cell(declarations.get((entry.pk, wording.clause_id)), entry)) for entry in entries])
        for wording in wordings
    ]
