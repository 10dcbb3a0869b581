"""The form of a correction."""

from django import forms

from .actions import correct_disclosure


class CorrectionForm(forms.Form):
    text = forms.CharField(
        max_length=500, label="What was wrong or missing?", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as: I had left the lab in 2017. At most 500 characters, in plain text.",
    )  # fmt: skip

    def save(self, comment, by):
        return correct_disclosure(comment, self.cleaned_data["text"], by)
