"""Pages as they were last made, for visitors: half a megabyte is not made anew for each of them.

A view marks an answer with `keep`: everybody without cookies gets the same one, and its ETag changes whenever a reader
would see something else. Such an answer is held per process, with its compressed form. It is shown again without
asking anybody for `PREPARED_SECONDS`; after that the view is asked, as a browser would, whether it still holds, which
costs one small query. What is taken from view is so gone from every process after that time at the latest.
"""

import functools
import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

MOST_BYTES = 64 * 1024 * 1024
SMALLEST = 500  # bytes below which compressing gains nothing
# A path is not kept for every name under which the site may be reached, nor for every client's whim.
OF_REQUEST = ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "PATH_INFO", "QUERY_STRING")
PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")  # cookies by which a page may say something to one reader
NOT_KEPT = {"content-length", "x-request-id", "date"}
GZIP = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q\s*=\s*(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)")


def keep(response):
    """Let the next visitors have this answer; it must have an ETag and say nothing to one reader alone."""
    response.keep = True
    return response


def kept_for_visitors(view):
    """A page that says the same to every visitor is held until it may have changed: for `PREPARED_SECONDS`, after which
    it is made anew. Its ETag is that of all it says, so that a browser that has it is sent nothing."""

    @functools.wraps(view)
    def kept(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.GET or request.method != "GET" or response.status_code != 200 or is_personal(request.META):
            return response
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["Cache-Control"] = "public, no-cache"
        patch_vary_headers(response, ["Cookie"])
        return keep(response)

    return kept


def is_personal(meta):
    """Whether a request could be answered with something that is meant for one reader alone."""
    cookies = meta.get("HTTP_COOKIE", "")
    return "HTTP_AUTHORIZATION" in meta or any(name in cookies for name in PERSONAL)


@dataclass
class Kept:
    """An answer: its headers, its body (None where only the ETag is known) and how often it was asked for."""

    etag: str
    headers: dict
    body: bytes | None
    checked_at: float = field(default_factory=time.monotonic)
    asked: int = 0
    packed: bytes | None = None

    @property
    def size(self):
        """About the bytes that it takes, with the compressed body that it may get."""
        return 2000 + len(self.body or b"") * 5 // 4

    def is_fresh(self):
        return time.monotonic() - self.checked_at < settings.PREPARED_SECONDS

    def answer(self, tags, accepted):
        """The answer to a request with these If-None-Match tags, or None where the body is not here."""
        if _matches(self.etag, tags):
            return HttpResponseNotModified(headers=self.headers)
        if self.body is None:
            return None
        headers = self.headers
        body = self.body
        if GZIP.search(accepted) and len(body) >= SMALLEST:
            body = self._pack()
            headers = headers | {"Content-Encoding": "gzip"} if body is self.packed else headers
        response = HttpResponse(body, headers=headers)
        response["Content-Length"] = str(len(body))
        return response

    def _pack(self):
        # Whoever asks first does not wait for it: most pages are asked for once.
        self.asked += 1
        if self.packed is None and self.asked > 1:
            self.packed = gzip.compress(self.body, 6, mtime=0)
        return self.packed or self.body


class PreparedPages:
    """Answers visitors from what is kept; stands before all that is done for a request."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.kept = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def __call__(self, request):
        meta = request.META
        if meta["REQUEST_METHOD"] != "GET" or is_personal(meta):
            return self.get_response(request)
        key = tuple([meta.get(name, "") for name in OF_REQUEST])
        kept = self._find(key)
        if kept is None:
            return self._remember(key, self.get_response(request))
        tags, accepted = meta.get("HTTP_IF_NONE_MATCH", ""), meta.get("HTTP_ACCEPT_ENCODING", "")
        if kept.is_fresh() and (response := kept.answer(tags, accepted)):
            return response
        return self._ask_again(request, key, kept, tags, accepted)

    def _ask_again(self, request, key, kept, tags, accepted):
        """Ask the view whether what is kept still holds; it makes a new one only where it does not."""
        if kept.body is not None:
            request.META["HTTP_IF_NONE_MATCH"] = kept.etag
        response = self.get_response(request)
        if response.status_code == 304 and response.get("ETag") == kept.etag:
            kept.checked_at = time.monotonic()
            return kept.answer(tags, accepted) or response
        self._remember(key, response)
        if response.status_code == 200 and _matches(response.get("ETag", ""), tags):
            return HttpResponseNotModified(headers=_lasting(response))
        return response

    def _find(self, key):
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def _remember(self, key, response):
        with self.lock:
            if gone := self.kept.pop(key, None):
                self.size -= gone.size
            if getattr(response, "keep", False) and not response.cookies and response.status_code in (200, 304):
                patch_vary_headers(response, ["Accept-Encoding"])
                body = response.content if response.status_code == 200 else None
                self.kept[key] = new = Kept(response["ETag"], _lasting(response), body)
                self.size += new.size
                while self.size > MOST_BYTES:
                    self.size -= self.kept.popitem(last=False)[1].size
        return response


def _lasting(response):
    return {name: value for name, value in response.items() if name.lower() not in NOT_KEPT}


def _matches(etag, tags):
    """Weak comparison, as RFC 9110 section 13.1.2 asks for If-None-Match."""
    if not tags or not etag:
        return False
    return tags == etag or tags == "*" or etag.removeprefix("W/") in {t.removeprefix("W/") for t in parse_etags(tags)}
