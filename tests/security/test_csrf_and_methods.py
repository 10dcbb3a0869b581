"""Writes need the token of the form; reading changes nothing."""

from django.apps import apps
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from .test_permissions import Bodies, table
from .world import WorldTestCase

# Mail programs post there from the link in a mail, without cookies (RFC 8058); what is signed is the address itself.
BY_SIGNED_LINK = {"notifications:unsubscribe"}
WRITES = [row for row in table() if row["method"] != "GET" and row["name"] not in BY_SIGNED_LINK]
# Sessions are looked after by Django; the day a token was last used is noted on purpose; buckets are limits.
NOT_COUNTED = {"django_session", "usersessions_usersession", "registry_ratebucket"}


def digests():
    """Table → digest of all of its rows, in the order of their text."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            name = model._meta.db_table
            if name not in NOT_COUNTED:
                cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{name}" AS t')
                found[name] = cursor.fetchone()[0]
    return found


def changed(before, after):
    return sorted(name for name in before if before[name] != after[name])


@override_settings(RATE_LIMIT_SCALE=1000)
class TestAWriteWithoutTheTokenOfTheForm(WorldTestCase):
    def send(self, client, row, state="published", **headers):
        address = reverse(row["name"], kwargs=self.key(row["name"], state))
        body = Bodies(self, state).of(row["name"])
        as_json = row["method"] != "POST" or (row["address"].startswith("/api/") and row["name"] != "api-files")
        how = {"data": body, "content_type": "application/json"} if as_json else {"data": body}
        return getattr(client, row["method"].lower())(address, **how, **headers)

    def test_is_refused_everywhere(self):
        """By whoever may do it: Ada for the lab, Ida for her own things, Mo for what moderators do."""
        for person in (self.ada, self.ida, self.mo, self.ivy):
            client, before = self.strict_client(person), None
            for row in WRITES:
                before = before or digests()
                assert self.send(client, row).status_code == 403, (row["name"], row["method"], person)
            assert changed(before, digests()) == []

    def test_is_refused_for_nobody_in_particular_too(self):
        client = self.strict_client()
        for row in WRITES:
            if not row["address"].startswith("/api/"):
                assert self.send(client, row).status_code in (403, 405), (row["name"], row["method"])

    def test_is_refused_from_another_origin_though_it_has_a_token(self):
        client = self.strict_client(self.ada)
        client.get("/me/")
        token = client.cookies["csrf"].value
        for row in WRITES:
            for headers in ({"origin": "https://evil.example"}, {"origin": "null"}):
                response = self.send(client, row, headers={**headers, "x-csrftoken": token})
                assert response.status_code == 403, (row["name"], headers)

    def test_with_the_token_it_is_done(self):
        """The refusals above are about the token, not about the request."""
        client = self.strict_client(self.ada)
        client.get("/me/")
        body = {
            "display_name": "Ada Renamed",
            "time_zone": "UTC",
            "csrfmiddlewaretoken": client.cookies["csrf"].value,
        }
        assert client.post("/me/", body).status_code == 302

    def test_a_page_about_a_refused_form_shows_what_was_typed_as_text(self):
        client = self.strict_client(self.ada)
        typed = "<script>alert(1)</script> and forty characters more of a long comment"
        response = client.post(f"/t/{self.thread.pk}/reply/", {"body": typed})
        assert response.status_code == 403 and b"<script>alert(1)" not in response.content


class TestReadingChangesNothing(WorldTestCase):
    """Of every page that a person can reach in `test_leaks`; here what else there is."""

    def test_a_changed_row_would_be_noticed(self):
        before = digests()
        type(self.ada).objects.filter(pk=self.ada.pk).update(about="changed")
        assert changed(before, digests()) == [self.ada._meta.db_table]

    def test_head_and_options_change_nothing_either(self):
        client = self.signed_in(self.ada)
        before = digests()
        for row in table():
            address = reverse(row["name"], kwargs=self.key(row["name"], "published"))
            for method in ("head", "options"):
                assert getattr(client, method)(address).status_code < 500 or row["name"] == "readyz", row["name"]
        assert changed(before, digests()) == []

    def test_the_method_is_that_of_the_request_and_of_nothing_in_it(self):
        client = self.signed_in(self.ada)
        before = digests()
        client.get(f"/c/{self.comment.pk}/edit/", {"_method": "POST", "body": "x"})
        client.get("/me/", headers={"x-http-method-override": "POST"})
        client.get(reverse("account_logout"))
        assert changed(before, digests()) == []
        assert client.get("/me/").status_code == 200
