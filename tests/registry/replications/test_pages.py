"""The pages and feeds of replications and leaks."""

from html import unescape

from registry.core.subjects import Subject
from registry.replications.actions import assess, withdraw
from registry.replications.models import Replication
from registry.search.queries import find
from tests.people import PlatformTestCase, make_person

from .reports import REPORT, now, report

NEW = "/releases/invented-lab/lamp/replications/new/"
GROUNDS = {"reason": "I ran it on the test set."}


class ReportPageTests(PlatformTestCase):
    def test_form_makes_the_report_and_leads_to_its_page(self):
        response = self.as_(self.eve).post(NEW, REPORT)

        made = Replication.objects.get()
        self.assertRedirects(response, f"/replications/{made.pk}/")
        assert (made.reporter, made.variant, made.cost_currency) == (self.eve, "1B", "USD")

    def test_form_sent_twice_makes_one_report(self):
        eve = self.as_(self.eve)
        first, second = (eve.post(NEW, REPORT | {"once": "x" * 30}) for _ in range(2))

        assert first["Location"] == second["Location"]
        assert Replication.objects.count() == 1

    def test_form_says_what_is_wrong_beside_the_field_and_keeps_what_was_typed(self):
        response = self.as_(self.eve).post(NEW, REPORT | {"date": "2024-04-01", "cost_currency": ""})

        page = unescape(response.content.decode())
        assert response.status_code == 400
        assert "1 April 2024 lies before 1 May 2024" in page
        assert "Perplexity 10.1 against 10.0." in page and 'value="Two students"' in page
        assert Replication.objects.count() == 0

    def test_form_keeps_what_was_typed_by_somebody_whose_session_ended(self):
        visitor = self.as_()
        response = visitor.post(NEW, REPORT)
        assert response["Location"].startswith("/accounts/login/?next=/releases/invented-lab/lamp/replications/new/")
        visitor.force_login(self.eve, backend="django.contrib.auth.backends.ModelBackend")

        self.assertContains(visitor.get(NEW), "Two students")

    def test_form_is_not_there_for_a_draft(self):
        self.draft("soon")

        for person in (self.ada, self.eve):
            assert self.as_(person).get("/releases/invented-lab/soon/replications/new/").status_code == 404


class DetailTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.report = report(self.entry, self.eve)
        self.address = f"/replications/{self.report.pk}/"

    def test_says_what_is_reported_by_whom_and_how_it_stands(self):
        page = self.as_().get(self.address)

        self.assertContains(page, "Independent retraining of Lamp (weights of 1B)")
        self.assertContains(page, "On 1 July 2024: Two students. Reported; nobody independent has confirmed it so far.")
        self.assertContains(page, "50,000 USD; one run")
        self.assertContains(page, '<a href="https://example.org/again" rel="nofollow ugc">We made it again</a>')
        self.assertContains(page, "Eve Example")
        self.assertContains(page, "Start a discussion")

    def test_takes_a_confirmation_a_dispute_and_takes_them_back(self):
        ada, mo = self.as_(self.ada), self.as_(self.mo)
        self.assertRedirects(mo.post(f"{self.address}confirmation/", GROUNDS), self.address)
        self.assertRedirects(ada.post(f"{self.address}dispute/", {"reason": "Not the same."}), self.address)
        page = self.as_().get(self.address)
        self.assertContains(page, "Disputed by 1 and confirmed by 1 independent person.")
        self.assertContains(page, "Not the same.")
        self.assertContains(page, "for Invented Lab")

        self.assertRedirects(ada.post(f"{self.address}verdict/withdrawal/"), self.address)
        page = self.as_().get(self.address)
        self.assertContains(page, "Confirmed by 1 independent person.")
        self.assertContains(page, "taken back")

    def test_says_why_a_confirmation_confirms_nothing(self):
        self.as_(self.bo).post(f"{self.address}confirmation/", GROUNDS)

        self.assertContains(self.as_().get(self.address), "Does not make the report confirmed. Who confirms is tied to")

    def test_asks_for_grounds_and_keeps_the_source_that_was_typed(self):
        said = {"reason": "", "source_title": "A table"}
        response = self.as_(self.mo).post(f"{self.address}dispute/", said)

        self.assertContains(response, 'value="A table"', status_code=400)

    def test_shows_what_was_withdrawn_with_the_reason(self):
        self.as_(self.eve).post(f"{self.address}withdrawal/", {"reason": "I misread the table."})
        page = self.as_().get(self.address)

        self.assertContains(page, "This report was withdrawn.")
        self.assertContains(page, "I misread the table.")
        self.assertContains(page, "Two students")
        self.assertNotContains(page, "Confirm this report")

    def test_offers_each_reader_what_they_may_do(self):
        offers = {"Confirm this report": (None, self.mo), "Withdraw this report": (self.eve,)}
        for words, people in offers.items():
            for person in (None, self.mo, self.eve):
                page = self.as_(person).get(self.address).content.decode()
                assert (words in page) is (person in people), (words, person)

    def test_says_why_the_clock_does_not_count_it(self):
        assess(self.report, "disputes", GROUNDS, by=self.mo)
        self.assertContains(self.as_().get(self.address), "it is disputed, and nobody independent has confirmed it")
        undated = report(self.entry, self.eve, date="")
        self.assertContains(self.as_().get(undated.get_absolute_url()), "it has no date")

    def test_carries_its_own_discussion(self):
        said = {"subject": self.report.subject.ref, "title": "How close?", "body": "In which metric?"}
        self.as_(self.mo).post("/t/new/", said)

        self.assertContains(self.as_().get(self.address), "How close?")

    def test_has_a_feed_of_its_own(self):
        assess(self.report, "confirms", GROUNDS, by=self.mo)

        feed = self.as_().get(f"{self.address}feed/")
        self.assertContains(feed, "Mo Example confirmed the report of the Independent retraining of Lamp")


class ListTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.retrained = report(self.entry, self.eve)
        self.leaked = report(self.entry, self.mo, kind="leak", component="training_data", variant="")
        self.gone = report(self.entry, self.eve, kind="extraction")
        withdraw(self.gone, "A mistake.", by=self.eve)

    def shown(self, query="", address="/replications/"):
        page = self.as_().get(address + query).content.decode()
        return [r.pk for r in (self.gone, self.leaked, self.retrained) if f"/replications/{r.pk}/" in page]

    def test_shows_the_newest_first_and_what_was_withdrawn_where_it_is_asked_for(self):
        page = self.as_().get("/replications/").content.decode()

        assert page.index(self.leaked.title) < page.index(self.retrained.title)
        assert self.shown() == [self.leaked.pk, self.retrained.pk]
        assert self.shown("?state=withdrawn") == [self.gone.pk]

    def test_narrows_by_kind_component_and_entry(self):
        assert self.shown("?kind=leak") == [self.leaked.pk]
        assert self.shown("?component=weights_final") == [self.retrained.pk]
        assert self.shown("?release=invented-lab/lamp") == [self.leaked.pk, self.retrained.pk]
        assert self.shown("?release=invented-lab/other") == self.shown("?kind=nonsense") == []
        self.assertContains(self.as_().get("/replications/?kind=nonsense"), "No report fits these filters.")

    def test_says_what_would_stand_there(self):
        for one in (self.leaked, self.retrained):
            withdraw(one, "A mistake.", by=one.reporter)

        self.assertContains(self.as_().get("/replications/"), "Nobody has reported a replication or a leak so far.")

    def test_pages_cost_the_same_number_of_queries_for_three_reports_and_for_thirty(self):
        eve = self.as_()
        eve.get("/replications/")
        with self.assertNumQueries(1):
            eve.get("/replications/")
        for n in range(15):
            report(self.entry, self.ada, who=f"Group {n}")
        with self.assertNumQueries(1):
            eve.get("/replications/")

    def test_has_a_feed_with_the_same_filters(self):
        assert self.shown(address="/replications/feed/") == [self.leaked.pk, self.retrained.pk]
        assert self.shown("?kind=leak", address="/replications/feed/") == [self.leaked.pk]


class HiddenTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.report = report(self.entry, self.eve, who="Zanzibarians")

    def seen(self):
        reader, pk = self.as_(self.mo), self.report.pk
        answers = [reader.get(f"/replications/{pk}/"), reader.get(f"/api/v1/replications/{pk}")]
        addresses = ("/replications/", "/replications/feed/", "/api/v1/replications")
        lists = [reader.get(address).content.decode() for address in addresses]
        return [a.status_code for a in answers], ["Zanzibarians" in page for page in lists]

    def test_nowhere_while_it_is_hidden_or_its_entry_is(self):
        assert self.seen() == ([200, 200], [True, True, True])
        for subject in (self.report.subject_id, self.entry.subject_id):
            Subject.objects.filter(pk=subject).update(hidden=True)
            assert self.seen() == ([404, 404], [False, False, False])
            Subject.objects.filter(pk=subject).update(hidden=False)

    def test_is_not_found_once_an_event_tells_that_the_entry_is_out_of_view(self):
        from registry.history.recording import record

        assert [s.ref for s in find("Zanzibarians", self.mo)] == [self.report.subject.ref]
        Subject.objects.filter(pk=self.entry.subject_id).update(hidden=True)
        record("moderation.hid", self.entry.subject, by=self.mo, rule="R1", what="it")
        assert find("Zanzibarians", self.mo) == []
        assert not self.as_().get("/activity/").content.decode().count("Independent retraining")

        Subject.objects.filter(pk=self.entry.subject_id).update(hidden=False)
        record("moderation.restored", self.entry.subject, by=self.mo, what="it")
        assert [s.ref for s in find("Zanzibarians", self.mo)] == [self.report.subject.ref]


class EntryPageTests(PlatformTestCase):
    def test_shows_its_reports_and_the_way_to_make_one(self):
        page = self.as_().get("/releases/invented-lab/lamp/")
        self.assertContains(page, "Nobody has reported that this was replicated or leaked.")
        self.assertContains(page, NEW)
        made = report(self.entry, self.eve)
        other = report(self.entry, self.eve, kind="leak")
        withdraw(other, "A mistake.", by=self.eve)

        page = self.as_().get("/releases/invented-lab/lamp/")
        self.assertContains(page, f'<a href="/replications/{made.pk}/">{made.title}</a>')
        self.assertNotContains(page, f"/replications/{other.pk}/")

    def test_followers_of_the_entry_are_told(self):
        from discussions.notifications.actions import follow
        from discussions.notifications.telling import tell
        from registry.history.models import Event

        olga = make_person("olga")
        follow(by=olga, subject=self.entry.subject)
        made = report(self.entry, self.eve)
        tell(Event.objects.get(verb="replication.reported").pk)

        assert [notice.event.subject for notice in olga.notices.all()] == [now(made).subject]
