"""Who wrote what an entry is about: stated by either side, put right by the other, and computed into ties."""

from discussions.disclosures.authorships import close_authorship, name_author
from discussions.moderation import actions as moderation
from discussions.threads.actions import post, start_thread
from discussions.threads.models import Authorship
from discussions.threads.ties import ties_of
from registry.core.errors import Conflict, Refused
from registry.history.models import Event
from registry.labs.actions import register_lab
from registry.releases.actions import begin_entry, publish
from tests.people import CONTENT, PlatformTestCase, make_person


class AuthorshipTestCase(PlatformTestCase):
    """Kim wrote with Lee what the entry of another lab is about; Lee is an author of the lamp."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.kim, cls.lee = make_person("kim", "Kim Example"), make_person("lee", "Lee Example")
        cls.other = register_lab(name="Other Works", slug="other-works", by=cls.eve)
        cls.older = begin_entry(cls.other, "candle", by=cls.eve, content=CONTENT)
        publish(cls.older, by=cls.eve)
        for entry in (cls.entry, cls.older):
            entry.subject.refresh_from_db()
        cls.lamp = cls.entry.subject

    def words(self, person):
        return [tie["words"] for tie in ties_of(person, self.lab, self.lamp)]


class TieTests(AuthorshipTestCase):
    def test_authors_are_tied_by_their_own_word_and_by_that_of_the_lab(self):
        name_author(self.lamp, self.kim, by=self.kim)
        name_author(self.lamp, self.lee, by=self.ada)

        assert self.words(self.kim) == self.words(self.lee) == ["is an author of what this entry is about"]
        assert self.words(self.eve) == []
        thread = start_thread(self.lamp, "Mine", "I wrote it.", self.kim)
        assert thread.comments.get().disclosure["tie"] == "is an author of what this entry is about"

    def test_who_wrote_with_an_author_elsewhere_is_tied_too(self):
        for person in (self.kim, self.lee):
            name_author(self.older.subject, person, by=person)
        assert self.words(self.kim) == []
        name_author(self.lamp, self.lee, by=self.lee)

        assert self.words(self.kim) == ["wrote with an author of this entry"]
        assert [tie["kind"] for tie in ties_of(self.kim, self.lab, self.lamp)] == ["coauthor"]

    def test_what_the_lab_says_ends_when_the_person_calls_it_wrong(self):
        close_authorship(name_author(self.lamp, self.lee, by=self.ada), "It was another Lee.", by=self.lee)
        assert self.words(self.lee) == []

    def test_what_a_person_says_of_themselves_stands_until_they_take_it_back(self):
        stated = name_author(self.lamp, self.lee, by=self.lee)
        close_authorship(stated, "He was not.", by=self.ada)
        assert self.words(self.lee) == ["is an author of what this entry is about"]

        close_authorship(name_author(self.older.subject, self.kim, by=self.kim), "A mistake.", by=self.kim)
        assert not Authorship.objects.get(user=self.kim).holds

    def test_a_moderator_who_is_one_may_not_moderate_there(self):
        name_author(self.lamp, self.mo, by=self.mo)
        comment = post(start_thread(self.lamp, "T", "B", self.kim), "Fool.", self.eve)
        with self.assertRaisesMessage(Refused, "is an author of what this entry is about"):
            moderation.decide("hide", comment, rule="R1", reason="It insults.", by=self.mo)


class StatementTests(AuthorshipTestCase):
    def test_only_they_and_those_who_edit_the_entry_may_name_somebody(self):
        for person, by in ((self.lee, self.eve), (self.lee, self.bo), (self.kim, self.lee)):
            with self.assertRaises(Refused):
                name_author(self.lamp, person, by=by)
        stated = name_author(self.lamp, self.lee, by=self.ada)
        with self.assertRaises(Refused):
            close_authorship(stated, "No.", by=self.eve)
        with self.assertRaises(Conflict):
            name_author(self.lamp, self.lee, by=self.lee)

    def test_nothing_is_lost_and_both_acts_are_on_record(self):
        close_authorship(name_author(self.lamp, self.lee, by=self.ada), "It was another Lee.", by=self.lee)
        name_author(self.lamp, self.lee, by=self.lee)

        page = self.as_().get("/releases/invented-lab/lamp/authors/").content.decode()
        for part in ("Called wrong by", "It was another Lee.", "by their own word", "named by"):
            assert part in page, part
        verbs = Event.objects.filter(subject=self.lamp, verb__startswith="authorship").order_by("pk")
        assert [(e.verb, e.actor) for e in verbs] == [
            ("authorship.stated", self.ada), ("authorship.closed", self.lee), ("authorship.stated", self.lee),
        ]  # fmt: skip

    def test_on_the_pages(self):
        address = "/releases/invented-lab/lamp/authors/"
        assert address in self.as_().get("/releases/invented-lab/lamp/").content.decode()
        assert self.as_(self.kim).post(address, {"person": "lee"}).status_code == 302  # of herself, whatever is sent
        assert self.as_(self.ada).post(address, {"person": "nobody-here"}).status_code == 400
        assert self.as_(self.ada).post(address, {"person": "@lee"}).status_code == 302
        assert {a.user for a in Authorship.objects.all()} == {self.kim, self.lee}
        close = f"/authorships/{Authorship.objects.get(user=self.lee).pk}/close/"
        assert self.as_(self.eve).get(close).status_code == 403
        assert self.as_(self.lee).post(close, {"words": "Another."}).status_code == 302

    def test_over_the_api(self):
        body = {"subject": self.lamp.ref}
        mine = self.api(self.kim).post("/api/v1/authorships", body, format="json").json()
        assert (mine["person"], mine["by"], mine["holds"]) == ("kim", "kim", True)
        of_lee = body | {"person": "lee"}
        assert self.api(self.eve).post("/api/v1/authorships", of_lee, format="json").status_code == 403
        theirs = self.api(self.ada).post("/api/v1/authorships", of_lee, format="json").json()
        done = self.api(self.lee).post(f"/api/v1/authorships/{theirs['id']}/closing", {"words": "No."}, format="json")
        assert (done.status_code, done.json()["holds"]) == (201, False)
        listed = self.as_().get(f"/api/v1/authorships?subject={self.lamp.ref}").json()["results"]
        assert [row["person"] for row in listed] == ["lee", "kim"]

    def test_of_a_draft_there_is_no_page(self):
        entry = self.draft("hidden")
        assert self.as_(self.ada).get("/releases/invented-lab/hidden/authors/").status_code == 404
        with self.assertRaises(Refused):
            name_author(entry.subject, self.ada, by=self.ada)
