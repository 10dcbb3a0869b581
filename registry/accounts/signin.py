"""django-allauth's forms in our words."""

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SignupForm,
)
from django.core.exceptions import ValidationError

from registry.core import work

STRONG = "At least 10 characters, nothing common, nothing like your name."


def in_our_words(form, **words):
    """Set label and help of fields; what a field asks for belongs beside it, not inside it."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in words:
            field.label, field.help_text = words[name]


class JoinForm(SignupForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(
            self,
            username=("Handle", "Your lasting short name here: 3 to 39 small letters, digits and hyphens."),
            email=("E-mail", "Never shown. You confirm it by a letter."),
            password1=("Password", STRONG),
            password2=("Password again", ""),
        )
        self.stamp = work.stamp()

    def clean(self):
        """Machines fill in what nobody sees, and are done before anybody could be."""
        if self.data.get(work.TRAP):
            raise ValidationError("Leave the field “Leave this empty” empty: it is there to stop machines.")
        if work.was_quick(self.data.get("stamp", "")):
            raise ValidationError(f"That was quicker than people write. Press it again in {work.LEAST} seconds.")
        return super().clean()


class EnterForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self, login=("Handle or e-mail", ""), remember=("Stay signed in on this device", ""))


class ForgottenForm(ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self, email=("E-mail", "The address that you confirmed."))


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self, password1=("New password", STRONG), password2=("New password again", ""))


class OtherPasswordForm(ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(
            self, oldpassword=("Password until now", ""), password1=("New password", STRONG),
            password2=("New password again", ""),
        )  # fmt: skip


class AnotherAddressForm(AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_our_words(self, email=("New address", "It counts once you have opened the link in the letter."))
