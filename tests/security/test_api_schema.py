"""The API against its own document: complete, free of warnings, and true for whatever is sent."""

import io

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from registry.accounts.actions import issue_token
from registry.wsgi import application
from tests.people import Browser

from .test_permissions import table
from .world import WorldTestCase

EXAMPLES = 3  # requests for each operation and mode
PLAIN = {"Accept-Encoding": "identity"}  # the client that calls the application by itself unpacks nothing
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


class TestTheDocument(WorldTestCase):
    def test_is_made_without_a_warning_and_is_valid(self):
        call_command("spectacular", "--fail-on-warn", "--validate", stdout=io.StringIO())

    def test_names_every_endpoint_and_method_and_no_other(self):
        document = Browser().get("/api/v1/schema/").json()
        said = {(self.plain(path), method.upper()) for path, found in document["paths"].items() for method in found
                if method in ("get", "post", "put", "patch", "delete")}  # fmt: skip
        there = {(self.plain(row["address"]), row["method"]) for row in table() if row["token"]}
        assert said == there - {("/api/v1/schema/", "GET")}

    def plain(self, path):
        """An address without the names of what stands in it."""
        path = path.replace("{", "<").replace("}", ">")
        return "/".join("<>" if part.startswith("<") else part for part in path.split("/"))

    def test_says_who_needs_a_token_and_which_errors_there_are(self):
        document = yaml.safe_load(Browser().get("/api/v1/schema/").content)
        assert document["openapi"].startswith("3.1")
        assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                asks = operation["security"]
                assert {"token": []} in asks, (path, method)
                assert ({} in asks) == (method == "get"), (path, method)
                assert {"400", "401", "429"} <= set(operation["responses"]), (path, method)


def served(environ, start_response):
    """The application as a server calls it, which closes every answer; the client of schemathesis does not."""
    answer = application(environ, start_response)
    try:
        return list(answer)
    finally:
        answer.close()


@override_settings(RATE_LIMIT_SCALE=1_000_000)
class TestAnswers(WorldTestCase):
    """Requests made up from the document itself; good and bad ones."""

    def setUp(self):
        super().setUp()
        # The end of a request to the application itself would close the connection of the test.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)

    def run_as(self, headers, modes=tuple(GenerationMode)):
        """How many requests there were, and the answers that are not as the document says; `modes`: good and bad."""
        schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", served)
        counted, wrong = [], []
        for result in schema.get_all_operations():
            if not headers and result.ok().method != "get":
                continue  # nobody writes: `test_permissions` asks
            for mode in modes:
                self.try_out(result.ok(), mode, headers, counted, wrong)
        return len(counted), wrong

    def try_out(self, operation, mode, headers, counted, wrong):
        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            counted.append(case)
            with transaction.atomic():
                try:
                    case.call_and_validate(headers=headers | PLAIN, checks=CHECKS)
                except FailureGroup as problem:
                    said = "; ".join(f"{e.title}: {e.message}" for e in problem.exceptions)
                    wrong.append(f"{case.method} {case.path} {case.query} {str(case.body)[:200]}: {said[:500]}")
                transaction.set_rollback(True)

        try:
            ask()
        except Unsatisfiable:
            pass  # nothing about this operation could be wrong

    @pytest.mark.slow
    def test_to_nobody_are_those_of_the_document(self):
        counted, wrong = self.run_as({})
        print(f"schemathesis: {counted} requests as nobody, {len(wrong)} differences")
        assert not wrong, "\n\n".join(wrong[:20])

    @pytest.mark.slow
    def test_to_somebody_with_a_token_are_those_of_the_document(self):
        for person, modes in ((self.ada, tuple(GenerationMode)), (self.mo, [GenerationMode.POSITIVE])):
            _, token = issue_token(person, scope="write")
            counted, wrong = self.run_as({"Authorization": f"Bearer {token}"}, modes)
            print(f"schemathesis: {counted} requests as {person}, {len(wrong)} differences")
            assert not wrong, "\n\n".join(wrong[:20])
