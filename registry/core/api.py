"""The manners of the API: strict JSON, problem documents, keyset pages, limits, once-only writes."""

import base64
import functools
import hashlib
import json
import math
from urllib.parse import parse_qs

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404
from rest_framework import exceptions, pagination, serializers, viewsets
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from .errors import Conflict, Invalid, Refused, Stale, TooLarge, TooMany
from .idempotency import claim_key, digests_of_files

TITLES = {
    400: "The input is not valid",
    401: "Sign in or send a token",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Not possible now",
    412: "Somebody was faster",
    413: "Too large",
    415: "Unsupported media type",
    429: "Too many requests",
    503: "Service unavailable",
}


class StrictSerializer(serializers.Serializer):
    """A serializer to which unknown fields are errors."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            writable = {n for n, f in self.fields.items() if not f.read_only}
            unknown = {n: ["There is no such field."] for n in data if n not in writable}
            if unknown:
                raise serializers.ValidationError(
                    {n: [exceptions.ErrorDetail(m[0], code="unknown")] for n, m in unknown.items()}
                )
        return super().to_internal_value(data)


def problem_handler(error, context):
    """Every error as an RFC 9457 problem document with `errors: [{pointer, code, detail}]`."""
    status, detail, errors, headers = _describe(error)
    if status is None:
        return None
    request = context.get("request")
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "Request refused"),
        "status": status,
        "detail": detail,
        "instance": request.path if request else "",
        "errors": errors,
    }
    if isinstance(error, Stale) and error.current:
        body["etags"] = {"current": error.current, "given": error.given}
        headers = headers | {"ETag": error.current}
    return Response(body, status=status, headers=headers, content_type="application/problem+json")


def _describe(error):
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flatten(error.detail, ""))
        return 400, errors[0]["detail"] if errors else "The input is not valid.", errors, {}
    if isinstance(error, ValidationError):
        errors = list(_from_django(error))
        return 413 if isinstance(error, TooLarge) else 400, errors[0]["detail"], errors, {}
    if isinstance(error, exceptions.APIException):
        headers = {}
        if getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = error.auth_header
        if getattr(error, "wait", None):
            headers["Retry-After"] = str(math.ceil(error.wait))
        return error.status_code, str(error.detail), [], headers
    known = {Refused: 403, PermissionDenied: 403, Conflict: 409, Stale: 412, Http404: 404, ObjectDoesNotExist: 404}
    for kind, status in known.items():
        if isinstance(error, kind):
            missing = "There is nothing here that you may see."
            return status, missing if status == 404 else (str(error) or "You may not do this."), [], {}
    if isinstance(error, TooMany):
        return 429, str(error), [], {"Retry-After": str(error.retry_after)}
    if isinstance(error, OperationalError | InterfaceError):
        return 503, "The database cannot be reached. Try again shortly.", [], {"Retry-After": "5"}
    return None, "", [], {}


def _flatten(detail, pointer):
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _flatten(value, pointer if key == "non_field_errors" else f"{pointer}/{key}")
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            yield from _flatten(value, pointer if isinstance(value, str) else f"{pointer}/{index}")
    else:
        yield {"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def _from_django(error):
    if hasattr(error, "error_dict"):
        for field, problems in error.error_dict.items():
            pointer = "" if field == "__all__" else field if field.startswith("/") else f"/{field}"
            for problem in problems:
                yield {"pointer": pointer, "code": problem.code or "invalid", "detail": " ".join(problem.messages)}
    else:
        for problem in error.error_list:
            yield {"pointer": "", "code": problem.code or "invalid", "detail": " ".join(problem.messages)}


def answer_once(handler, request, *args, **kwargs):
    """Run an API handler once per `Idempotency-Key`; repeats get the first answer. Errors are not kept."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= 150 or not key.isascii() or not key.isprintable():
        raise Invalid("Idempotency-Key must be 1 to 150 printable ASCII characters.")
    with transaction.atomic():
        row, new = claim_key(request.user, f"api:{key}", _digest(request))
        if not new:
            response = Response(row.body, status=row.status, headers={"Idempotency-Replayed": "true"})
            if row.location:
                response["Location"] = row.location
            return response
        response = handler(request, *args, **kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        row.status, row.body = response.status_code, json.loads(json.dumps(response.data, cls=JSONEncoder))
        row.location = response.get("Location", "")
        row.save()
    return response


def _digest(request):
    sha = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type.startswith("multipart/"):
        files = request.FILES
        fields = {name: values for name, values in request.data.lists() if name not in files}
        sha.update(json.dumps([fields, digests_of_files(files)], sort_keys=True).encode())
    else:
        sha.update(json.dumps(request.data, sort_keys=True, cls=JSONEncoder).encode())
    return sha.hexdigest()


class KeysetPagination(pagination.CursorPagination):
    """`?cursor=` and `?limit=` (1 to 200); no counting, the same cost on every page."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    ordering = "-pk"

    def get_page_size(self, request):
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdigit() and len(given) < 5 and 1 <= int(given) <= self.max_page_size):
            raise Invalid(f"limit must be a whole number from 1 to {self.max_page_size}.", "limit")
        return int(given)

    def decode_cursor(self, request):
        given = request.query_params.get(self.cursor_query_param)
        try:
            # DRF's own reading skips characters that are not base64, so that any noise would be a first page.
            if given is not None:
                parse_qs(base64.b64decode(given, validate=True).decode("ascii"), strict_parsing=True)
            return super().decode_cursor(request)
        except (exceptions.NotFound, ValueError):
            raise Invalid("cursor is not one that this site gave. Start again without it.", "cursor") from None

    def paginate_queryset(self, queryset, request, view=None):
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError) as problem:
            if isinstance(problem, Invalid):
                raise
            raise Invalid("cursor is not one that this site gave. Start again without it.", "cursor") from None

    def get_ordering(self, request, queryset, view):
        ordering = getattr(view, "ordering", self.ordering)
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)


class ApiViewSet(viewsets.GenericViewSet):
    """A resource: strict input, and POST done once per Idempotency-Key.

    A subclass names `filters` (query parameter → queryset lookup or callable) of its list, and `parameters` of
    everything else; others are refused.
    """

    filters = {}
    parameters = frozenset()
    pagination_class = KeysetPagination
    lookup_value_regex = "[^/]+"

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.action not in {"list", None}:
            self._refuse_unknown(self.parameters)
        if request.method == "POST" and "Idempotency-Key" in request.headers and request.user.is_authenticated:
            self.post = functools.partial(answer_once, self.post)

    def narrowed(self, queryset):
        """The queryset narrowed by the allowed filters; an unknown parameter is an error, never ignored."""
        self._refuse_unknown({*self.filters, "cursor", "limit"})
        for name, value in self.request.query_params.items():
            if name in self.filters:
                queryset = self._narrow(queryset, name, self.filters[name], value)
        return queryset

    def _refuse_unknown(self, known):
        for name in self.request.query_params:
            if name not in known:
                allowed = f" There are: {', '.join(sorted(known))}." if known else ""
                raise Invalid(f"There is no parameter {name[:60]!r} here.{allowed}", name[:60], "unknown")

    def _narrow(self, queryset, name, how, value):
        if len(value) > 300 or "\0" in value:
            raise Invalid("This value is too long or is not text.", name)
        if callable(how):
            return how(queryset, value)
        try:
            return queryset.filter(**{how: value})
        except (ValueError, TypeError, ValidationError):
            raise Invalid("This value does not fit.", name) from None

    def listed(self, queryset, serializer_class):
        """A page of the narrowed queryset as a response."""
        rows = self.paginate_queryset(self.narrowed(queryset))
        return self.get_paginated_response(serializer_class(rows, many=True, context={"request": self.request}).data)

    @staticmethod
    def number(value):
        """A key from the address as a number; what cannot be one is not there."""
        if not (value.isascii() and value.isdigit() and len(value) < 19):
            raise Http404
        return int(value)

    def read(self, serializer_class):
        """The validated body of the request."""
        serializer = serializer_class(data=self.request.data, context={"request": self.request})
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class OwnViewSet(ApiViewSet):
    """A resource of which everybody sees their own, and nobody without a name anything."""

    lookup_value_regex = "[0-9]{1,18}"

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated("Sign in or send a token to see what is yours.")
