"""Everything odd that a script could send, to every endpoint: never an answer of 500, never a slow one."""

import json
import re
import time
import unicodedata

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from registry.accounts.actions import issue_token
from tests.people import Browser
from tests.shared import needs_shared

from .corpus import bytes_of, entries, text_of, texts
from .test_permissions import Bodies, table
from .world import WorldTestCase

SECONDS = 2
API = [row for row in table() if row["address"].startswith("/api/v1/") and row["name"] != "api-schema"]
# The body of a DELETE means nothing (RFC 9110, section 9.3.5), so it is not read.
WRITES = [row for row in API if row["method"] not in ("GET", "DELETE")]
READS = [row for row in API if row["method"] == "GET"]
PAGES = [row for row in table() if row["method"] == "GET" and not row["address"].startswith("/api/v1/")]
# Of each a good body in which one value at a time is replaced.
TEXT_FIELDS = {
    "labs-list": ("name", "slug", "homepage", "about"),
    "api-releases": ("title", "summary", "slug", "lab", "rationale"),
    "api-release": ("title", "summary", "rationale"),
    "threads-list": ("subject", "title", "body"),
    "summaries-list": ("body",),
    "concerns-list": ("subject", "title", "body", "clause"),
    "concerns-answer": ("body",),
    "concerns-resolution": ("resolution", "body"),
    "replications-list": ("release", "variant", "date", "who", "fidelity", "cost_amount", "source_url"),
    "replications-verdicts": ("stance", "reason", "source_title"),
    "replications-withdrawal": ("reason",),
    "intents-list": ("release", "artefact", "title", "what", "why", "stage", "planned_on", "closes_on", "time_zone"),
    "intents-changes": ("title", "what", "why", "reason", "planned_on", "look_back_on"),
    "intents-decision": ("outcome", "revision", "decision"),
    "intents-withdrawal": ("reason",),
    "intents-look-back": ("verdict", "look_back"),
    "comments-list": ("body", "official_for"),
    "declarations-list": ("release", "clause", "reason"),
    "norms-list": ("title", "summary", "purpose", "note"),
    "workshops-list": ("slug", "title", "summary", "venue", "time_zone", "starts_on"),
    "sessions-list": ("title", "abstract", "room", "starts_at"),
    "entry-runs": ("analysis",),
    "api-publication": ("justification",),
}


@needs_shared
@override_settings(RATE_LIMIT_SCALE=1_000_000)
class ApiCorpusCase(WorldTestCase):
    def setUp(self):
        super().setUp()
        self.asked, self.slowest = 0, 0
        self.writers = {person: self.script(person) for person in (self.ada, self.mo, self.ida)}

    def script(self, user):
        _, token = issue_token(user, scope="write")
        return Browser(headers={"authorization": f"Bearer {token}"}, raise_request_exception=False)

    def writer_for(self, row):
        allowed = set(row["published"].split())
        return self.writers[
            self.mo if allowed & {"moderator", "chair"} else self.ida if allowed & {"author", "self"} else self.ada
        ]

    def timed(self, call, what):
        began = time.monotonic()
        response = call()
        took = time.monotonic() - began
        self.asked, self.slowest = self.asked + 1, max(self.slowest, took)
        assert response.status_code < 500 or what[0] == "readyz", (what, response.status_code, response.content[:300])
        assert took < SECONDS, (what, took)
        return response

    def tearDown(self):
        print(f"{self._testMethodName}: {self.asked} requests, slowest {self.slowest:.2f} s")
        super().tearDown()

    def send(self, row, body, content_type="application/json"):
        address = reverse(row["name"], kwargs=self.key(row["name"]))
        client = self.writer_for(row)
        return self.timed(
            lambda: client.generic(row["method"], address, body, content_type),
            (row["name"], row["method"], body[:80]),
        )


class TestBodies(ApiCorpusCase):
    def test_json_is_read_as_the_standard_has_it(self):
        """Each text by five endpoints, since one parser reads for all, and each endpoint gets some of them."""
        rows = [row for row in WRITES if row["name"] != "api-files"]
        for number, row in enumerate(rows):
            for entry in entries("api/json_parsing")[number % (len(rows) // 5) :: len(rows) // 5]:
                response = self.send(row, bytes_of(entry))
                if entry["name"].startswith("n_"):
                    assert response.status_code == 400, (row["name"], entry["name"], response.content)
                    assert response["Content-Type"] == "application/problem+json"

    def test_odd_bodies_are_refused_with_a_problem_document(self):
        for row in WRITES:
            for entry in entries("api/json_bodies"):
                response = self.send(row, bytes_of(entry))
                if response.status_code >= 400:
                    assert response["Content-Type"] == "application/problem+json", (row["name"], entry["name"])
                    assert set(response.json()) >= {"type", "title", "status", "detail", "errors"}

    def test_a_value_of_another_type_is_refused(self):
        odd = (None, True, 1, -1, 1.5, 2**63, "", "x" * 5000, [], [None], [[]], {}, {"a": {"b": []}}, [1, "a", {}])
        for row in WRITES:
            if row["name"] == "api-files":
                continue
            good = Bodies(self, "published").of(row["name"])
            for number, field in enumerate(good):
                for value in odd[number % 2 :: 2]:
                    self.send(row, json.dumps(good | {field: value}).encode())

    def test_media_types_that_are_not_ours_are_refused(self):
        types = ("text/plain", "application/xml", "application/x-www-form-urlencoded; charset=utf-7", "", "a/b/c",
                 "application/json; charset=utf-16", "application/json; charset=nonsense", "multipart/form-data",
                 "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "a" * 300)  # fmt: skip
        for row in WRITES:
            for kind in types:
                self.send(row, b'{"a": 1}', kind)


class TestFieldsThatAreNotOurs(ApiCorpusCase):
    def test_change_nothing(self):
        """Each is refused by name, in every write, by whoever may write."""
        names = texts("api/mass_assignment_fields")
        for number, row in enumerate(WRITES):
            if row["name"] == "api-files":
                continue
            good = Bodies(self, "published").of(row["name"])
            for name in names[number % 4 :: 4]:
                if name not in good:
                    response = self.send(row, json.dumps(good | {name: 1}).encode())
                    assert response.status_code == 400, (row["name"], name, response.content[:200])
                    assert response.json()["errors"][0]["code"] in ("unknown", "invalid", "unknown_field"), (
                        row["name"],
                        name,
                    )


class TestParameters(ApiCorpusCase):
    def test_of_the_api_are_known_or_refused(self):
        for row in READS:
            address = reverse(row["name"], kwargs=self.key(row["name"]))
            for entry in entries("api/query_params"):
                query = {entry["param"]: text_of(entry)}
                self.timed(lambda a=address, q=query: self.client.get(a, q), (row["name"], query))

    @pytest.mark.slow
    def test_of_pages_are_understood_or_passed_over(self):
        reader = Browser(raise_request_exception=False)
        for number, row in enumerate(PAGES):
            if row["published"] != "everyone":
                continue
            address = reverse(row["name"], kwargs=self.key(row["name"]))
            for entry in entries("api/query_params")[number % 9 :: 9]:
                query = {entry["param"]: text_of(entry)}
                self.timed(lambda a=address, q=query: reader.get(a, q), (row["name"], query))

    def test_that_lists_do_take_hold_anything(self):
        reader = Browser(raise_request_exception=False)
        odd = texts("inject/sql_patt", "inject/control_fuzzdb", "inject/traversal_patt")[::4] + texts("text/blns")[::9]
        taking = {
            "/search/": ("q",), "/releases/": ("word", "kind", "after", "before"), "/threads/": ("subject", "after"),
            "/matrix/": ("norm", "cell", "after"), "/labs/": ("after", "before"), "/runs/": ("before",),
            "/activity/": ("after",), f"/t/{self.thread.pk}/": ("reply", "quote"), "/workshops/": ("after",),
            "/api/v1/search": ("q",), "/api/v1/releases": ("lab", "word", "decided_on", "cursor", "limit", "state"),
            "/api/v1/runs": ("release", "status"), "/api/v1/events": ("subject", "actor", "verb", "cursor"),
            "/api/v1/comments": ("thread", "parent", "author", "cursor"), "/api/v1/revisions": ("release", "number"),
            "/api/v1/declarations": ("release", "clause", "stance"), "/api/v1/versions": ("norm",),
            "/api/v1/sessions": ("workshop", "topic"), "/api/v1/findings": ("run", "release"),
            "/api/v1/people": ("orcid",), "/api/v1/labs": ("verified_domain",), "/api/v1/stages": ("lab", "release"),
        }  # fmt: skip
        for address, names in taking.items():
            for name in names:
                for text in odd:
                    query = {name: text.encode("utf-8", "replace").decode()}
                    self.timed(lambda a=address, q=query: reader.get(a, q), (address, query))

    def test_numbers_in_addresses_may_be_of_any_size(self):
        reader = self.as_(self.ada)
        for number in ("0", "1", "2147483648", "9223372036854775808", "9" * 40, "-1", "1.5", "%00", "١"):
            for address in ("/t/{}/", "/c/{}/", "/runs/{}/", "/norms/N-{}/", "/norms/N-1/v/{}/", "/norms/N-1/c/{}/",
                            "/files/{}/", "/releases/invented-lab/lamp/r/{}/", "/api/v1/runs/{}", "/api/v1/comments/{}",
                            "/api/v1/files/{}", "/api/v1/norms/N-{}", "/api/v1/declarations/{}", "/api/v1/sessions/{}",
                            "/api/v1/releases/invented-lab/lamp/revisions/{}", "/workshops/spring/sessions/{}/",
                            "/releases/invented-lab/lamp/edit/stages/{}/", "/norms/N-1/diff/1..{}/",
                            "/releases/invented-lab/lamp/diff/1..{}/", "/t/{}/reply/", "/me/tokens/{}/revoke/",
                            "/labs/invented-lab/members/{}/end/", "/labs/invented-lab/domain/{}/check/"):  # fmt: skip
                where = address.format(number)
                self.timed(lambda w=where: reader.get(w), (where,))
                self.timed(lambda w=where: reader.post(w), (where,))


class TestHeaders(ApiCorpusCase):
    def test_of_any_kind_are_survived_and_none_is_given_back(self):
        for entry in entries("api/headers"):
            value = entry["payload"].encode("utf-8").decode("latin-1")
            name = "HTTP_" + entry["header"].upper().replace("-", "_")
            if entry["header"] == "Content-Type":
                name = "CONTENT_TYPE"
            for row in [*READS[:6], *WRITES[:4], *PAGES[:6]]:
                address = reverse(row["name"], kwargs=self.key(row["name"]))
                client = Browser(raise_request_exception=False)
                response = self.timed(
                    lambda c=client, r=row, a=address, n=name, v=value: c.generic(r["method"], a, b"{}", **{n: v}),
                    (row["name"], entry["header"]),
                )
                assert "evil.example" not in str(response.headers), (row["name"], entry["header"])
                assert response.headers.get("X-Request-ID") != "../../x"

    def test_a_key_for_once_only_may_be_of_any_kind(self):
        for key in ("", " ", "\0", "\r\n", "é", "x" * 151, "x" * 5000, '"', "a,b"):
            body = json.dumps(Bodies(self, "published").comments_list()).encode()
            self.timed(
                lambda k=key, b=body: self.writers[self.ada].post(
                    "/api/v1/comments", b, "application/json", headers={"idempotency-key": k}
                ),
                ("comments", key),
            )

    def test_an_etag_of_another_kind_is_refused(self):
        for tag in ("x", '"v0"', "W/x", "*" * 9, '"' * 500, "\0", '"v99999999999999999999"'):
            for address, body in (("/api/v1/releases/invented-lab/lamp", {"summary": "x"}),
                                  (f"/api/v1/comments/{self.comment.pk}", {"body": "x"})):  # fmt: skip
                writer = self.writers[self.ada if "releases" in address else self.ida]
                response = self.timed(
                    lambda a=address, b=body, t=tag, w=writer: w.patch(
                        a, json.dumps(b), "application/json", headers={"if-match": t}
                    ),
                    (address, tag),
                )
                assert response.status_code in (400, 412), (address, tag)


def as_kept(text):
    """A text without what the form in which it is stored may change: blanks, line ends, composed letters."""
    return unicodedata.normalize("NFC", re.sub(r"[\s\x85\u2028\u2029]+", " ", text)).strip()


class TestTexts(ApiCorpusCase):
    """Naughty strings, control characters, direction marks, injections: kept as they are, or refused."""

    def corpus(self):
        names = ("blns", "fuzzdb_unicode_corrupted", "fuzzdb_unicode_emoji", "fuzzdb_unicode_naughty_unicode",
                 "fuzzdb_unicode_right_to_left", "fuzzdb_unicode_specialchars", "fuzzdb_unicode_two_byte_chars",
                 "trojan_source", "unicode_identity")  # fmt: skip
        return [
            *texts(*(f"text/{n}" for n in names)),
            *texts("inject/control_fuzzdb", "inject/ssti_patt", "inject/sql_patt"),
        ]

    @pytest.mark.slow
    def test_in_every_field_of_the_api(self):
        """Each text in three fields or more."""
        found, fields = self.corpus(), 0
        for row in WRITES:
            good = Bodies(self, "published").of(row["name"])
            for field in TEXT_FIELDS.get(row["name"], ()):
                fields += 1
                for text in found[fields % 24 :: 24]:
                    before = transaction.savepoint()  # each is the first of its name
                    response = self.send(row, json.dumps(good | {field: text}).encode("ascii"))
                    transaction.savepoint_rollback(before)
                    self.kept_or_refused(response, row["name"], field, text)

    def kept_or_refused(self, response, name, field, text):
        """Kept as it was written, but for its blanks; or refused by the name of its field."""
        said = response.json()
        if response.status_code < 300:
            # An answer to a concern is a comment; what comes back is the concern with its own text.
            told = None if name in ("concerns-answer", "concerns-resolution") and field == "body" else said.get(field)
            assert told is None or as_kept(told) == as_kept(text), (name, field, text, told)
        elif response.status_code == 400:
            pointers = {error["pointer"] for error in said["errors"]}
            unreadable = "\0" in text or any("\ud800" <= char <= "\udfff" for char in text)
            assert pointers == {f"/{field}"} or (unreadable and not pointers), (name, field, text, said)
        else:
            assert response.status_code in (403, 404, 409), (name, field, text, said)

    def test_a_comment_is_kept_as_it_was_written_or_refused(self):
        kept = refused = 0
        for text in self.corpus()[::6]:
            body = json.dumps({"thread": self.thread.pk, "body": text}).encode()
            response = self.send(next(r for r in WRITES if r["name"] == "comments-list"), body)
            if response.status_code == 201:
                kept += 1
                said = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
                assert response.json()["body"].strip() == said or "\x85" in text or "\u2028" in text
            else:
                refused += 1
                assert response.status_code in (400, 429), response.content
        assert kept > refused
