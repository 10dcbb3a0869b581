"""Whatever is wrong with a request to the API, the answer is a problem document that says so."""

import json
from urllib.parse import urlsplit

from django.urls import reverse

from .test_permissions import table
from .world import WorldTestCase

FIELDS = {"type", "title", "status", "detail", "instance", "errors"}
JSON = {"content_type": "application/json"}
ENTRY = "/api/v1/releases/invented-lab/lamp"
# (who, method, address, status, and how it is sent)
CASES = [
    ("anonymous", "get", "/api/v1", 404, {}),
    ("anonymous", "get", "/api/v1/", 404, {}),
    ("anonymous", "get", "/api/v1/nonsense", 404, {}),
    ("anonymous", "post", "/api/v1/nonsense", 404, {"data": {}, **JSON}),
    ("anonymous", "get", "/api/v1/labs/", 404, {}),
    ("anonymous", "get", "/api/v1/labs/nobody-at-all", 404, {}),
    ("anonymous", "get", "/api/v1/threads/999999999", 404, {}),
    ("anonymous", "get", "/api/v1/runs/0", 404, {}),
    ("anonymous", "get", "/api/v1/releases/invented-lab/hidden-lantern", 404, {}),
    ("ada", "put", "/api/v1/labs", 405, {"data": {}, **JSON}),
    ("ada", "delete", ENTRY, 405, {}),
    ("ada", "put", "/api/v1/nonsense", 404, {"data": {}, **JSON}),
    ("anonymous", "get", "/api/v1/labs", 406, {"headers": {"accept": "text/html"}}),
    ("anonymous", "get", "/api/v1/labs/invented-lab", 406, {"headers": {"accept": "application/xml"}}),
    ("ada", "post", "/api/v1/labs", 415, {"data": "name=New", "content_type": "text/plain"}),
    ("ada", "post", "/api/v1/labs", 415, {"data": {"name": "New", "slug": "new"}}),
    ("ada", "post", "/api/v1/files", 415, {"data": {"kind": "model_card"}, **JSON}),
    ("ada", "post", "/api/v1/labs", 400, {"data": "{", **JSON}),
    ("ada", "post", "/api/v1/labs", 400, {"data": {"name": ""}, **JSON}),
    ("ada", "post", "/api/v1/labs", 400, {"data": {"name": "New", "slug": "new-lab", "colour": "red"}, **JSON}),
    ("anonymous", "get", "/api/v1/labs?limit=0", 400, {}),
    ("anonymous", "get", "/api/v1/labs?%00", 400, {}),
    ("anonymous", "post", "/api/v1/labs", 401, {"data": {"name": "New", "slug": "new-lab"}, **JSON}),
    ("anonymous", "get", "/api/v1/labs", 401, {"headers": {"authorization": "Bearer dl_nonsense"}}),
    ("eve", "patch", ENTRY, 403, {"data": {"title": "Mine"}, **JSON}),
    ("eve", "post", "/api/v1/norms", 403, {"data": {"title": "Mine", "clauses": []}, **JSON}),
]


class TestProblems(WorldTestCase):
    def ask(self, who, method, address, how):
        return getattr(self.as_(self.person(who)), method)(address, **how)

    def test_every_refusal_is_a_problem_document(self):
        for who, method, address, status, how in CASES:
            with self.subTest(who=who, method=method, address=address, how=how):
                response = self.ask(who, method, address, how)

                assert response.status_code == status, response.content
                assert response["Content-Type"] == "application/problem+json"
                body = json.loads(response.content)
                assert set(body) == FIELDS
                assert (body["status"], body["instance"]) == (status, urlsplit(address).path)
                assert body["title"] and body["detail"].endswith((".", "?")), body
                assert all(set(error) == {"pointer", "code", "detail"} for error in body["errors"])

    def test_who_is_not_signed_in_is_told_how_to_be(self):
        response = self.ask("anonymous", "get", "/api/v1/labs", {"headers": {"authorization": "Bearer dl_nonsense"}})

        assert response["WWW-Authenticate"].startswith("Bearer")


class TestUnknownParameters(WorldTestCase):
    """Ignoring one would answer another question than the one that was asked."""

    def test_are_refused_wherever_something_is_read(self):
        asked = 0
        for row in table():
            if row["method"] != "GET" or not row["address"].startswith("/api/v1/") or row["name"] == "api-schema":
                continue
            if row["published"] != "everyone":
                continue  # whoever may not read it is told so first
            address = reverse(row["name"], kwargs=self.key(row["name"])) + "?colour=red"
            response = self.as_().get(address)
            asked += 1
            assert response.status_code == 400, (row["name"], response.status_code)
            assert response.json()["errors"][0]["code"] in {"unknown", "invalid"}
        assert asked > 25

    def test_are_refused_wherever_something_is_written(self):
        response = self.as_(self.ada).post("/api/v1/labs?dry_run=1", {"name": "New", "slug": "new-lab"}, **JSON)

        assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/dry_run")

    def test_one_that_is_known_is_not(self):
        assert self.as_(self.ada).get(f"{ENTRY}?draft=true").status_code == 200
