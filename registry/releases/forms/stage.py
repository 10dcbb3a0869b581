"""The sheet of one stage: when, how, why, and which components changed their level."""

from django import forms

from ..vocabulary import Audience, Basis, Component, Family, Gate, Mode, StageStatus
from .sheet import Row, Sheet, keys, line, one_of, prose, rows_of

BY_FAMILY = [("", "Choose …")] + [
    (family.label, [(c.value, c.label) for c in Component if c.family == family]) for family in Family
]


class StageHead(forms.Form):
    title = line("Title", "A few words, such as: smallest model only.")
    date = line("Date", "As precise as it is known: 2019-02-14, 2019-02 or 2019. Empty where it is unknown.")
    status = one_of("Status", StageStatus)
    basis = one_of(
        "Basis", Basis, help_text="Unauthorised means a leak: it changes what exists, not what was decided."
    )
    condition = prose("Condition", "For planned and conditional stages: upon what it will happen.", rows=2)
    rationale = prose("Why", "Markdown. Why this step, at this time.", rows=6)
    sources = keys()


class ComponentRow(Row):
    component = forms.ChoiceField(label="Component", required=False, choices=BY_FAMILY)
    variant = line("Variant", placeholder="all")
    mode = one_of("How it can be used", Mode, blank="Choose …")
    gate = one_of("Gate", Gate, blank="Not stated")
    audience = one_of("Who", Audience, blank="Not stated")
    licence = line("Licence", placeholder="MIT, custom, none")
    note = line("Note")
    sources = keys()


class StageSheet(Sheet):
    head_class = StageHead
    groups = {"components": rows_of(ComponentRow, 200)}
    pointers = {"components": "/components"}
    head_pointers = {
        name: f"/{name}" for name in ("title", "date", "status", "basis", "condition", "rationale", "sources")
    } | {"date_precision": "/date_precision"}

    @staticmethod
    def fields_of(part):
        return {name: part[name] for name in StageHead.base_fields}

    @staticmethod
    def items_of(part, name):
        return part[name]

    def written_as_stage(self):
        # The precision is that of the text, so nobody has to state it.
        return self.head.cleaned_data | {"date_precision": "unknown", "components": self.items("components")}
