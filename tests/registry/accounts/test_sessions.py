"""The person that comes with the session is whoever Django would have found."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from registry.accounts.models import User
from tests.people import Browser, PlatformTestCase


class SessionTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.browser = Browser()
        page = self.browser.post("/accounts/login/", {"login": "ada", "password": "long-ada-password"})
        assert page.status_code == 302

    def name(self):
        """Whose page it is, or "" for a visitor's."""
        page = self.browser.get("/norms/").content.decode()
        return "" if ">Sign in<" in page else page.partition("<summary><span>")[2].partition("<")[0]

    def asked_for_people(self):
        with CaptureQueriesContext(connection) as log:
            assert self.name() == "Ada Example"
        return [query["sql"] for query in log if 'FROM "registry_user"' in query["sql"]]

    def test_comes_with_its_person_in_one_question(self):
        assert self.asked_for_people() == []

    def test_that_stands_in_no_list_is_one_all_the_same(self):
        UserSession.objects.all().delete()
        assert len(self.asked_for_people()) == 1

    def test_is_of_whom_it_says_and_not_of_whom_the_list_says(self):
        UserSession.objects.update(user=self.eve)
        assert len(self.asked_for_people()) == 1

    def test_ends_with_the_password_it_was_begun_with(self):
        self.ada.set_password("another-long-password")
        self.ada.save()
        assert self.name() == ""

    def test_ends_with_the_account(self):
        User.objects.filter(pk=self.ada.pk).update(is_active=False)
        assert self.name() == ""

    def test_ends_with_its_row_and_with_its_time(self):
        from django.contrib.sessions.models import Session

        Session.objects.update(expire_date="2020-01-01T00:00Z")
        assert self.name() == ""

    def test_without_a_stamp_is_none(self):
        session = self.browser.session
        del session[HASH_SESSION_KEY]
        session.save()
        assert self.name() == ""

    def test_goes_on_under_a_key_that_was_replaced(self):
        from django.conf import settings

        with override_settings(SECRET_KEY="k" * 60, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
            assert self.name() == "Ada Example"
