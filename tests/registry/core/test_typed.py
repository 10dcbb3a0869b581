"""What somebody typed whose session had ended is in the form again when they are back."""

from datetime import date

from django.test import override_settings

from discussions.workshops.actions import open_workshop
from registry.core.typed import MOST
from tests.people import PlatformTestCase

BACK = "You are signed in again. What you had typed stands in the form; it is not stored yet."


class ExpiredSessionTests(PlatformTestCase):
    def signed_in_after(self, address, form, person):
        """The page that somebody sees after they sent a form without a session and signed in."""
        browser = self.as_()
        asked = browser.post(address, form | {"once": "x" * 32})
        self.assertEqual((asked.status_code, asked["Location"]), (302, f"/accounts/login/?next={address}"))
        known = {"login": person.handle, "password": f"long-{person.handle}-password"}
        entered = browser.post(asked["Location"], known)
        self.assertEqual((entered.status_code, entered["Location"]), (302, address))
        self.browser = browser
        return browser.get(address)

    def test_every_form_shows_what_was_typed_and_stores_nothing(self):
        days = {"starts_on": "2030-05-01", "ends_on": "2030-05-02"}
        open_workshop(slug="spring", title="Spring", starts_on=date(2030, 5, 1), ends_on=date(2030, 5, 2), by=self.mo)
        for person, address, form in (
            (self.ada, "/releases/invented-lab/lamp/declarations/N-1/1/",
             {"stance": "partly", "reason": "Half of it, because …", "evidence": "Report https://example.org/"}),
            (self.eve, "/labs/new/", {"name": "Third Lab", "slug": "third-lab", "about": "We build lamps."}),
            (self.ada, "/labs/invented-lab/edit/", {"name": "Invented Lab", "about": "Longer words."}),
            (self.mo, "/workshops/new/", {"slug": "autumn", "title": "Autumn", "summary": "On clauses."} | days),
            (self.mo, "/workshops/spring/sessions/new/",
             {"title": "Opening", "kind": "panel", "starts_at": "2030-05-01T09:30", "abstract": "On *lamps*."}),
            (self.eve, "/me/", {"display_name": "Eve E.", "about": "Reader of things."}),
            (self.eve, "/me/affiliations/", {"organisation": "Somewhere", "kind": "funding", "since": "2020-01-01"}),
            (self.ada, "/releases/new/", {"lab": "invented-lab", "title": "Torch", "kind": "dataset"}),
        ):  # fmt: skip
            page = self.signed_in_after(address, form, person)

            self.assertContains(page, BACK)
            shown = {name: str(page.context["form"][name].value()) for name in form}
            self.assertEqual(shown, form, address)
            self.assertNotContains(self.browser.get(address), BACK)
        self.assertEqual((self.entry.declarations.count(), self.eve.affiliations.count()), (0, 0))

    def test_is_not_shown_in_another_form_nor_kept_without_end(self):
        browser = self.as_()
        browser.post("/labs/new/", {"name": "x" * (MOST + 1)})
        self.assertNotIn("typed_form", browser.session)

        browser.post("/labs/new/", {"name": "Third Lab"})
        browser.force_login(self.eve, backend="django.contrib.auth.backends.ModelBackend")

        self.assertNotContains(browser.get("/me/affiliations/"), BACK)

    def test_is_of_no_use_to_those_who_may_not_open_the_form(self):
        browser = self.as_()
        address = "/labs/invented-lab/edit/"
        browser.post(address, {"name": "Mine"})
        browser.force_login(self.eve, backend="django.contrib.auth.backends.ModelBackend")

        self.assertEqual(browser.get(address).status_code, 404)


@override_settings(RATE_LIMIT_SCALE=0.001)
class TooFastTests(PlatformTestCase):
    def test_shows_what_was_typed_but_no_password(self):
        browser = self.as_(self.eve)
        form = {"name": "Third Lab", "slug": "third-lab", "about": "We build lamps.", "password": "long secret words"}
        browser.post("/labs/new/", form | {"slug": "?"})

        page = browser.post("/labs/new/", form)

        self.assertContains(page, "We build lamps.</textarea>", status_code=429)
        self.assertNotContains(page, "long secret words", status_code=429)
