"""What depends on who asks and comes before any view: suspensions hold at once, and large bodies are not kept."""

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.utils.functional import SimpleLazyObject
from rest_framework.exceptions import AuthenticationFailed

from registry.core import bodies

from .sessions import person_of
from .tokens import TokenAuthentication


class Authentication(AuthenticationMiddleware):
    """Django's, with the person that came with the session."""

    def process_request(self, request):
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _cached_person(request))


def _cached_person(request):
    if not hasattr(request, "_cached_user"):  # where Django keeps it
        request._cached_user = person_of(request)
    return request._cached_user


class RefuseSuspended:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if user is not None and user.is_authenticated and (user.is_suspended or not user.is_active):
            logout(request)
        return self.get_response(request)


class LimitBodies:
    """Refuse a body that is larger than its address takes from this person, before it is kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = bodies.announced(request)
        if length is None:
            return bodies.refuse(request, 411, "Send the body with its length (Content-Length), not in chunks.")
        if length > bodies.BY_NOBODY and (said := self._refusal(request, length)):
            return bodies.refuse(request, 413, said)
        return self.get_response(request)

    def _refusal(self, request, length):
        """Why it is too large, or nothing."""
        sent = f"This is {bodies.size_in_words(length)}"
        if not _is_known(request):
            return f"{sent}; from somebody who is not signed in, {bodies.size_in_words(bodies.BY_NOBODY)} are taken."
        most = bodies.most_bytes_of(request)
        if length > most:
            most = bodies.size_in_words(most - bodies.AROUND_FILES if most > bodies.BY_SOMEBODY else most)
            return f"{sent}; at most {most} are taken here. Shorten it, or upload large texts as files."
        return ""


def _is_known(request):
    """Whether a person sends this, by session or by token."""
    if request.user.is_authenticated:
        return True
    try:
        return TokenAuthentication().authenticate(request) is not None
    except AuthenticationFailed:
        return False
