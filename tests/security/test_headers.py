"""Headers and cookies on every answer: pages, errors, feeds, files, static files, the API."""

import re

from django.contrib.staticfiles import finders
from django.test import override_settings
from django.urls import reverse

from registry.core.errors import TooMany
from tests.people import Browser

from .test_permissions import table
from .world import WorldTestCase

CSP = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
    "connect-src": "'self'", "font-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "object-src": "'none'", "frame-ancestors": "'none'", "manifest-src": "'self'",
}  # fmt: skip
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
UNSAFE = re.compile(r"unsafe|\*|https?:|data:|blob:")


def wrong_with(response, *, path=""):
    """What of the policy this answer does not keep."""
    found = [f"{name} is {response.get(name)}" for name, value in EXACT.items() if response.get(name) != value]
    policy = response.get("Content-Security-Policy", "")
    stated = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())
    if "sandbox" in stated:
        found += [f"CSP is {policy}"] if stated.get("default-src") != "'none'" else []
    elif stated != CSP:
        qr = path.startswith("/accounts/2fa/totp/") and stated == CSP | {"img-src": "'self' data:"}
        found += [] if qr else [f"CSP is {policy}"]
    if "camera=()" not in response.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    if not response.get("Cross-Origin-Resource-Policy"):
        found.append("no Cross-Origin-Resource-Policy")
    if response.get("Server") or response.get("X-Powered-By"):
        found.append("names its software")
    return found


def kept_by_others(who, address, response):
    """Why this answer should not be kept as it says: a visitor's holds a cookie, a person's is for everybody."""
    if who == "anonymous":
        cookie = response.cookies and not address.startswith(("/accounts/", "/t/new/"))
        return [f"{address} sets a cookie"] if cookie else []
    kept = response.get("Cache-Control", "")
    # The badge is one picture for everybody, and so is a copy of a discussion.
    if "no-store" in kept or "private" in kept or address.endswith(("/badge.svg", "/json/", "/mbox/")):
        return []
    return [f"{address} may be kept by anybody: {kept}"]


class TestEveryAnswer(WorldTestCase):
    """Here for every address of the table; of every page that a person can reach in `test_leaks`."""

    def test_has_them_for_every_address_of_the_table(self):
        client, wrong = self.signed_in(self.ada), []
        for row in table():
            address = reverse(row["name"], kwargs=self.key(row["name"]))
            for method in ("get", "post", "put", "options"):
                response = getattr(client, method)(address)
                wrong += [f"{method} {address}: {what}" for what in wrong_with(response, path=address)]
        assert not wrong, "\n".join(wrong)

    def test_has_them_when_it_is_an_error(self):
        client = self.as_(self.ada)
        answers = {
            400: client.get("/labs/?q=%00"),
            404: client.get("/nothing/here/"),
            405: client.delete("/labs/"),
            403: self.strict_client(self.ada).post("/me/", {}),
        }
        for status, response in answers.items():
            assert response.status_code == status
            assert wrong_with(response) == [], status

    def test_has_them_when_something_breaks(self):
        from unittest import mock

        client = Browser(raise_request_exception=False)
        for fault, status in ((RuntimeError("secret-of-ours"), 500), (TooMany("Slow down.", 7), 429)):
            with mock.patch("registry.releases.views.reading.DECIDED.all", side_effect=fault):
                response = client.get("/")
            assert response.status_code == status
            assert wrong_with(response) == []
            assert b"secret-of-ours" not in response.content and b"Traceback" not in response.content
        assert response["Retry-After"] == "7"

    def test_static_files_have_them_too(self):
        for name in ("daylight/js/theme.js", "daylight/img/favicon.svg"):
            assert finders.find(name)
            response = Browser().get(f"/static/{name}")
            assert response.status_code == 200
            assert wrong_with(response) == []


class TestCookies(WorldTestCase):
    def test_cookies_are_for_this_host_and_out_of_reach_of_script(self):
        client = Browser()
        client.get("/accounts/login/")
        client.post("/accounts/login/", {"login": "ada", "password": "long-ada-password"})
        assert {"session", "csrf"} <= set(client.cookies)
        for name in ("session", "csrf"):
            cookie = client.cookies[name]
            assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
            assert not cookie["domain"]

    @override_settings(SECURE_HSTS_SECONDS=31536000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True)
    def test_over_https_browsers_are_told_to_stay_there(self):
        response = Browser().get("/", secure=True)
        assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


class TestWhatIsSentIsNotBelieved(WorldTestCase):
    def test_headers_of_a_proxy_that_is_not_there_change_nothing(self):
        sent = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "forwarded": "host=evil.example",
                "x-original-url": "/me/", "x-rewrite-url": "/me/"}  # fmt: skip
        plain = Browser().get("/accounts/login/").content.decode()
        given = Browser().get("/accounts/login/", headers=sent).content.decode()
        assert "evil.example" not in given
        assert len(plain) == len(given)

    def test_another_host_is_refused(self):
        for host in ("evil.example", "testserver.evil.example", "[::1", "testserver:80:80", "a b"):
            response = Browser().get("/", headers={"host": host})
            assert response.status_code == 400, host
            assert host.encode() not in response.content

    def test_links_in_letters_and_feeds_name_this_site_whatever_host_was_asked(self):
        with override_settings(ALLOWED_HOSTS=["*"]):
            feed = Browser().get("/releases/feed/", headers={"host": "evil.example"}).content
            Browser().post("/accounts/password/reset/", {"email": "ada@example.org"}, headers={"host": "evil.example"})
        assert b"evil.example" not in feed
        from registry.core.mail import OutboundMail

        letter = OutboundMail.objects.latest("pk")
        assert "evil.example" not in letter.body
