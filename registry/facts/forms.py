"""Forms about facts: one for each kind of statement, and taking one back."""

from django import forms

from .actions import state, take_back
from .models import Statement

Kind = Statement.Kind
AREA = {"rows": 3}
FIELDS = {
    Kind.CHECK: ["source_title", "source_url", "quote", "archive_url", "archive_sha256"],
    Kind.DISPUTE: ["reason", "source_title", "source_url", "quote", "archive_url", "archive_sha256"],
    Kind.ASSERTION: ["value", "reason", "source_title", "source_url", "quote", "archive_url", "archive_sha256"],
    Kind.SOURCE: ["source_title", "source_url", "quote", "archive_url", "archive_sha256"],
    Kind.RETRACTION: ["reason"],
}


class StatementForm(forms.Form):
    value = forms.CharField(
        label="What it should say", max_length=2000, widget=forms.Textarea(attrs=AREA),
        help_text="In plain text. It stands beside what the entry says, and changes nothing of it.",
    )  # fmt: skip
    reason = forms.CharField(label="Why", max_length=2000, widget=forms.Textarea(attrs=AREA))
    source_title = forms.CharField(label="Source", max_length=300, help_text="Its title, as one would cite it.")
    source_url = forms.CharField(
        label="Its address", max_length=2000, required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )  # fmt: skip
    quote = forms.CharField(label="The words of the source", max_length=2000, widget=forms.Textarea(attrs=AREA))
    archive_url = forms.CharField(
        label="Address of an archived copy", max_length=2000, required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )  # fmt: skip
    archive_sha256 = forms.CharField(
        label="SHA-256 of the archived copy", max_length=80, required=False, help_text="64 hex digits."
    )
    kind = forms.CharField(widget=forms.HiddenInput)
    fact = forms.CharField(widget=forms.HiddenInput)
    digest = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, kind, **kwargs):
        super().__init__(data, **kwargs)
        shown = {*FIELDS[kind], "kind", "fact", "digest"}
        for name in [name for name in self.fields if name not in shown]:
            del self.fields[name]
        if kind == Kind.ASSERTION:
            self.fields["reason"].required = self.fields["source_title"].required = False
        if "quote" in self.fields:
            self.fields["quote"].required = kind == Kind.CHECK

    def save(self, entry, by):
        said = dict(self.cleaned_data)
        return state(entry, said.pop("fact"), said.pop("kind"), by=by, digest=said.pop("digest"), **said)


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label="Why it is taken back", max_length=2000, widget=forms.Textarea(attrs=AREA),
        help_text="Readers see it in place of the words.",
    )  # fmt: skip

    def save(self, statement, by):
        return take_back(statement, self.cleaned_data["reason"], by=by)
