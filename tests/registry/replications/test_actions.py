"""Reports, verdicts, and what they come to."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from registry.accounts.actions import state_affiliation
from registry.core.errors import Conflict, Refused
from registry.history.models import Event
from registry.releases.actions import publish, save_draft
from registry.replications.actions import assess, report_replication, take_back_verdict, withdraw
from registry.replications.models import Replication
from tests.people import CONTENT, PlatformTestCase, make_person

from .reports import REPORT, now, report

GROUNDS = {"reason": "I ran it on the test set."}


class ReportTests(PlatformTestCase):
    def test_stores_what_is_said_with_who_says_it_and_of_which_revision(self):
        state_affiliation(self.eve, organisation="Somewhere", role="student")
        made = report(self.entry, self.eve)

        said = {name: getattr(made, name) for name in REPORT}
        assert said == REPORT | {"cost_amount": Decimal("50000.00"), "cost_currency": "USD"}
        assert (made.reporter, made.as_of, made.state, made.counts) == (self.eve, 1, "reported", True)
        assert made.disclosure["shown"] == "student, Somewhere"
        assert made.disclosure["tie"] == ""
        assert made.cost == "50,000 USD; one run"
        assert (made.subject.ref, made.subject.path) == (f"replication:{made.pk}", f"/replications/{made.pk}/")
        assert made.subject.title == "Independent retraining of Lamp (weights of 1B)"

    def test_leaves_an_event_that_names_the_entry_and_the_lab(self):
        made = report(self.entry, self.eve)

        event = Event.objects.get(verb="replication.reported")
        assert (event.subject, event.lab, event.actor) == (made.subject, self.lab.subject, self.eve)
        assert event.data["about"] == "release:invented-lab/lamp"

    def test_keeps_the_tie_of_who_belongs_to_the_lab(self):
        assert report(self.entry, self.bo).disclosure["tie"] == "belongs to Invented Lab"

    def test_takes_a_variant_by_an_alias_under_its_present_name(self):
        variants = {"kind": "model", "variants": [{"name": "1B", "aliases": ["900M"]}, {"name": "2B"}]}
        save_draft(self.entry, CONTENT | {"artefact": variants}, by=self.ada)
        publish(self.entry, by=self.ada, justification="The size was corrected.")

        assert report(self.entry, self.eve, variant="900M").variant == "1B"

    def test_of_before_the_entrys_first_date_is_refused_with_both_dates(self):
        with pytest.raises(ValidationError) as refused:
            report(self.entry, self.eve, date="2024-04-30")

        said = " ".join(refused.value.messages)
        assert "30 April 2024 lies before 1 May 2024, the first date in this entry" in said
        assert Replication.objects.count() == 0

    def test_of_the_year_or_month_in_which_the_entry_begins_may_be_true(self):
        assert report(self.entry, self.eve, date="2024").date == "2024"
        assert report(self.entry, self.eve, date="2024-05").date == "2024-05"

    def test_is_held_against_the_revision_that_stands_when_it_is_stored(self):
        earlier = [CONTENT["stages"][0] | {"date": "2024-01-05"}]
        stale = type(self.entry).objects.with_current().get(pk=self.entry.pk)
        save_draft(self.entry, CONTENT | {"stages": earlier}, by=self.ada)
        publish(self.entry, by=self.ada, justification="It came out earlier.")

        assert report(stale, self.eve, date="2024-02-01").as_of == 2

    def test_with_bad_input_is_refused_beside_the_field(self):
        cases = [
            ("kind", "copying", "Choose one of these"), ("component", "engine", "Choose one of these"),
            ("variant", "3B", "no such variant. It has 1B."), ("date", "2199-01-01", "has not come yet"),
            ("date", "last May", "Write the date as"), ("date", "2024-02-30", "has no day 30"),
            ("cost_amount", "a lot", "Write the amount as a number"), ("cost_amount", "-1", "from 0 to"),
            ("cost_amount", "NaN", "from 0 to"), ("cost_amount", "1e30", "number"),
            ("cost_amount", "", "Write the amount"),
            ("cost_currency", "", "Say in which currency"), ("cost_currency", "dollars", "three letters"),
            ("source_url", "javascript:alert(1)", "must begin with https"), ("who", "a\u202eb", "direction of writing"),
            ("who", "x" * 201, "201"), ("fidelity", "\x00", "character"), ("availability", 7, "must be text"),
        ]  # fmt: skip
        for field, value, words in cases:
            with self.subTest(field=field, value=value), pytest.raises(ValidationError) as refused:
                report(self.entry, self.eve, **{field: value})
            said = "; ".join(refused.value.messages)
            assert words in said, (field, value, said)
        assert Replication.objects.count() == 0

    def test_that_quotes_must_say_what_it_quotes(self):
        with pytest.raises(ValidationError) as refused:
            report(self.entry, self.eve, source_title="", source_url="")

        assert "Say where these words stand" in refused.value.messages[0]

    def test_without_a_source_or_a_date_stands_but_does_not_count(self):
        nothing = {"source_title": "", "source_url": "", "source_quote": ""}

        assert not report(self.entry, self.eve, **nothing).counts
        assert not report(self.entry, self.eve, date="").counts

    def test_is_not_taken_twice_from_one_person_but_from_another_one(self):
        report(self.entry, self.eve)

        with pytest.raises(Conflict):
            report(self.entry, self.eve)
        assert report(self.entry, self.mo).pk
        assert report(self.entry, self.eve, variant="").pk

    def test_of_a_draft_or_by_nobody_is_refused(self):
        with pytest.raises(Refused):
            report_replication(self.draft(), REPORT, by=self.ada)
        with pytest.raises(Refused):
            report_replication(self.entry, REPORT, by=self.as_().get("/").wsgi_request.user)
        assert Replication.objects.count() == 0


class VerdictTests(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.ida = make_person("ida", "Ida Example")
        cls.report = report(cls.entry, cls.eve)

    def state(self):
        found = now(self.report)
        return found.state, found.confirmations, found.disputes, found.counts

    def test_of_somebody_independent_confirms(self):
        verdict = assess(self.report, "confirms", GROUNDS | {"source_url": "https://example.org/check"}, by=self.ida)

        assert (verdict.set_aside, verdict.source_url) == ("", "https://example.org/check")
        assert self.state() == ("confirmed", 1, 0, True)

    def test_of_a_member_of_the_lab_stands_and_confirms_nothing(self):
        verdict = assess(self.report, "confirms", GROUNDS, by=self.bo)

        assert verdict.set_aside == "Who confirms is tied to the lab: belongs to Invented Lab."
        assert self.state() == ("reported", 0, 0, True)

    def test_of_who_speaks_for_the_lab_confirms_against_its_interest(self):
        verdict = assess(self.report, "confirms", GROUNDS, by=self.ada)

        assert verdict.disclosure["official"] == "Invented Lab"
        assert self.state() == ("confirmed", 1, 0, True)

    def test_of_the_lab_confirms_nothing_that_the_lab_itself_reported(self):
        self.report = report(self.entry, self.bo)
        verdict = assess(self.report, "confirms", GROUNDS, by=self.ada)

        assert verdict.set_aside.startswith("Both are tied to the lab")
        assert self.state()[:2] == ("reported", 0)

    def test_of_a_colleague_of_the_reporter_confirms_nothing_however_the_name_is_written(self):
        for person, name in ((self.eve, "Somewhere"), (self.ida, "SOMEWHERE")):
            state_affiliation(person, organisation=name)
        self.report = report(self.entry, self.eve, variant="")
        verdict = assess(self.report, "confirms", GROUNDS, by=self.ida)

        assert verdict.set_aside == "Who confirms and who reports belong to the same organisation: SOMEWHERE."
        assert self.state()[:2] == ("reported", 0)

    def test_nobody_gives_about_their_own_report(self):
        with pytest.raises(Refused):
            assess(self.report, "confirms", GROUNDS, by=self.eve)
        with pytest.raises(Refused):
            assess(self.report, "disputes", GROUNDS, by=self.eve)

    def test_of_the_lab_and_of_a_third_party_stand_side_by_side(self):
        assess(self.report, "confirms", GROUNDS, by=self.ida)
        assess(self.report, "disputes", {"reason": "It is another model."}, by=self.ada)

        assert self.state() == ("disputed", 1, 1, True), "a dispute alone does not take it out of the figures"
        assert [v.stance for v in self.report.verdicts.standing().order_by("pk")] == ["confirms", "disputes"]

    def test_that_disputes_what_nobody_has_confirmed_takes_it_out_of_the_figures(self):
        assess(self.report, "disputes", GROUNDS, by=self.mo)

        assert self.state() == ("disputed", 0, 1, False)

    def test_makes_a_report_without_a_source_count_once_confirmed(self):
        self.report = report(self.entry, self.eve, source_title="", source_url="", source_quote="")
        assess(self.report, "confirms", GROUNDS, by=self.ida)

        assert self.state() == ("confirmed", 1, 0, True)

    def test_needs_grounds(self):
        with pytest.raises(ValidationError) as refused:
            assess(self.report, "disputes", {"reason": "  "}, by=self.ida)
        assert refused.value.message_dict == {"reason": ["Say why, and on what grounds, so that others can weigh it."]}
        with pytest.raises(ValidationError):
            assess(self.report, "doubts", GROUNDS, by=self.ida)

    def test_is_one_at_a_time_and_stays_readable_when_taken_back(self):
        assess(self.report, "disputes", GROUNDS, by=self.ida)
        with pytest.raises(Conflict):
            assess(self.report, "confirms", GROUNDS, by=self.ida)
        take_back_verdict(self.report, by=self.ida)
        assert self.state() == ("reported", 0, 0, True)
        assess(self.report, "confirms", GROUNDS, by=self.ida)

        given = [(v.stance, v.withdrawn_at is None) for v in self.report.verdicts.order_by("pk")]
        assert given == [("disputes", False), ("confirms", True)]
        assert self.state() == ("confirmed", 1, 0, True)
        verbs = Event.objects.filter(subject=self.report.subject).order_by("pk").values_list("verb", flat=True)
        assert list(verbs) == [
            "replication.reported", "replication.disputed", "replication.verdict_withdrawn", "replication.confirmed",
        ]  # fmt: skip

    def test_is_taken_back_once_however_often_that_is_asked_for(self):
        assert take_back_verdict(self.report, by=self.ida) is None
        assess(self.report, "disputes", GROUNDS, by=self.ida)
        assert take_back_verdict(self.report, by=self.ida).withdrawn_at
        assert take_back_verdict(self.report, by=self.ida) is None

        assert Event.objects.filter(verb="replication.verdict_withdrawn").count() == 1


class WithdrawTests(PlatformTestCase):
    def setUp(self):
        super().setUp()
        self.report = report(self.entry, self.eve)

    def test_keeps_the_report_with_the_reason_and_counts_it_no_more(self):
        assess(self.report, "confirms", GROUNDS, by=self.ada)
        withdraw(self.report, "I misread the table.", by=self.eve)

        found = now(self.report)
        assert (found.state, found.counts, found.withdrawal) == ("withdrawn", False, "I misread the table.")
        assert (found.who, found.confirmations) == ("Two students", 1)
        assert list(Replication.objects.visible_to(self.ada)) == [found]

    def test_is_for_the_reporter_alone_once_and_with_a_reason(self):
        for person in (self.ada, self.mo):
            with pytest.raises(Refused):
                withdraw(self.report, "No.", by=person)
        with pytest.raises(ValidationError):
            withdraw(self.report, " ", by=self.eve)
        withdraw(self.report, "I misread the table.", by=self.eve)
        with pytest.raises(Conflict):
            withdraw(self.report, "Again.", by=self.eve)

    def test_ends_what_others_can_say_of_it(self):
        assess(self.report, "disputes", GROUNDS, by=self.mo)
        withdraw(self.report, "I misread the table.", by=self.eve)

        with pytest.raises(Refused):
            assess(self.report, "confirms", GROUNDS, by=self.ada)
        with pytest.raises(Conflict):
            take_back_verdict(self.report, by=self.mo)
