"""Rate limits of the API."""

from rest_framework import throttling

from .limits import client_block, take


class BucketThrottle(throttling.BaseThrottle):
    """600 reads and 120 writes a minute for each person or address, held in PostgreSQL; reads by nobody are free."""

    def allow_request(self, request, view):
        known = request.user.is_authenticated
        if request.method in {"GET", "HEAD", "OPTIONS"} and not known:
            return True
        write = request.method not in {"GET", "HEAD", "OPTIONS"}
        who = f"u{request.user.pk}" if known else client_block(request)
        take("api-write" if write else "api-read", who, size=120 if write else 600, per_seconds=60)
        return True
