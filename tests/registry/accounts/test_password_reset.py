"""A forgotten password: a letter, a new one, and the old one and its sessions are dead."""

import re
from urllib.parse import urlsplit

from registry.core.mail import OutboundMail
from tests.people import PlatformTestCase

OLD, NEW = "long-ada-password", "another-much-longer-word"


class PasswordResetTests(PlatformTestCase):
    def enter(self, password):
        client = self.as_()
        client.post("/accounts/login/", {"login": "ada", "password": password})
        return client

    def is_in(self, client):
        return client.get("/me/").status_code == 200

    def link(self, email="ada@example.org"):
        """The path in the letter that asking for one brings."""
        self.assertEqual(self.as_().post("/accounts/password/reset/", {"email": email}).status_code, 302)
        letter = OutboundMail.objects.latest("pk")
        self.assertEqual(letter.recipients, ["ada@example.org"])
        return urlsplit(re.search(r"http://testserver(\S+)", letter.body)[0]).path

    def choose(self, link, password):
        """Follow the link in a browser of its own, and fill in the form that it leads to."""
        client = self.as_()
        page = client.get(link, follow=True)
        self.assertEqual(page.status_code, 200)
        form = page.redirect_chain[-1][0] if page.redirect_chain else link
        return client.post(form, {"password1": password, "password2": password})

    def test_leads_from_the_letter_to_a_new_password_and_ends_what_the_old_one_opened(self):
        elsewhere = self.enter(OLD)
        self.assertTrue(self.is_in(elsewhere))

        self.assertEqual(self.choose(self.link(), NEW).status_code, 302)

        self.assertFalse(self.is_in(elsewhere))
        self.assertFalse(self.is_in(self.enter(OLD)))
        self.assertTrue(self.is_in(self.enter(NEW)))

    def test_link_works_once(self):
        link = self.link()
        self.choose(link, NEW)

        self.choose(link, "yet-another-long-word")

        self.assertTrue(self.is_in(self.enter(NEW)))
        self.assertFalse(self.is_in(self.enter("yet-another-long-word")))

    def test_link_changes_nothing_by_being_opened(self):
        self.as_().get(self.link(), follow=True)

        self.assertTrue(self.is_in(self.enter(OLD)))

    def test_refuses_a_password_that_is_too_easy_and_keeps_the_old_one(self):
        answer = self.choose(self.link(), "password")

        self.assertContains(answer, "too common")
        self.assertTrue(self.is_in(self.enter(OLD)))

    def test_says_the_same_of_an_address_that_nobody_has(self):
        known = self.as_().post("/accounts/password/reset/", {"email": "ada@example.org"})
        unknown = self.as_().post("/accounts/password/reset/", {"email": "nobody@example.org"})

        self.assertEqual((known.status_code, known["Location"]), (unknown.status_code, unknown["Location"]))

    def test_letter_speaks_for_the_site_and_leads_back_to_signing_in(self):
        link = self.link()
        letter = OutboundMail.objects.latest("pk")
        done = self.choose(link, NEW)

        self.assertEqual(letter.subject, "[Daylight] Choose a new password")
        self.assertIn("Daylight, a public register of release decisions\nhttp://testserver/", letter.body)
        self.assertNotIn("Hello", letter.body)
        self.assertContains(self.as_().get(done.url), 'href="/accounts/login/"')

    def test_says_what_to_do_with_an_empty_field(self):
        self.assertContains(self.as_().post("/accounts/password/reset/", {"email": ""}), "Fill this in.")


class SessionsTests(PlatformTestCase):
    def test_name_browsers_in_words(self):
        client = self.as_()
        client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64) Chrome/143.0.0.0 Safari/537.36"
        client.post("/accounts/login/", {"login": "ada", "password": OLD})

        self.assertContains(client.get("/accounts/sessions/"), "Chrome on Linux")
