"""A suspension holds for every way in, at once."""

from django.conf import settings
from django.contrib.auth import logout


class RefuseSuspended:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if user is not None and user.is_authenticated and (user.is_suspended or not user.is_active):
            logout(request)
        return self.get_response(request)
