"""Doing something once: a key given by a form or a script is stored with what came of it."""

import hashlib
import json

from django.conf import settings
from django.db import models, transaction
from django.http import HttpResponseRedirect

from .errors import Conflict
from .statements import ask, ask_along


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


# A row where the key is new; where another act holds it, this waits for that one's end.
CLAIM = """
INSERT INTO registry_oncekey (user_id, key, request, status, location, created_at)
VALUES (%s, %s, %s, 0, '', clock_timestamp()) ON CONFLICT (user_id, key) DO NOTHING RETURNING id, created_at
"""
DONE = "UPDATE registry_oncekey SET status = 303, location = %s WHERE id = %s"
SCRIPT_SAID = "This Idempotency-Key was used for a different request. Use a new key."
FORM_SAID = "This form was sent a moment ago with other words, and those were stored. Send it again if you mean both."
NOT_SAID = {"csrfmiddlewaretoken", "once"}  # what differs though the same is said


def claim_key(user, key, request_digest, said=SCRIPT_SAID):
    """The row of this key and whether it is new; waits for another request that holds the same key.

    Raises `Conflict` with `said` where the key came with something else before.
    """
    for pk, created_at in ask(CLAIM, [user.pk, key, request_digest]):
        return OnceKey(pk=pk, user=user, key=key, request=request_digest, created_at=created_at), True
    row = OnceKey.objects.select_for_update().get(user=user, key=key)
    if row.request != request_digest:
        raise Conflict(said)
    return row, row.status == 0


def redirect_once(request, act, foresee=lambda: None):
    """Do what a posted form asks for, once per its hidden field `once`; a second click goes where the first went.

    `act` returns the address to go to. The same form with other words raises `Conflict`: it is shown again, as typed.
    `foresee` may ask along what `act` will want to know.
    """
    key = request.POST.get("once", "")[:100]
    if not key:
        with transaction.atomic():
            foresee()
            return HttpResponseRedirect(act())
    with transaction.atomic():
        foresee()
        row, new = claim_key(request.user, f"form:{key}", digest_of_form(request), FORM_SAID)
        if new:
            row.location = act()
            ask_along(DONE, [row.location, row.pk])
    return HttpResponseRedirect(row.location)


def digest_of_form(request):
    """What makes two posted forms the same: their address, every field, and the bytes of every file."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in NOT_SAID)
    said = [request.get_full_path(), fields, digests_of_files(request.FILES)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def digests_of_files(files):
    """Field, name and SHA-256 of each upload, which can be read again afterwards."""
    return sorted((field, one.name, _digest(one)) for field, several in files.lists() for one in several)


def _digest(upload):
    sha = hashlib.sha256()
    for chunk in upload.chunks():
        sha.update(chunk)
    upload.seek(0)
    return sha.hexdigest()
