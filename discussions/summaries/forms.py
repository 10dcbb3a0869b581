"""The form of a summary."""

from django import forms

from discussions.threads import drafts
from discussions.threads.forms import WritingForm

from .actions import write_summary


class SummaryForm(WritingForm):
    first = forms.IntegerField(min_value=1, label="From comment")
    last = forms.IntegerField(min_value=1, label="To comment")
    positions = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), label="Positions",
        help_text="At most six, one in a line. Those who hold one can mark it as fairly put.",
    )  # fmt: skip
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["first", "last", "body", "positions"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = "The summary"

    def save(self, thread):
        said = self.cleaned_data
        summary = write_summary(
            thread, said["body"], self.user, first=said["first"], last=said["last"],
            positions=said["positions"].splitlines(), replaces=said["replaces"],
        )  # fmt: skip
        drafts.forget(self.user, place_of(thread))
        return summary


def place_of(thread):
    return f"summary:{thread.pk}"
