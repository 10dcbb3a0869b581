"""Text that people type: brought into one form, or refused beside its field."""

import pytest

from discussions.workshops.models import Session, Workshop
from registry.core.errors import Invalid
from registry.core.free_text import fit_line, fit_lines, fit_markdown
from registry.labs.models import Lab
from registry.norms.models import Declaration, Norm
from tests.people import CLAUSES
from tests.security.world import WorldTestCase

BELL, TURN = "a\x07b", "a\u202eb"


class FitTests:
    def test_puts_what_is_kept_into_one_form(self):
        assert fit_line(" e\u0301\n x ", "f") == "é x"
        assert fit_lines(" a\r\n\u200fb ", "f") == "a\n\u200fb"
        assert fit_markdown(f" `{TURN}` ", "f") == f"`{TURN}`"

    @pytest.mark.parametrize("fit", [fit_line, fit_lines, fit_markdown])
    def test_names_what_cannot_be_stored_and_where(self, fit):
        with pytest.raises(Invalid) as caught:
            fit(BELL, "venue")
        assert caught.value.error_dict["venue"][0].messages == [
            "The text has a control character (U+0007) at position 2. Remove it, or paste the text without formatting."
        ]

    @pytest.mark.parametrize("fit", [fit_line, fit_lines])
    def test_refuses_signs_that_turn_a_plain_line_round(self, fit):
        with pytest.raises(Invalid, match="202E"):
            fit(TURN, "venue")

    def test_sees_through_what_looks_empty_where_something_is_needed(self):
        with pytest.raises(Invalid, match="Write at least one letter"):
            fit_line("\u200b", "title", required=True)


class EveryFormTests(WorldTestCase):
    """The same texts in every free text of every form and every write of the API."""

    DAYS = {"starts_on": "2030-01-01", "ends_on": "2030-01-02"}
    TIMES = {"starts_at": "2030-05-01T11:00", "ends_at": "2030-05-01T12:00"}

    def forms(self):
        lab = {"name": "New Lab", "slug": "new-lab"}
        yield self.ada, "/labs/new/", lab, ("about",)
        yield self.ada, "/labs/invented-lab/edit/", {"name": "Invented Lab"}, ("about",)
        yield self.ada, "/me/", {"display_name": "Ada Example", "time_zone": "UTC"}, ("about",)
        stated = {"organisation": "There", "kind": "member"}
        yield self.ada, "/me/affiliations/", stated, ("organisation", "role")
        yield self.ada, "/me/tokens/", {"name": "Key", "scope": "read", "days": "7"}, ("name",)
        workshop = {"slug": "autumn", "title": "Autumn", "time_zone": "UTC"} | self.DAYS
        yield self.mo, "/workshops/new/", workshop, ("title", "summary", "colocated_with", "venue")
        session = {"title": "Second", "kind": "talk"} | self.TIMES
        yield self.mo, "/workshops/spring/sessions/new/", session, ("title", "room", "abstract")
        yield self.mo, self.session.get_absolute_url() + "edit/", session, ("title", "room", "abstract")
        declared = {"stance": "partly", "reason": "So."}
        yield self.ada, "/releases/invented-lab/lamp/declarations/N-1/2/", declared, ("reason",)

    def writes(self):
        yield self.ada, "labs", {"name": "New Lab", "slug": "new-lab"}, ("about",)
        yield self.mo, "norms", {"title": "N", "clauses": CLAUSES}, ("title", "summary", "purpose", "note")
        yield self.mo, "versions", {"norm": "N-1", "clauses": CLAUSES}, ("purpose", "note")
        workshop = {"slug": "autumn", "title": "Autumn"} | self.DAYS
        yield self.mo, "workshops", workshop, ("title", "summary", "colocated_with", "venue")
        times = {name: f"{at}:00Z" for name, at in self.TIMES.items()}
        session = {"workshop": "spring", "title": "Second"} | times
        yield self.mo, "sessions", session, ("title", "room", "abstract")
        yield self.ada, "declarations", {"release": self.entry.key, "clause": "N-1/2", "stance": "partly"}, ("reason",)

    def counts(self):
        return [model.objects.count() for model in (Lab, Norm, Workshop, Session, Declaration)]

    def test_shows_the_problem_beside_its_field_and_keeps_nothing(self):
        before = self.counts()
        for person, address, good, fields in self.forms():
            for field in fields:
                for text in (BELL, TURN)[: 1 if field in ("reason", "abstract") else 2]:
                    page = self.as_(person).post(address, good | {field: text})

                    self.assertEqual(page.status_code, 200, (address, field))
                    self.assertEqual(list(page.context["form"].errors), [field], (address, field))
                    self.assertIn(text, page.content.decode(), (address, field))
        self.assertEqual(self.counts(), before)

    def test_answers_400_with_a_pointer_and_keeps_nothing(self):
        before = self.counts()
        for person, resource, good, fields in self.writes():
            for field in fields:
                for text in (BELL, TURN)[: 1 if field in ("reason", "abstract", "purpose") else 2]:
                    answer = self.api(person).post(f"/api/v1/{resource}", good | {field: text}, format="json")

                    found = [(e["pointer"], e["code"]) for e in answer.json()["errors"]]
                    self.assertEqual((answer.status_code, found), (400, [(f"/{field}", "characters")]), resource)
        self.assertEqual(self.counts(), before)

    def test_points_into_clauses_and_evidence(self):
        for field in ("heading", "text", "rationale", "applies_when"):
            body = {"title": "N", "clauses": [CLAUSES[0], CLAUSES[1] | {field: BELL}]}
            answer = self.api(self.mo).post("/api/v1/norms", body, format="json")
            self.assertEqual([e["pointer"] for e in answer.json()["errors"]], [f"/clauses/1/{field}"])
        body = {"release": self.entry.key, "clause": "N-1/2", "stance": "adheres",
                "evidence": [{"title": TURN, "url": "https://example.org/"}]}  # fmt: skip
        answer = self.api(self.ada).post("/api/v1/declarations", body, format="json")
        self.assertEqual([e["pointer"] for e in answer.json()["errors"]], ["/evidence/0/title"])
