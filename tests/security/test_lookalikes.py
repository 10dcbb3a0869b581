"""No name that looks like another's, and none that looks like nothing."""

from django.core.cache import cache
from django.test import override_settings

from registry.accounts.models import User
from registry.accounts.validators import RESERVED
from registry.core.text import confusable_key, looks_empty
from registry.labs.models import Lab
from tests.people import Browser, PlatformTestCase
from tests.shared import needs_shared

from .corpus import entries


class TestHandles(PlatformTestCase):
    def sign_up(self, handle, name="New Person"):
        cache.clear()
        body = {"display_name": name, "username": handle, "email": f"n{User.objects.count()}@example.org",
                "password1": "a-long-new-word", "password2": "a-long-new-word"}  # fmt: skip
        before = User.objects.count()
        response = Browser().post("/accounts/signup/", body)
        assert response.status_code < 500
        return User.objects.count() > before

    def test_that_could_be_read_as_one_that_exists_are_refused(self):
        for handle in ("ada", "ADA", "Ada ", "аdа", "adа", "ad\u200ba", "ada\u00ad", "áda", "ａｄａ", "m0d", "rnod"):
            assert not self.sign_up(handle), handle

    def test_of_the_site_itself_are_refused(self):
        for handle in sorted(RESERVED):
            assert not self.sign_up(handle), handle
        for handle in ("adm1n", "rnoderator", "dayl1ght", "supp0rt", "r00t", "Admin", "a-dmin-", "-admin"):
            assert not self.sign_up(handle), handle

    def test_that_are_new_are_taken(self):
        assert self.sign_up("somebody-new")


class TestNamesThatLookEmpty(PlatformTestCase):
    EMPTY = ("\u2800\u2800", "\u3000", "\u200b", "\u00ad\u00ad", "\u3164", "\u115f\u1160", "\u202e", "   ", "\ufe0f")

    def test_are_refused_for_people_labs_and_discussions(self):
        page, script = self.as_(self.eve), self.api(self.eve)
        for name in self.EMPTY:
            page.post("/me/", {"display_name": name, "time_zone": "UTC"})
            page.post("/labs/new/", {"name": name, "slug": "empty"})
            script.post("/api/v1/labs", {"name": name, "slug": "empty-too"})
            script.post("/api/v1/threads", {"subject": self.entry.subject.ref, "title": name, "body": "Words."})
            script.post("/api/v1/comments", {"thread": 1, "body": name})
        self.eve.refresh_from_db()
        assert not looks_empty(self.eve.display_name)
        assert not [lab for lab in Lab.objects.all() if looks_empty(lab.name)]
        threads = self.entry.subject.threads.all()
        assert not [thread for thread in threads if looks_empty(thread.title)]


class TestLabs(PlatformTestCase):
    def test_that_could_be_read_as_one_that_exists_are_refused_in_pages_and_api(self):
        """The name of the other lab in other letters, in other case, with what cannot be seen in it."""
        page, script = self.as_(self.eve), self.api(self.eve)
        for number, name in enumerate(("invented lab", "INVENTED LAB", "Invented\u00a0Lab", "Invented  Lab",
                                       "Іnvented Lab", "lnvented Lab", "Invented\u200b Lab", "Inventеd Lab",
                                       "Ｉｎｖｅｎｔｅｄ Lab", "Invénted Lab", "\u202eInvented Lab")):  # fmt: skip
            page.post("/labs/new/", {"name": name, "slug": f"like-{number}"})
            response = script.post("/api/v1/labs", {"name": name, "slug": f"also-{number}"})
            assert response.status_code == 400, name
        assert Lab.objects.count() == 1

    def test_cannot_be_renamed_into_another_either(self):
        script = self.api(self.eve)
        assert script.post("/api/v1/labs", {"name": "Quite Other", "slug": "quite-other"}).status_code == 201
        self.as_(self.eve).post("/labs/quite-other/edit/", {"name": "lnvented Lab"})
        assert Lab.objects.get(slug="quite-other").name == "Quite Other"


@needs_shared
@override_settings(RATE_LIMIT_SCALE=1_000_000)
class TestTheCollectedNames(PlatformTestCase):
    def test_bring_no_two_names_that_look_alike_and_none_that_reorders_the_page(self):
        script = self.api(self.eve)
        tried = taken = 0
        for number, entry in enumerate(entries("text/unicode_identity")):
            tried += 1
            name = entry["payload"].encode("utf-8", "surrogatepass").decode("utf-8", "replace")[:110]
            response = script.post("/api/v1/labs", {"name": name, "slug": f"name-{number}"})
            assert response.status_code in (201, 400), entry["name"]
            taken += response.status_code == 201
            self.as_(self.eve).post("/me/", {"display_name": entry["payload"][:79], "time_zone": "UTC"})
        names = list(Lab.objects.values_list("name", flat=True))
        assert len({confusable_key(name) for name in names}) == len(names)
        names += User.objects.values_list("display_name", flat=True)
        hidden = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\u200e\u200f\u00ad\0"
        assert not [name for name in names if any(sign in name for sign in hidden) or looks_empty(name)]
        print(f"look-alikes: {tried} names tried, {taken} taken, 0 alike")
