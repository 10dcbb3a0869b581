"""The form of a correction."""

from django import forms

from registry.accounts.models import User

from .actions import correct_disclosure
from .authorships import close_authorship, name_author


class CorrectionForm(forms.Form):
    text = forms.CharField(
        max_length=500, label="What was wrong or missing?", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as: I had left the lab in 2017. At most 500 characters, in plain text.",
    )  # fmt: skip

    def save(self, comment, by):
        return correct_disclosure(comment, self.cleaned_data["text"], by)


class AuthorForm(forms.Form):
    person = forms.CharField(
        max_length=39, required=False, label="Handle",
        help_text="Of the author, such as ada. Leave it empty where you are the author yourself.",
    )  # fmt: skip

    def __init__(self, *args, user, names_others=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if not names_others:
            del self.fields["person"]

    def clean_person(self):
        handle = self.cleaned_data["person"].strip().lower().lstrip("@")
        found = User.objects.visible_to(self.user).filter(handle=handle).first() if handle else self.user
        if found is None:
            raise forms.ValidationError("Nobody here has this handle.")
        return found

    def save(self, subject):
        return name_author(subject, self.cleaned_data.get("person") or self.user, by=self.user)


class CloseAuthorshipForm(forms.Form):
    words = forms.CharField(
        max_length=500, label="What is wrong, or why you take it back", widget=forms.Textarea(attrs={"rows": 2})
    )

    def save(self, authorship, by):
        return close_authorship(authorship, self.cleaned_data["words"], by=by)
