"""Workshops and sessions."""

from datetime import UTC, date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from discussions.workshops.actions import add_session, open_workshop
from discussions.workshops.models import Session, Workshop
from registry.core.days import OUTSIDE
from registry.core.errors import Refused
from registry.history.models import Event
from tests.people import PlatformTestCase


class WorkshopTestCase(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.workshop = open_workshop(
            slug="lamps-2027", title="Lamps 2027", starts_on=date(2027, 5, 18), ends_on=date(2027, 5, 19),
            time_zone="Europe/Lisbon", by=cls.mo,
        )  # fmt: skip

    def session(self, by=None, **fields):
        given = {
            "title": "On clause one", "starts_at": datetime(2027, 5, 18, 9, tzinfo=UTC),
            "ends_at": datetime(2027, 5, 18, 10, tzinfo=UTC), "topics": [self.norm.subject, self.entry.subject],
        }  # fmt: skip
        return add_session(self.workshop, **(given | fields), by=by or self.mo)


class OpenWorkshopTests(WorkshopTestCase):
    def test_is_for_moderators_on_page_and_api(self):
        body = {"slug": "mine", "title": "Mine", "starts_on": "2027-01-01", "ends_on": "2027-01-01"}

        self.assertEqual(self.as_(self.eve).get("/workshops/new/").status_code, 404)
        self.assertEqual(self.api(self.eve).post("/api/v1/workshops", body, format="json").status_code, 403)
        self.assertEqual(self.api(self.mo).post("/api/v1/workshops", body, format="json").status_code, 201)

    def test_refuses_days_in_the_wrong_order_and_taken_names(self):
        for fields in (
            {"ends_on": date(2026, 1, 1)},
            {"slug": "lamps-2027"},
            {"time_zone": "Mars/Base"},
            {"slug": "new"},
        ):
            given = {"slug": "other", "title": "T", "starts_on": date(2027, 1, 2), "ends_on": date(2027, 1, 2)} | fields
            with self.subTest(fields=fields), self.assertRaises(ValidationError):
                open_workshop(**given, by=self.mo)


class DateTests(WorkshopTestCase):
    """Every year that can be typed is kept or refused by name: 1900 to 2200 here as everywhere."""

    def test_a_workshop_outside_the_years_is_refused_by_field_on_page_and_api(self):
        for days, field, name in (
            ({"starts_on": "0001-01-01", "ends_on": "9999-12-31"}, "starts_on", "The first day"),
            ({"starts_on": "2030-01-01", "ends_on": "9999-12-31"}, "ends_on", "The last day"),
            ({"starts_on": "1899-12-31", "ends_on": "1900-01-01"}, "starts_on", "The first day"),
        ):
            said = f"{name} lies outside the years 1900 to 2200."
            body = {"slug": "far", "title": "Far"} | days

            page = self.as_(self.mo).post("/workshops/new/", body | {"time_zone": "Europe/Vienna"})
            script = self.api(self.mo).post("/api/v1/workshops", body, format="json")

            self.assertFormError(page.context["form"], field, said)
            self.assertEqual(
                (script.status_code, script.json()["errors"]),
                (400, [{"pointer": f"/{field}", "code": "range", "detail": said}]),
            )
        self.assertEqual(Workshop.objects.count(), 1)

    def test_a_session_outside_the_years_is_refused_by_field_on_page_and_api(self):
        said = "The beginning lies outside the years 1900 to 2200."
        times = {"starts_at": "0001-01-01T00:00", "ends_at": "2027-05-18T10:00"}

        page = self.as_(self.mo).post("/workshops/lamps-2027/sessions/new/", {"title": "T", "kind": "talk"} | times)
        self.assertFormError(page.context["form"], "starts_at", said)

        for starts_at, ends_at, field, why in (
            ("0001-01-01T00:00:00Z", "2027-05-18T10:00:00Z", "starts_at", said),
            ("2027-05-18T10:00:00Z", "9999-12-31T23:59:59Z", "ends_at", "The end lies outside the years 1900 to 2200."),
            ("0001-01-01T00:00:00+14:00", "2027-05-18T10:00:00Z", "starts_at", OUTSIDE),
            ("2027-05-18T10:00:00Z", "9999-12-31T23:59:59-12:00", "ends_at", OUTSIDE),
        ):
            body = {"workshop": "lamps-2027", "title": "T", "starts_at": starts_at, "ends_at": ends_at}
            script = self.api(self.mo).post("/api/v1/sessions", body, format="json")
            found = [(e["pointer"], e["detail"]) for e in script.json()["errors"]]
            self.assertEqual((script.status_code, found), (400, [(f"/{field}", why)]))
        self.assertEqual(Session.objects.count(), 0)

    def test_a_session_cannot_be_moved_outside_the_years(self):
        session = self.session()
        form = {"title": "T", "kind": "talk", "starts_at": "0001-01-01T00:00", "ends_at": "2027-05-18T10:00"}

        page = self.as_(self.mo).post(f"{session.get_absolute_url()}edit/", form)

        self.assertFormError(page.context["form"], "starts_at", "The beginning lies outside the years 1900 to 2200.")

    def test_the_database_holds_no_others(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            Workshop.objects.filter(pk=self.workshop.pk).update(starts_on=date(1, 1, 1))
        session = self.session()
        with self.assertRaises(IntegrityError), transaction.atomic():
            Session.objects.filter(pk=session.pk).update(ends_at=datetime(9999, 12, 31, tzinfo=UTC))


class AddSessionTests(WorkshopTestCase):
    def test_stands_on_the_programme_in_the_workshops_time_and_points_at_its_topics(self):
        session = self.session()

        programme = self.as_().get("/workshops/lamps-2027/")
        page = self.as_().get(session.get_absolute_url())

        self.assertContains(programme, "10:00–11:00")  # Lisbon is an hour ahead of UTC in May.
        self.assertContains(page, 'href="/norms/N-1/"')
        self.assertContains(page, 'href="/releases/invented-lab/lamp/"')
        self.assertEqual(Event.objects.filter(verb="session.added").count(), 1)

    def test_is_for_chairs(self):
        for user in (self.ada, self.eve):
            with self.assertRaises(Refused):
                self.session(by=user)
            self.assertEqual(self.as_(user).get("/workshops/lamps-2027/sessions/new/").status_code, 404)

    def test_must_lie_within_the_days(self):
        for fields in (
            {"starts_at": datetime(2027, 5, 17, 9, tzinfo=UTC)},
            {"ends_at": datetime(2027, 5, 18, 8, tzinfo=UTC)},
            {"ends_at": datetime(2027, 5, 20, 8, tzinfo=UTC)},
        ):
            with self.subTest(fields=fields), self.assertRaises(ValidationError):
                self.session(**fields)

    def test_through_the_form_in_local_time(self):
        form = {
            "title": "Ballot", "kind": "ballot", "starts_at": "2027-05-19T14:00", "ends_at": "2027-05-19T15:00",
            "room": "", "abstract": "On **one** clause.", "speakers": "ada, bob", "topics": "N-1/1\ninvented-lab/lamp",
        }  # fmt: skip
        answer = self.as_(self.mo).post("/workshops/lamps-2027/sessions/new/", form)

        self.assertEqual(answer.status_code, 302, answer.content[-800:])
        session = Session.objects.get(title="Ballot")
        self.assertEqual(session.starts_at, datetime(2027, 5, 19, 13, tzinfo=UTC))
        self.assertEqual({s.ref for s in session.topics.all()}, {"clause:N-1/1", "release:invented-lab/lamp"})

    def test_cannot_point_at_what_is_not_public(self):
        self.draft()
        form = {
            "title": "T", "kind": "talk", "starts_at": "2027-05-19T14:00", "ends_at": "2027-05-19T15:00",
            "topics": "invented-lab/draft",
        }  # fmt: skip
        answer = self.as_(self.mo).post("/workshops/lamps-2027/sessions/new/", form)

        self.assertContains(answer, "There is nothing public called invented-lab/draft.")
        self.assertEqual(Workshop.objects.get().sessions.count(), 0)

    def test_a_form_that_was_opened_before_somebody_else_changed_it_is_refused_with_what_was_typed(self):
        session = self.session()
        address, mo = f"{session.get_absolute_url()}edit/", self.as_(self.mo)
        opened = mo.get(address).context["form"].initial["seen"]
        form = {"title": "Moved", "kind": "talk", "starts_at": "2027-05-18T12:00", "ends_at": "2027-05-18T13:00"}

        self.assertEqual(mo.post(address, form | {"seen": opened}).status_code, 302)
        late = mo.post(address, form | {"title": "Typed too late", "seen": opened})

        self.assertContains(late, "Somebody changed this session since you opened this form")
        self.assertContains(late, "Typed too late")
        session.refresh_from_db()
        self.assertEqual(session.title, "Moved")
        now = mo.get(address).context["form"].initial["seen"]
        self.assertEqual(mo.post(address, form | {"title": "Again", "seen": now}).status_code, 302)

    def test_change_keeps_its_address_and_leaves_an_event(self):
        session = self.session()
        form = {"title": "Renamed", "kind": "talk", "starts_at": "2027-05-18T12:00", "ends_at": "2027-05-18T13:00"}

        self.as_(self.mo).post(f"{session.get_absolute_url()}edit/", form)

        self.assertContains(self.as_().get(session.get_absolute_url()), "Renamed")
        self.assertEqual(Event.objects.filter(verb="session.changed", subject=session.subject).count(), 1)
