"""How large the body of a request may be: judged by the length it announces, before any of it is kept.

Django puts what is uploaded into a temporary file before a view or a rule is asked, so a limit there comes too late.
"""

import time

from django.http import UnreadablePostError
from django.shortcuts import render
from django.urls import Resolver404, resolve

from .views import problem

BY_NOBODY = 1_000_000  # bytes: more than any form that asks for no account
BY_SOMEBODY = 4_000_000  # more than the largest text that can be pasted
AROUND_FILES = 100_000  # what multipart adds to the files themselves
MOST_PASSED_OVER, SECONDS = 256_000_000, 20
TITLES = {411: "Length required", 413: "Too large"}


def takes_files(most):
    """Mark a view that takes uploads of so many bytes from people who are signed in."""

    def mark(view):
        view.most_bytes = most + AROUND_FILES
        return view

    return mark


def announced(request):
    """The length that a request says its body has; None where it says none though it has one."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return None
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def most_bytes_of(request):
    """What the view at this address takes from people who are signed in."""
    try:
        return getattr(resolve(request.path_info).func, "most_bytes", BY_SOMEBODY)
    except Resolver404:
        return BY_SOMEBODY


def size_in_words(count):
    """Bytes as people count them; rounded up, so that what is too large never looks as if it fitted."""
    tenths = -(-count // 100_000)
    return f"{tenths // 10:,} MB" if tenths % 10 == 0 else f"{tenths / 10:,.1f} MB"


def pass_over(request):
    """Let go by what is being sent, within reason: a browser that is cut off in the middle shows no answer at all."""
    if "Expect" in request.headers:
        return  # it asked before sending, and is told not to
    left, until = MOST_PASSED_OVER, time.monotonic() + SECONDS
    try:
        while left > 0 and time.monotonic() < until and (chunk := request.read(1 << 16)):
            left -= len(chunk)
    except UnreadablePostError:
        pass


def refuse(request, status, said):
    """The refusal as a page, or below the API as a problem document; nothing of the body is kept."""
    pass_over(request)
    if request.path_info.startswith("/api/v1/"):
        return problem(request, status, TITLES[status], said)
    return render(request, "400.html", {"messages_of_error": [said], "status": status}, status=status)
