"""Where django-allauth meets our people."""

from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from registry.core.redirects import place_here
from registry.core.text import confusable_key

from .actions import add_person, check_handle


class AccountAdapter(DefaultAccountAdapter):
    def clean_username(self, username, shallow=False):
        if shallow:
            return username.strip().lower()
        try:
            return check_handle(username)
        except ValidationError as problem:
            raise ValidationError(problem.messages) from None

    def save_user(self, request, user, form, commit=True):
        data = form.cleaned_data
        user.handle = data["username"]
        user.email = data["email"]
        user.display_name = data.get("display_name") or data["username"]
        user.skeleton = confusable_key(user.handle)
        user.set_password(data["password1"])
        if commit:
            add_person(user)
        return user

    def populate_username(self, request, user):
        """The handle was chosen by the person; nothing is made up."""

    def is_safe_url(self, url):
        return bool(place_here(url))

    def get_email_confirmation_url(self, request, emailconfirmation):
        """The link in the letter also leads back to where the person came from, by way of signing in."""
        url = super().get_email_confirmation_url(request, emailconfirmation)
        place = request and get_next_redirect_url(request)
        if not place:
            return url
        return url + "?" + urlencode({"next": reverse("account_login") + "?" + urlencode({"next": place})})

    def send_mail(self, template_prefix, email, context):
        """Letters name this site by its own address, whatever host the request named."""
        host = urlsplit(settings.BASE_URL).netloc
        links = {name: _at_home(value) for name, value in context.items() if name.endswith("_url")}
        site = SimpleNamespace(name=host, domain=host)
        places = {
            "current_site": site, "site_address": settings.BASE_URL + "/",
            "reset_address": settings.BASE_URL + reverse("account_reset_password"),
        }  # fmt: skip
        super().send_mail(template_prefix, email, context | links | places)


def _at_home(link):
    """The same path and query on the site's own address."""
    if not isinstance(link, str):
        return link
    return settings.BASE_URL + urlsplit(link)._replace(scheme="", netloc="").geturl()
