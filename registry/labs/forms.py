"""Forms about labs."""

from django import forms

from registry.core.rules import allows
from registry.core.text import TextRefused, clean_name

from . import actions
from .models import DomainCheck, Membership


class LabFields(forms.Form):
    name = forms.CharField(max_length=120)
    homepage = forms.URLField(max_length=300, required=False, assume_scheme="https")
    about = forms.CharField(max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def clean_name(self):
        try:
            return clean_name(self.cleaned_data["name"])
        except TextRefused as problem:
            raise forms.ValidationError(str(problem)) from None


class LabForm(LabFields):
    slug = forms.SlugField(
        max_length=60,
        label="Short name",
        help_text="Part of the lab's address, for ever: small letters, digits, hyphens.",
    )
    outside = forms.BooleanField(
        required=False,
        label="I do not belong to it",
        help_text="It then has no members and nobody speaks for it; moderators curate what is written about it.",
    )
    field_order = ["name", "slug", "homepage", "about", "outside"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if not allows(user, "labs.register_for_others"):
            del self.fields["outside"]

    def save(self):
        said = dict(self.cleaned_data)
        return actions.register_lab(belongs=not said.pop("outside", False), **said, by=self.user)


class LabChangeForm(LabFields):
    feedback_email = forms.EmailField(required=False, help_text="Where the lab takes feedback; shown publicly.")

    def save(self, lab, by):
        return actions.change_lab(lab, **self.cleaned_data, by=by)


class InvitationForm(forms.Form):
    email = forms.EmailField()
    role = forms.ChoiceField(choices=Membership.Role.choices, initial=Membership.Role.MEMBER)

    def save(self, lab, by):
        return actions.invite(lab, **self.cleaned_data, by=by)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Membership.Role.choices)


class DomainForm(forms.Form):
    domain = forms.CharField(max_length=253, help_text="Such as example.org.")
    method = forms.ChoiceField(choices=DomainCheck.Method.choices, widget=forms.RadioSelect, initial="dns")

    def save(self, lab, by):
        return actions.ask_for_domain_check(lab, **self.cleaned_data, by=by)


class ClaimForm(DomainForm):
    """The domain is one of those that the homepage names."""

    def __init__(self, *args, domains, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["domain"] = forms.ChoiceField(choices=[(name, name) for name in domains])

    def save(self, lab, by):
        return actions.claim_lab(lab, **self.cleaned_data, by=by)
