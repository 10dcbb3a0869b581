"""Sessions in the database, as Django keeps them; its one question for each request is made once per process."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from .statements import Statement

DATA = Statement(
    lambda key: Session.objects.filter(session_key=key, expire_date__gt=Now()).values_list("session_data"), str
)


class SessionStore(db.SessionStore):
    def load(self):
        row = DATA.first(self.session_key) if self.session_key and "\0" not in self.session_key else None
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
