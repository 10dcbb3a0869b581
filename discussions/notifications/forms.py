"""Forms of following and of one's settings."""

from django import forms

from .actions import choose
from .models import DEFAULTS


class PreferencesForm(forms.Form):
    cadence = forms.ChoiceField(
        choices=[(c.value, c.label) for c in DEFAULTS], label="How you are told, as usual",
        help_text="For everything of which you say nothing else below.", widget=forms.RadioSelect,
    )  # fmt: skip
    mail = forms.BooleanField(
        required=False, label="Send me mail", help_text="Without it everything stands in the inbox only."
    )

    def save(self, user):
        choose(user, **self.cleaned_data)
