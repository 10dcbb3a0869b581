"""What holds for every request: an id, clean input, strict headers, and errors of actions as pages."""

import re
import uuid
from urllib.parse import unquote_to_bytes

from django.core.exceptions import ValidationError
from django.http import HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import get_resolver

from .errors import Conflict, Missing, Refused, Stale, TooMany
from .limits import count_refusals, take_write
from .logs import request_id
from .typed import words_of
from .views import too_long

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
QR_PAGE = "/accounts/2fa/totp/"
LONGEST_ADDRESS = 6000  # characters; the web server itself stops at 8190
PAGE_METHODS = ("GET", "HEAD", "POST")
API = "/api/v1/"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


class RequestGuard:
    """Give each request an id and refuse addresses that no field of ours could hold (NUL, broken UTF-8)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request.id = given if re.fullmatch(r"[A-Za-z0-9-]{8,64}", given) else uuid.uuid4().hex
        request_id.set(request.id)
        if not _decodes(request.META.get("QUERY_STRING", "")) or "\0" in request.path_info:
            return get_resolver().resolve_error_handler(400)(request)
        if len(request.get_full_path()) > LONGEST_ADDRESS:
            return too_long(request)
        if request.method not in PAGE_METHODS and not request.path_info.startswith(API):
            # Django's form views take PUT for POST; forms of ours send neither that nor anything else.
            return HttpResponseNotAllowed(PAGE_METHODS)
        response = count_refusals(self.get_response, request)
        response["X-Request-ID"] = request.id
        return response


def _decodes(query):
    try:
        return "\0" not in unquote_to_bytes(query).decode("utf-8")
    except UnicodeDecodeError:
        return False


class SecurityHeaders:
    """Set the headers that let a browser run nothing but our own scripts; a view may set a stricter one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # The authenticator's QR code is drawn by django-allauth as a data address; nothing else may be.
        csp = CSP.replace("img-src 'self'", "img-src 'self' data:") if request.path.startswith(QR_PAGE) else CSP
        response.headers.setdefault("Content-Security-Policy", csp)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)
        if getattr(user, "is_authenticated", False):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ActionErrors:
    """Show what an action refused as a page that says why and what to do."""

    pages = {Refused: 403, Conflict: 409, Missing: 410, Stale: 412, TooMany: 429, ValidationError: 400}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        for kind, status in self.pages.items():
            if isinstance(exception, kind):
                return refusal(request, exception, status)
        return None


def refusal(request, exception, status):
    """The page of an error of an action."""
    said = exception.messages if isinstance(exception, ValidationError) else [str(exception)]
    template = {403: "403.html", 410: "lost_file.html", 429: "429.html"}.get(status, "400.html")
    context = {"messages_of_error": said, "status": status, "posted": words_of(request)}
    response = render(request, template, context, status=status)
    if isinstance(exception, TooMany):
        response["Retry-After"] = str(exception.retry_after)
    return response


class LimitWrites:
    """Forms take from the same bucket as writes of the API, which its own throttle counts."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method == "POST" and not request.path_info.startswith(API):
            try:
                take_write(request)
            except TooMany as problem:
                return refusal(request, problem, 429)
        return self.get_response(request)
