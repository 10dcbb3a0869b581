"""Access programmes: what labs offer, how requests go, and what the public may know of them."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.access import actions
from registry.access.figures import figures
from registry.access.models import AccessRequest, Step
from registry.access.tasks import ring_for_ends
from registry.core.errors import Conflict, Refused, Stale
from registry.core.mail import OutboundMail
from registry.history.models import Event
from registry.releases.actions import begin_entry, publish
from tests.people import PlatformTestCase, make_person
from tests.registry.releases import contents

GIVEN = {
    "name": "For researchers", "components": ["weights_final"], "criteria": "Whoever **checks** it.",
    "decided_within": 14, "lasts": 90,
    "fields": [
        {"label": "Which study?", "kind": "text"}, {"label": "Ethics board?", "kind": "choice", "required": False},
    ],
}  # fmt: skip
ASKED = {"purpose": "To repeat a study.", "sector": "academia", "answers": {"Which study?": "Ours of 2024."}}
State = AccessRequest.State


class Case(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.edd = make_person("edd", "Edd Example")
        cls.lab.memberships.create(user=cls.edd, role="editor")
        cls.gated = begin_entry(cls.lab, "gated", by=cls.ada, content=contents.entry("Gated", [
            contents.stage("2024-05", contents.part("weights_final", contents.BY_FORM),
                           contents.part("inference_code", contents.OPEN)),
        ]))  # fmt: skip
        publish(cls.gated, by=cls.ada)
        cls.programme = actions.open_programme(cls.gated, GIVEN, by=cls.ada)

    def asked(self, by=None, **more):
        return actions.ask(self.programme, ASKED | more, by=by or self.eve)

    def wait(self, request, days):
        """Let days pass since the last step."""
        AccessRequest.objects.filter(pk=request.pk).update(since=timezone.now() - timedelta(days=days))
        request.refresh_from_db()


class ProgrammeTests(Case):
    def test_offers_what_is_gated_by_those_who_write_for_the_lab(self):
        with self.assertRaises(Refused):
            actions.open_programme(self.gated, GIVEN | {"name": "Mine"}, by=self.bo)
        for wrong in ({"components": ["inference_code"]}, {"components": []}, {"criteria": " "}, {"decided_within": 0},
                      {"contact": "somewhere"}, {"fields": [{"label": "Same"}, {"label": "Same"}]}):  # fmt: skip
            with self.assertRaises(ValidationError):
                actions.open_programme(self.gated, GIVEN | {"name": "Other"} | wrong, by=self.ada)
        assert Event.objects.filter(verb="access.opened", public=True).count() == 1

    def test_keeps_what_was_asked_when_the_questions_change(self):
        request = self.asked()
        changed = GIVEN | {"fields": [{"label": "Anything?", "required": False}]}
        actions.change_programme(self.programme, changed, by=self.edd, version=1)

        request.refresh_from_db()
        assert request.answers[0] == {"label": "Which study?", "answer": "Ours of 2024."}
        with self.assertRaises(Stale):
            actions.change_programme(self.programme, GIVEN, by=self.ada, version=1)

    def test_closed_takes_no_further_requests_and_says_why(self):
        actions.close_programme(self.programme, "All places are given.", by=self.ada)
        with self.assertRaises(Conflict):
            self.asked()
        page = self.client.get(self.programme.get_absolute_url()).content.decode()
        assert "All places are given." in page and "Ask for access" not in page
        actions.reopen_programme(self.programme, by=self.ada)
        assert self.asked().state == State.PENDING

    def test_stands_on_the_page_of_its_entry_and_only_where_there_is_one(self):
        assert "For researchers" in self.client.get(self.gated.get_absolute_url()).content.decode()
        assert "How to get access" not in self.client.get(self.entry.get_absolute_url()).content.decode()


class RequestTests(Case):
    def test_goes_by_question_rejection_and_appeal_to_another_who_accepts(self):
        request = self.asked()
        self.wait(request, 3)
        request = actions.ask_more(request, "Which data?", by=self.ada)
        self.wait(request, 20)
        request = actions.answer(request, "Public ones.", by=self.eve)
        self.wait(request, 2)
        request = actions.reject(request, "No ethics board.", by=self.ada)
        assert round(request.waited / 86_400) == 5  # the twenty days were not the lab's
        request = actions.appeal(request, "None is needed for public data.", by=self.eve)
        with self.assertRaises(Refused):
            actions.accept(request, "Well then.", by=self.ada)
        request = actions.accept(request, "Fetch it by the link.", by=self.edd)

        assert (request.state, round((request.ends_at - timezone.now()).days)) == (State.ACCEPTED, 89)
        assert [step.state for step in request.steps.all()] == [
            "pending", "more", "pending", "rejected", "appealed", "accepted",
        ]  # fmt: skip
        with self.assertRaises(TypeError):
            Step.objects.first().save()
        told = [mail.recipients[0] for mail in OutboundMail.objects.order_by("pk")]
        assert told.count("eve@example.org") == 3 and "bob@example.org" not in told

    def test_appeals_once_against_a_rejection_and_once_against_a_revocation(self):
        request = actions.reject(self.asked(), "No.", by=self.ada)
        request = actions.reject(actions.appeal(request, "Yes.", by=self.eve), "Still no.", by=self.edd)
        with self.assertRaises(Conflict):
            actions.appeal(request, "Please.", by=self.eve)
        other = actions.accept(self.asked(self.mo), "Here.", by=self.ada)
        other = actions.appeal(actions.revoke(other, "Misused.", by=self.ada), "I did not.", by=self.mo)
        assert other.state == State.APPEALED

    def test_refuses_acts_out_of_turn_and_by_others(self):
        request = self.asked()
        for act, by, error in (
            ("revoke", self.ada, Conflict), ("answer", self.eve, Conflict), ("appeal", self.eve, Conflict),
            ("accept", self.eve, Refused), ("accept", self.bo, Refused), ("accept", self.mo, Refused),
            ("withdraw", self.ada, Refused),
        ):  # fmt: skip
            with self.assertRaises(error, msg=act):
                actions.ACTS[act](request, "Words.", by=by)
        with self.assertRaises(ValidationError):
            actions.reject(request, " ", by=self.ada)
        assert request.steps.count() == 1

    def test_is_well_formed_or_refused_by_field(self):
        for wrong, field in (
            ({"purpose": ""}, "purpose"), ({"sector": "moon"}, "sector"), ({"answers": {}}, "answers"),
            ({"answers": {"Other?": "x"}}, "answers"),
        ):  # fmt: skip
            with self.assertRaises(ValidationError) as refused:
                self.asked(**wrong)
            assert field in refused.exception.error_dict, field
        with self.assertRaises(Conflict):
            self.asked(), self.asked()
        with self.assertRaises(Refused):
            self.asked(self.ada)
        self.bo.emailaddress_set.update(verified=False)
        with self.assertRaises(Refused):
            self.asked(self.bo)

    def test_ends_by_itself_and_a_second_bell_does_nothing(self):
        given, left = actions.accept(self.asked(), "Here.", by=self.ada), self.asked(self.mo)
        left = actions.ask_more(left, "Which?", by=self.ada)
        assert ring_for_ends() == 0
        AccessRequest.objects.filter(pk=given.pk).update(ends_at=timezone.now())
        self.wait(left, 31)

        assert ring_for_ends() == 2
        for pk in (given.pk, left.pk) * 2:
            actions.expire(pk)
        assert set(AccessRequest.objects.values_list("state", flat=True)) == {State.EXPIRED}
        assert Step.objects.filter(state=State.EXPIRED).count() == 2
        assert self.asked().state == State.PENDING


class PageTests(Case):
    def test_of_a_request_are_for_both_sides_alone(self):
        before = Event.objects.count()
        request = self.asked()
        assert Event.objects.count() == before
        for user, status in ((self.eve, 200), (self.ada, 200), (self.edd, 200), (self.bo, 404), (self.mo, 404)):
            page = self.as_(user).get(request.get_absolute_url())
            assert page.status_code == status, user
        assert page["Cache-Control"] == "private, no-store"
        page = self.client.get(self.programme.get_absolute_url())
        assert b"Eve" not in page.content and b"repeat a study" not in page.content

    def test_ask_and_decide_without_script(self):
        eve, ada = self.as_(self.eve), self.as_(self.ada)
        address = self.programme.get_absolute_url()
        wrong = eve.post(f"{address}ask/", {"purpose": "To see.", "sector": "press", "q0": ""})
        assert (wrong.status_code, "To see." in wrong.content.decode()) == (400, True)
        said = {"purpose": "To see.", "sector": "press", "q0": "Ours.", "once": "k"}
        sent, again = eve.post(f"{address}ask/", said), eve.post(f"{address}ask/", said)
        assert (sent.status_code, sent["Location"]) == (302, again["Location"])
        assert "Eve" in ada.get(f"{address}requests/?state=pending").content.decode()
        empty = ada.post(f"{sent['Location']}reject/", {"reject-words": ""})
        assert empty.status_code == 400
        done = ada.post(f"{sent['Location']}reject/", {"reject-words": "No study is named."}, follow=True)
        assert "No study is named." in done.content.decode()
        assert "Appeal" in eve.get(sent["Location"]).content.decode()
        assert "Rejected" in eve.get("/me/access/").content.decode()

    def test_say_the_same_over_the_api(self):
        eve, ada = self.api(self.eve), self.api(self.ada)
        made = eve.post("/api/v1/access-requests", ASKED | {"programme": self.programme.pk}, format="json")
        assert made.status_code == 201, made.content
        step = {"act": "accept", "words": "By the link."}
        done = ada.post(f"/api/v1/access-requests/{made.json()['id']}/steps", step, format="json")
        assert (done.status_code, done.json()["state"]) == (201, "accepted")
        again = ada.post(f"/api/v1/access-requests/{made.json()['id']}/steps", step, format="json")
        assert again.status_code == 409
        assert self.api(self.mo).get("/api/v1/access-requests").json()["results"] == []
        at, said = f"/api/v1/programmes/{self.programme.pk}", {k: v for k, v in GIVEN.items() if k != "fields"}
        assert ada.post(f"{at}/closing", {"words": "Full."}, format="json").json()["closed_because"] == "Full."
        assert ada.post(f"{at}/reopening").json()["closed_at"] is None
        changed = ada.post(f"{at}/changes", said | {"lasts": None, "version": 1}, format="json").json()
        assert (changed["lasts"], changed["questions"], changed["version"]) == (None, [], 2)
        assert ada.post(f"{at}/changes", said | {"version": 1}, format="json").status_code == 412
        told = self.client.get(at).json()
        assert (told["requests"]["asked"], "states" in told["requests"]) == (None, False)


class FigureTests(Case):
    def many(self, sectors, accepted=()):
        for number, sector in enumerate(sectors):
            request = self.asked(make_person(f"person-{number}"), sector=sector)
            self.wait(request, 10)
            if number in accepted:
                actions.accept(request, "Here.", by=self.ada)
            else:
                actions.reject(request, "No.", by=self.ada)

    def test_tell_nothing_below_five(self):
        self.many(["press"] * 4)
        assert figures(self.programme) == {"asked": None, "fewest": 5}
        assert "Fewer than 5 have asked" in self.client.get(self.programme.get_absolute_url()).content.decode()

    def test_put_small_cells_together_so_that_they_cannot_be_found_by_subtraction(self):
        self.many(["academia"] * 6 + ["industry"] * 5 + ["press"] * 2, accepted=(0, 6, 7, 11))
        told = figures(self.programme)

        assert (told["asked"], told["decided"], told["waiting"]) == (13, 10.0, None)
        assert told["sectors"] == [
            {"sector": "academia", "name": "Academia", "decided": 6, "accepted": 1},
            {"sector": "other", "name": "Others together", "decided": 7, "accepted": 3},
        ]
        # Four were accepted, nine rejected: to show the nine alone would show the four.
        assert told["states"] == []

    def test_do_not_tell_that_all_or_none_of_a_sector_were_accepted(self):
        self.many(["academia"] * 6 + ["industry"] * 6 + ["government"] * 5, accepted=range(7))
        shown = {row["sector"] for row in figures(self.programme)["sectors"]}
        assert "academia" not in shown and "government" not in shown

    def test_count_who_waits_for_longer_than_the_lab_means_to_take(self):
        for number in range(6):
            self.wait(self.asked(make_person(f"waiting-{number}")), 20 if number < 2 else 4)
        told = figures(self.programme)
        assert (told["overdue"], told["waiting"], told["decided"]) == (2, 4.0, None)
        assert told["states"] == [{"state": "pending", "name": "Waits for the lab", "requests": 6}]
