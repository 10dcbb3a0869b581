"""Whether somebody has an account is told to nobody who does not know it."""

import re

from django.core.cache import cache

from registry.core.mail import OutboundMail
from tests.people import Browser, PlatformTestCase

TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|data-request-id="[^"]*"|name="once" value="[^"]*"')


class TestKnownAndUnknownLookTheSame(PlatformTestCase):
    def ask(self, address, body):
        """Status, where it leads, what the page there says, and how many letters were written."""
        cache.clear()
        letters = OutboundMail.objects.count()
        client = Browser()
        client.get(address)
        response = client.post(address, body, follow=True)
        page = TOKENS.sub("", response.content.decode())
        for given in body.values():
            page = page.replace(given, "GIVEN").replace(given.lower(), "GIVEN")
        chain = [(re.sub(r"key/.*", "key/", where), status) for where, status in response.redirect_chain]
        return response.status_code, chain, page, OutboundMail.objects.count() - letters

    def test_at_signing_up_with_an_address(self):
        def body(handle, email):
            return {"display_name": "New Person", "username": handle, "email": email,
                    "password1": "a-long-new-word", "password2": "a-long-new-word"}  # fmt: skip

        unknown = self.ask("/accounts/signup/", body("newcomer", "new@example.org"))
        known = self.ask("/accounts/signup/", body("newcomerx", "ada@example.org"))
        assert unknown == known
        assert unknown[3] == 1

    def test_at_signing_in(self):
        wrong = self.ask("/accounts/login/", {"login": "ada", "password": "not-her-password"})
        nobody = self.ask("/accounts/login/", {"login": "nobody-x", "password": "not-her-password"})
        assert wrong == nobody
        by_address = self.ask("/accounts/login/", {"login": "ada@example.org", "password": "not-her-password"})
        no_address = self.ask("/accounts/login/", {"login": "who@example.org", "password": "not-her-password"})
        assert by_address == no_address

    def test_at_asking_for_a_new_password(self):
        known = self.ask("/accounts/password/reset/", {"email": "ada@example.org"})
        unknown = self.ask("/accounts/password/reset/", {"email": "who@example.org"})
        assert known == unknown
        assert known[3] == unknown[3] == 1

    def test_at_inviting_somebody_to_a_lab(self):
        owner, said = self.as_(self.ada), []
        for email in ("eve@example.org", "who@example.org"):
            before = OutboundMail.objects.count()
            response = owner.post("/labs/invented-lab/members/", {"email": email, "role": "member"}, follow=True)
            page = TOKENS.sub("", response.content.decode()).replace(email, "GIVEN")
            page = re.sub(r"invitations/\d+/", "", page)
            said.append((response.status_code, page.count("GIVEN"), OutboundMail.objects.count() - before))
        assert said[0][0] == said[1][0] and said[0][2] == said[1][2] == 1

    def test_letters_go_to_the_address_on_file_and_nowhere_else(self):
        """A look-alike of an address is another address: it gets nothing that opens the account."""
        for lookalike in (
            "ADA@example.org",
            "ada@еxample.org",
            "ada@example.org\u200b",
            "ada@example.org.",
            "adа@example.org",
        ):
            cache.clear()
            before = OutboundMail.objects.count()
            Browser().post("/accounts/password/reset/", {"email": lookalike})
            for letter in OutboundMail.objects.order_by("pk")[before:]:
                opens = "/password/reset/key/" in letter.body
                assert not opens or letter.recipients == ["ada@example.org"], lookalike


class TestAddressesOfLetters(PlatformTestCase):
    def test_that_try_to_add_headers_are_refused(self):
        for bad in ("a@b.org\r\nBcc: v@x.org", "a@b.org\nBcc: v@x.org", "a@b.org%0aBcc:v@x.org", "a@b.org,c@d.org",
                    "a@b.org;c@d.org", '"a\r\nBcc: x"@b.org', "a@", "\x00@b.org"):  # fmt: skip
            cache.clear()
            Browser().post("/accounts/password/reset/", {"email": bad})
            self.as_(self.ada).post("/labs/invented-lab/members/", {"email": bad, "role": "member"})
        for letter in OutboundMail.objects.all():
            assert len(letter.recipients) == 1
            assert not re.search(r"[\r\n,;]", letter.recipients[0] + letter.subject)
            assert "Bcc" not in letter.headers

    def test_a_name_of_a_lab_writes_no_header(self):
        self.lab.name = "Lab\r\nBcc: v@x.org"
        self.lab.save()
        self.as_(self.ada).post("/labs/invented-lab/members/", {"email": "z@example.org", "role": "member"})
        assert "\n" not in OutboundMail.objects.latest("pk").subject
