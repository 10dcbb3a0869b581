"""The sheet of one stage: when, how, why, and which components changed their level."""

from django import forms
from django.utils.text import slugify

from ..vocabulary import AHEAD, Audience, Basis, Component, Family, Gate, Mode, StageStatus
from .sheet import KeysField, Row, Sheet, keys, line, one_of, prose, rows_of

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
    announced = line("Announced on", "When the lab said that this would happen.")
    due = line("Due", "For a promise: the date by which it should have happened. It stays when the stage takes effect.")
    key = line("Key", "By which a later stage names this promise; made from the title if left empty.")
    keeps = KeysField(
        label="Keeps the promise", required=False,
        help_text="Keys of the planned stages that this one keeps, in full or at last.",
    )  # fmt: skip
    reason = prose(
        "Why it was paused, withdrawn, cancelled or replaced",
        "One of these needs a reason; “no reason was given” is an answer too.", rows=2,
    )  # fmt: skip
    rationale = prose("Why", "Markdown. Why this step, at this time.", rows=6)
    sources = keys()


class ComponentRow(Row):
    component = forms.ChoiceField(label="Component", required=False, choices=BY_FAMILY)
    variant = line("Variant", placeholder="all")
    mode = one_of("How it can be used", Mode, blank="Choose …")
    gate = one_of("Gate", Gate, blank="Not stated")
    audience = one_of("Who", Audience, blank="Not stated")
    licence = line("Licence", placeholder="MIT, custom, none")
    terms_url = line("Address of the terms", placeholder="https://", inputmode="url")
    terms_sha256 = line("SHA-256 of the terms")
    restrictions = line("Limits of use bind", placeholder="letters of D A M S")
    reason = line("Why, for this component")
    note = line("Note")
    sources = keys()


class StageSheet(Sheet):
    head_class = StageHead
    groups = {"components": rows_of(ComponentRow, 200)}
    pointers = {"components": "/components"}
    head_pointers = {
        name: f"/{name}" for name in StageHead.base_fields
    } | {"date_precision": "/date_precision"}

    @staticmethod
    def fields_of(part):
        return {name: part.get(name, "") for name in StageHead.base_fields}

    @staticmethod
    def items_of(part, name):
        return part[name]

    def written_as_stage(self):
        head = self.head.cleaned_data
        if not head["key"] and (head["due"] or head["status"] in AHEAD):
            head = head | {"key": slugify(head["title"])[:60].strip("-_")}
        # The precision is that of the text, so nobody has to state it.
        return head | {"date_precision": "unknown", "components": self.items("components")}
