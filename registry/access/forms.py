"""Forms about access: a programme, a request with the lab's questions, and the words of each step."""

from django import forms

from registry.accounts.models import Affiliation
from registry.releases.vocabulary import Component

from . import actions
from .fitting import KINDS, LONGEST_ANSWER, MOST_FIELDS, gated

# How questions are written in one box: one a line, "?" at its end makes it yes or no, "…" several lines, "*" optional.
QUESTIONS_HELP = (
    f"One a line, {MOST_FIELDS} at most. End a line with [text] for a long answer or [choice] for yes or no, and with "
    "[optional] where no answer is needed."
)
MARKS = {f"[{kind}]": kind for kind in KINDS}
OPTIONAL = "[optional]"


def questions_of(text):
    """The fields of a programme from the lines of a box."""
    fields = []
    for line in filter(str.strip, text.splitlines()):
        kind, required = "line", True
        while (mark := line.rstrip().rpartition(" ")[2]) in MARKS or mark == OPTIONAL:
            line = line.rstrip()[: -len(mark)]
            kind, required = MARKS.get(mark, kind), required and mark != OPTIONAL
        fields.append({"label": line.strip(), "kind": kind, "required": required})
    return fields


def as_lines(fields):
    """The lines of a box from the fields of a programme."""
    lines = []
    for field in fields:
        kind = [f"[{field['kind']}]"] if field["kind"] != "line" else []
        lines.append(" ".join([field["label"], *kind, *([] if field["required"] else [OPTIONAL])]))
    return "\n".join(lines)


class ProgrammeForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120, help_text="Such as: Weights for researchers.")
    components = forms.MultipleChoiceField(label="Gives access to", widget=forms.CheckboxSelectMultiple)
    criteria = forms.CharField(
        label="Who is given access", max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="And who is not. Everybody reads it. Markdown works.",
    )  # fmt: skip
    decided_within = forms.IntegerField(label="Decided within, in days", min_value=1, max_value=365, initial=14)
    lasts = forms.IntegerField(
        label="Access lasts, in days", min_value=1, max_value=3660, required=False, help_text="Empty: without end."
    )
    contact = forms.CharField(
        label="Requests are made elsewhere, at", max_length=500, required=False,
        help_text="An e-mail address or a page. Empty: they are made here, and you decide here.",
    )  # fmt: skip
    questions = forms.CharField(
        label="Questions", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=QUESTIONS_HELP,
    )  # fmt: skip
    terms = forms.CharField(
        label="Terms to agree to", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, entry, programme=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.entry, self.programme = entry, programme
        self.fields["components"].choices = [(c, Component(c).label) for c in gated(entry.current.content)]

    def save(self, by):
        given = self.cleaned_data | {"fields": questions_of(self.cleaned_data["questions"])}
        if self.programme:
            return actions.change_programme(self.programme, given, by=by, version=self.cleaned_data["version"])
        return actions.open_programme(self.entry, given, by=by)


class RequestForm(forms.Form):
    """The lab's questions below those that every programme has."""

    purpose = forms.CharField(
        label="What you want it for", max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 4})
    )
    sector = forms.ChoiceField(label="Where you work", choices=[("", "Choose"), *Affiliation.Sector.choices])

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.programme = programme
        for number, field in enumerate(programme.fields):
            self.fields[f"q{number}"] = _question(field)
        if programme.terms:
            self.fields["agreed"] = forms.BooleanField(label="I agree to the terms above")

    def save(self, by):
        said = {f["label"]: self.cleaned_data[f"q{n}"] for n, f in enumerate(self.programme.fields)}
        given = {name: self.cleaned_data.get(name) for name in ("purpose", "sector", "agreed")}
        return actions.ask(self.programme, given | {"answers": said}, by=by)


def _question(field):
    more = {"label": field["label"], "help_text": field["help"], "required": field["required"]}
    if field["kind"] == "choice":
        return forms.ChoiceField(choices=[("", "Choose"), ("Yes", "Yes"), ("No", "No")], **more)
    widget = forms.Textarea(attrs={"rows": 4}) if field["kind"] == "text" else forms.TextInput
    return forms.CharField(max_length=LONGEST_ANSWER, widget=widget, **more)


class WordsForm(forms.Form):
    words = forms.CharField(label="Why", max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 5}))
