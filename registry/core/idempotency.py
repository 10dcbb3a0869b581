"""Doing something once: a key given by a form or a script is stored with what came of it."""

import hashlib

from django.conf import settings
from django.db import models, transaction
from django.http import HttpResponseRedirect

from .errors import Conflict


class OnceKey(models.Model):
    """The answer to an act that must happen once per person and key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    location = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="once_per_person_and_key")]

    def __str__(self):
        return self.key


def claim_key(user, key, request_digest):
    """The row of this key and whether it is new; waits for another request that holds the same key."""
    OnceKey.objects.bulk_create([OnceKey(user=user, key=key, request=request_digest)], ignore_conflicts=True)
    row = OnceKey.objects.select_for_update().get(user=user, key=key)
    if row.request != request_digest:
        raise Conflict("This Idempotency-Key was used for a different request. Use a new key.")
    return row, row.status == 0


def redirect_once(request, act):
    """Do what a posted form asks for, once per its hidden field `once`; a second click goes where the first went.

    `act` returns the address to go to.
    """
    key = request.POST.get("once", "")[:100]
    if not key:
        return HttpResponseRedirect(act())
    with transaction.atomic():
        row, new = claim_key(request.user, f"form:{key}", hashlib.sha256(request.path.encode()).hexdigest())
        if new:
            row.status, row.location = 303, act()
            row.save()
    return HttpResponseRedirect(row.location)
