"""No address that is given leads off this site, and none splits a header."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache

from registry.core.redirects import place_here
from tests.people import Browser, PlatformTestCase
from tests.shared import needs_shared

from .corpus import texts

NAMES = ("next", "redirect_to", "return", "url", "continue")


@needs_shared
class TestRedirects(PlatformTestCase):
    def leads(self, response):
        """The host a browser would go to, or None."""
        place = response.get("Location")
        if place is None:
            return None
        assert "\n" not in place and "\r" not in place
        # A browser takes back strokes for strokes and drops tabs and line ends.
        cleaned = "".join(c for c in place if c not in "\t\r\n").strip().replace("\\", "/")
        parts = urlsplit(urljoin("http://testserver/accounts/login/", cleaned))
        assert parts.scheme in ("http", "https"), place
        return parts.netloc

    def test_after_signing_in_and_out_stay_here(self):
        tried = 0
        user = self.ada
        for place in texts("net/open_redirects_own", "net/open_redirects_patt", "net/open_redirects_fuzzdb"):
            tried += 1
            signed_in = Browser()
            signed_in.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            for client, address in ((signed_in, "/accounts/login/"), (signed_in, "/accounts/signup/"),
                                    (Browser(), "/me/"), (signed_in, "/accounts/logout/")):  # fmt: skip
                for ask in (client.get, client.post):
                    response = ask(address, {"next": place})
                    assert self.leads(response) in (None, "testserver"), (address, place, response.get("Location"))
        print(f"redirects: {tried} addresses, 0 led off the site")

    @pytest.mark.slow
    def test_by_a_real_sign_in_stay_here(self):
        for place in texts("net/open_redirects_own")[:8]:
            cache.clear()
            body = {"login": "ada", "password": "long-ada-password", "next": place}
            response = Browser().post("/accounts/login/", body)
            assert response.status_code == 302
            assert self.leads(response) in (None, "testserver"), place

    def test_of_other_names_and_headers_are_not_followed(self):
        for name in NAMES:
            for address in ("/", "/labs/", "/accounts/login/", "/releases/", "/search/", "/threads/"):
                response = Browser().get(
                    address, {name: "https://evil.example/"}, headers={"referer": "https://evil.example/"}
                )
                assert self.leads(response) in (None, "testserver")
        for headers in ({"hx-current-url": "https://evil.example/"}, {"referer": "https://evil.example/"}):
            response = self.as_(self.ada).post("/accounts/logout/", headers=headers)
            assert self.leads(response) in (None, "testserver")

    def test_of_addresses_without_a_stroke_at_the_end_stay_here(self):
        for address in ("//evil.example", "//evil.example/labs",
                        "/\\evil.example", "/%5cevil.example", "/labs//evil.example",
                        "/%2f%2fevil.example", "///evil.example", "/labs%0d%0aSet-Cookie:x=1"):  # fmt: skip
            response = Browser().get(address)
            assert self.leads(response) in (None, "testserver"), address
            assert "x" not in response.cookies

    def test_through_the_letter_after_joining_stay_here(self):
        for place in texts("net/open_redirects_own", "net/open_redirects_patt", "net/open_redirects_fuzzdb"):
            inside = place_here(place)
            assert inside == "" or self.leads({"Location": inside}) == "testserver", place

    def test_a_next_that_is_ours_is_followed(self):
        client = Browser()
        client.force_login(self.ada, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/accounts/login/", {"next": "/me/"})["Location"] == "/me/"
