"""Signing in by token: `Authorization: Bearer dl_…`."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from .actions import hash_token
from .models import ApiToken

READING = {"GET", "HEAD", "OPTIONS"}


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request):
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2 or not parts[1].isascii():
            raise AuthenticationFailed("Send the header as: Authorization: Bearer TOKEN.")
        row = ApiToken.objects.live().select_related("user").filter(hash=hash_token(parts[1].decode())).first()
        if row is None or not row.user.is_active or row.user.is_suspended:
            raise AuthenticationFailed("This token is unknown, expired or revoked. Issue a new one.")
        today = timezone.now().date()
        if row.last_used_on != today:
            ApiToken.objects.filter(pk=row.pk).update(last_used_on=today)
        return row.user, row

    def authenticate_header(self, request):
        return "Bearer"


class TokenScope(BasePermission):
    """Reading is open; writing needs a person, and a token's scope must allow it."""

    message = "This token may only read. Issue one with the scope write."

    def has_permission(self, request, view):
        if request.method in READING:
            return True
        if not request.user.is_authenticated:
            self.message = "Sign in or send a token to write."
            return False
        return not isinstance(request.auth, ApiToken) or request.auth.scope == ApiToken.Scope.WRITE
