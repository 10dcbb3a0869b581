"""Rate limits of the API."""

from rest_framework import throttling

from .limits import take, take_write


class BucketThrottle(throttling.BaseThrottle):
    """600 reads a minute for each person, held in PostgreSQL, and writes as by forms; reads by nobody are free."""

    def allow_request(self, request, view):
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            take_write(request)
        elif request.user.is_authenticated:
            take("api-read", f"u{request.user.pk}", size=600, per_seconds=60)
        return True
