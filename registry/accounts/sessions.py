"""Sessions in the database, as Django keeps them, read together with the person whose they are.

Nearly every request of somebody who is signed in needs both; django-allauth's list of where one is signed in says who
it is. A session that stands in no such list is judged by Django's own way, which asks for the person by itself.
"""

import functools

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.sessions.backends import db
from django.db import DEFAULT_DB_ALIAS, connection
from django.utils.crypto import constant_time_compare

from registry.core.statements import ask


class SessionStore(db.SessionStore):
    person = None

    def load(self):
        rows = ask(_statement(), [self.session_key]) if self.session_key and "\0" not in self.session_key else []
        if not rows:
            self._session_key = None
            return {}
        data, *person = rows[0]
        self.person = person if person[0] else None
        return self.decode(data)


def person_of(request):
    """Whoever is signed in, on the conditions of Django's `get_user`, which is asked wherever one does not hold."""
    said = request.session.get
    user_id, backend, stamp = said(SESSION_KEY), said(BACKEND_SESSION_KEY), said(HASH_SESSION_KEY)
    row = request.session.person
    if row and str(row[0]) == user_id and backend in settings.AUTHENTICATION_BACKENDS and stamp:
        found = _people().from_db(DEFAULT_DB_ALIAS, _columns(), row)
        if found.is_active and constant_time_compare(stamp, found.get_session_auth_hash()):
            return found
    return get_user(request)


@functools.cache
def _statement():
    names = [connection.ops.quote_name(field.column) for field in _people()._meta.concrete_fields]
    return f"""
        SELECT s.session_data, {", ".join(f"u.{name}" for name in names)} FROM django_session AS s
        LEFT JOIN usersessions_usersession AS listed ON listed.session_key = s.session_key
        LEFT JOIN registry_user AS u ON u.id = listed.user_id
        WHERE s.session_key = %s AND s.expire_date > statement_timestamp()
    """  # noqa: S608 - names of columns


@functools.cache
def _columns():
    return [field.attname for field in _people()._meta.concrete_fields]


def _people():
    from .models import User  # sessions are loaded before models

    return User
