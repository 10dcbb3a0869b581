"""A report of a replication: reported like a comment, and taken from view by one moderator, with a tombstone."""

from discussions.moderation import actions
from discussions.threads.actions import start_thread
from registry.clock.models import EntryClock
from registry.core.subjects import Subject
from registry.replications.actions import report_replication
from registry.search.queries import find

from .people import ModerationTestCase

SAID = {"rule": "R2", "reason": "It names a person's illness."}
GIVEN = {"kind": "leak", "component": "weights_final", "date": "2024-07-01", "who": "Zqwhoqz"}


class ReplicationTests(ModerationTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.made = report_replication(cls.entry, GIVEN, by=cls.ida)
        start_thread(cls.made.subject, "Zqtalkqz", "Is it so?", cls.eve)
        EntryClock.objects.update(due=False)

    def subject(self):
        return Subject.objects.get(pk=self.made.subject_id)

    def read(self):
        reader = self.as_()
        addresses = ("/replications/", "/replications/feed/", "/releases/invented-lab/lamp/", "/activity/", "/threads/")
        return [reader.get(address).content.decode() for address in addresses]

    def test_is_reported_from_its_page_and_its_reporter_is_whom_a_decision_concerns(self):
        page = self.as_(self.eve).get(self.made.get_absolute_url()).content.decode()
        assert f"/subjects/{self.made.subject_id}/report/" in page
        assert self.as_(self.eve).post(f"/subjects/{self.made.subject_id}/report/", {"rule": "R2"}).status_code == 302

        decision = actions.decide("hide", self.subject(), by=self.ned, **SAID)
        assert decision.state == "in_force", "one moderator is enough, since nothing but the report goes"
        case = self.as_(self.ned).get(f"/subjects/{self.made.subject_id}/moderate/")
        self.assertContains(case, "Zqwhoqz")
        self.assertContains(case, "Ida Example")

    def test_is_read_nowhere_once_taken_from_view_and_comes_back(self):
        assert any("Zqwhoqz" in page for page in self.read()) and any("Zqtalkqz" in page for page in self.read())
        decision = actions.decide("hide", self.subject(), by=self.ned, **SAID)

        assert not [page for page in self.read() if "Zqwhoqz" in page or "Zqtalkqz" in page]
        assert find("Zqwhoqz", self.eve) == find("Zqtalkqz", self.eve) == []
        gone = self.as_().get(self.made.get_absolute_url())
        assert gone.status_code == 410 and SAID["reason"] in gone.content.decode().replace("&#x27;", "'")
        assert EntryClock.objects.filter(due=True, entry=self.entry).exists()

        actions.restore(decision, reason="A mistake.", by=self.ned)
        assert any("Zqwhoqz" in page for page in self.read()) and any("Zqtalkqz" in page for page in self.read())
        assert self.as_().get(self.made.get_absolute_url()).status_code == 200

    def test_goes_with_its_entry(self):
        proposal = actions.decide("hide", Subject.objects.get(pk=self.entry.subject_id), by=self.mo, **SAID)
        actions.confirm(proposal, by=self.ned)

        assert not [page for page in self.read() if "Zqwhoqz" in page or "Zqtalkqz" in page]
        assert find("Zqwhoqz", self.eve) == find("Zqtalkqz", self.eve) == []
