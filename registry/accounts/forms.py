"""Forms about oneself."""

from django import forms

from registry.core.text import TextRefused, clean_name
from registry.core.time_zones import grouped

from .actions import change_profile, issue_token, state_affiliation, take_pseudonym
from .models import Affiliation, ApiToken
from .validators import validate_orcid


class SignupForm(forms.Form):
    """What joining asks beside django-allauth's own fields."""

    display_name = forms.CharField(
        max_length=80, label="Name", help_text="Shown beside everything you write. A pseudonym is fine."
    )
    field_order = ["display_name", "username", "email", "password1", "password2"]

    def clean_display_name(self):
        return name_with_substance(self.cleaned_data["display_name"])

    def signup(self, request, user):
        """Everything is stored by the adapter already."""


def name_with_substance(name):
    try:
        return clean_name(name)
    except TextRefused as problem:
        raise forms.ValidationError(str(problem)) from None


class ProfileForm(forms.Form):
    display_name = forms.CharField(max_length=80, label="Name")
    about = forms.CharField(
        max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 4}), label="About you",
        help_text="Plain text, shown on your page.",
    )  # fmt: skip
    orcid = forms.CharField(
        max_length=19, required=False, validators=[validate_orcid], label="ORCID iD", help_text="0000-0000-0000-0000"
    )
    time_zone = forms.ChoiceField(choices=grouped)

    def clean_display_name(self):
        return name_with_substance(self.cleaned_data["display_name"])

    def save(self, user):
        change_profile(user, **self.cleaned_data)


class PseudonymForm(forms.Form):
    handle = forms.CharField(
        max_length=39, label="Pseudonym", help_text="3 to 39 small letters, digits and hyphens; it cannot be changed."
    )

    def save(self, user):
        return take_pseudonym(user, self.cleaned_data["handle"])


class AffiliationForm(forms.Form):
    organisation = forms.CharField(max_length=120)
    kind = forms.ChoiceField(choices=Affiliation.Kind.choices)
    sector = forms.ChoiceField(
        choices=[("", "Not stated"), *Affiliation.Sector.choices], required=False,
        help_text="Votes are counted by sector too, never for fewer than five people.",
    )  # fmt: skip
    role = forms.CharField(max_length=120, required=False)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Empty while it lasts."
    )

    def save(self, user):
        return state_affiliation(user, **self.cleaned_data)


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="What will use it, such as: release script.")
    scope = forms.ChoiceField(choices=ApiToken.Scope.choices)
    days = forms.TypedChoiceField(
        coerce=int, choices=[(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "365 days")], initial=90,
        label="Valid for",
    )  # fmt: skip

    def save(self, user):
        return issue_token(user, **self.cleaned_data)
