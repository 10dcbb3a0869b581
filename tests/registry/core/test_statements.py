"""Statements that are made once: the same rows as the queryset gives, with other values each time."""

import datetime

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from registry.accounts.actions import join, state_affiliation
from registry.accounts.models import Affiliation, User
from registry.core.idempotency import OnceKey
from registry.core.statements import Row, Statement, insert
from registry.core.subjects import Subject
from registry.history.models import Event
from tests.people import PlatformTestCase

TITLES = Statement(
    lambda kind, path: Subject.objects.filter(kind=kind, path=path).order_by("pk").values_list("title"), str, str
)
SUBJECT = Row(OnceKey, lambda user: OnceKey.objects.filter(user_id=user), int)


class StatementTests(PlatformTestCase):
    def test_gives_the_rows_of_its_queryset_for_each_set_of_values(self):
        for title, path in [("one", "/a/"), ("two", "/a/"), ("three", "/b/")]:
            Subject.objects.create(ref=f"test:{title}", kind="test", title=title, path=path)

        assert TITLES.rows("test", "/a/") == [("one",), ("two",)]
        assert TITLES.rows("test", "/b/") == [("three",)]
        assert TITLES.first("test", "/c/") is None
        assert TITLES.rows("' OR 1=1 --", "/a/") == []

    def test_takes_days(self):
        ada = self.person("zoe-example")
        for until in (datetime.date(2020, 1, 1), datetime.date(2024, 1, 1), None):
            state_affiliation(ada, organisation=f"Until {until}", until=until)
        since = Statement(
            lambda user, day: Affiliation.objects.filter(Q(until=None) | Q(until__gte=day), user_id=user)
            .order_by("pk")
            .values_list("organisation"),
            int, datetime.date,
        )  # fmt: skip

        assert since.rows(ada.pk, datetime.date(2021, 1, 1)) == [("Until 2024-01-01",), ("Until None",)]
        assert since.rows(ada.pk, datetime.date(2024, 1, 2)) == [("Until None",)]

    def test_refuses_a_value_that_the_statement_does_not_hold(self):
        with pytest.raises(ValueError, match="Every value"):
            Statement(lambda kind: Subject.objects.filter(kind__contains=kind).values_list("pk"), str).rows("x")

    def test_refuses_models_whose_columns_need_more_than_the_database_gives(self):
        with pytest.raises(TypeError, match="does not convert"):
            SUBJECT.get(1)

    def test_a_person_is_the_same_by_whichever_way(self):
        ada = self.person("zoe-example")
        with CaptureQueriesContext(connection) as asked:
            found = User.objects.get(pk=ada.pk)

        assert len(asked) == 1
        for field in User._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(User.objects.get(handle="zoe-example"), field.attname)
        with pytest.raises(User.DoesNotExist):
            User.objects.get(pk=ada.pk + 1000)

    def test_stores_an_instance_with_its_defaults(self):
        ada = self.person("zoe-example")
        event = insert(Event(verb="test.done", subject=ada.subject, actor=ada, data={"n": [1, "ü"]}))
        kept = Event.objects.get(pk=event.pk)

        assert (kept.verb, kept.actor, kept.lab, kept.data, kept.public) == (
            "test.done", ada, None, {"n": [1, "ü"]}, True,
        )  # fmt: skip
        assert kept.at == event.at

    def person(self, handle):
        return join(handle, f"{handle}@example.org")
