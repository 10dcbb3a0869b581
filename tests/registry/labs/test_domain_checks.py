"""Domain checks as the worker makes them: rung for, then asked of real servers on loopback over DNS and HTTPS."""

import http.server
import socket
import ssl
import threading
from datetime import timedelta
from functools import partial

import dns.exception
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from django.utils import timezone

from registry.celery import app
from registry.core import fetch as fetching
from registry.history.models import Event
from registry.labs import tasks
from registry.labs.actions import ask_for_domain_check, queue_domain_check, register_lab
from registry.labs.verification import look_for_code
from tests.certificates import certificate_for
from tests.people import make_person

DOMAIN = "lab.example"


@pytest.fixture
def lab(db):
    return register_lab(name="Invented Lab", slug="invented-lab", by=make_person("ada", "Ada Example"))


@pytest.fixture(autouse=True)
def at_once():
    """A bell that is rung is answered at once, as by a worker that has nothing else to do."""
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


def check(lab, method):
    """A check of the lab's, asked for on its page, after the dispatcher's next round."""
    check = queue_domain_check(ask_for_domain_check(lab, domain=DOMAIN, method=method, by=owner(lab)), by=owner(lab))
    assert tasks.ring_for_domain_checks() == 1
    check.refresh_from_db()
    lab.refresh_from_db()
    return check


def owner(lab):
    return lab.memberships.get().user


class TestByDns:
    @pytest.fixture
    def records(self, monkeypatch):
        """Name → TXT records, as a name server on loopback tells them; it keeps silent about None."""
        known = {}
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 0))
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
        monkeypatch.setattr(dns.resolver, "resolve", resolver.resolve)
        monkeypatch.setattr(fetching, "DNS_SECONDS", 1.0)
        threading.Thread(target=self._serve, args=(server, known), daemon=True).start()
        yield known
        server.close()

    def _serve(self, server, known):
        while True:
            try:
                query, client = server.recvfrom(4096)
            except OSError:
                return
            question = dns.message.from_wire(query)
            answer = dns.message.make_response(question)
            name = question.question[0].name
            values = known.get(name.to_text(omit_final_dot=True), ())
            if values is None:
                continue
            if values:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *(f'"{value}"' for value in values)))
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            server.sendto(answer.to_wire(), client)

    def test_is_proved_by_the_record(self, lab, records):
        asked = ask_for_domain_check(lab, domain=DOMAIN, method="dns", by=owner(lab))
        records[f"_daylight.{DOMAIN}"] = ["v=spf1 -all", asked.expected]
        queue_domain_check(asked, by=owner(lab))

        assert tasks.ring_for_domain_checks() == 1

        asked.refresh_from_db()
        lab.refresh_from_db()
        assert (asked.status, asked.problem, lab.verified_domain) == ("proved", "", DOMAIN)
        assert Event.objects.filter(verb="lab.domain_proved", subject=lab.subject).count() == 1

    def test_is_not_proved_by_the_code_of_another_lab(self, lab, records):
        records[f"_daylight.{DOMAIN}"] = ["daylight-verification=that-of-another-lab"]

        found = check(lab, "dns")

        assert (found.status, lab.verified_domain) == ("failed", "")
        assert found.problem.startswith(f"_daylight.{DOMAIN} has 1 TXT records, and none is")

    def test_without_a_record_says_so(self, lab, records):
        assert check(lab, "dns").problem.startswith(f"_daylight.{DOMAIN} has 0 TXT records")

    def test_with_a_silent_name_server_is_over_in_bounded_time(self, lab, records):
        records[f"_daylight.{DOMAIN}"] = None

        assert check(lab, "dns").problem == (
            f"_daylight.{DOMAIN} could not be looked up: The name servers of _daylight.{DOMAIN} did not answer.")


class TestByFile:
    @pytest.fixture
    def server(self, tmp_path, monkeypatch):
        """An HTTPS server of the domain's; `answers` says what it gives for an address."""
        file = certificate_for(DOMAIN, tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.answers, server.asked = {}, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        trusting = ssl.create_default_context(cafile=file)
        monkeypatch.setattr(fetching, "_tls", lambda: trusting)
        self._send_the_worker_to(server, monkeypatch)
        yield server
        server.shutdown()
        server.server_close()

    def _send_the_worker_to(self, server, monkeypatch):
        """The domain's name leads to loopback, and its port 443 to that of the server."""
        port = server.server_address[1]

        def fetch(url, **how):
            here = {"resolver": lambda name, kind: ["127.0.0.1"] if kind == "A" else [], "allow": lambda *_: True}
            return fetching.fetch(url.replace(f"//{DOMAIN}/", f"//{DOMAIN}:{port}/"), **here, **how)

        monkeypatch.setattr(tasks, "look_for_code", partial(look_for_code, fetch=fetch))

    def publish(self, lab, server, status=200, headers=(), text="{code}\n"):
        """Put up what the owner was told to, and let it be checked."""
        asked = ask_for_domain_check(lab, domain=DOMAIN, method="file", by=owner(lab))
        body = text.format(code=asked.expected).encode()
        server.answers = {"/.well-known/daylight.txt": (status, headers, body), "/elsewhere": (200, (), body)}
        queue_domain_check(asked, by=owner(lab))
        assert tasks.ring_for_domain_checks() == 1
        asked.refresh_from_db()
        lab.refresh_from_db()
        return asked

    def test_is_proved_by_the_file(self, lab, server):
        found = self.publish(lab, server, text="Something else.\n{code}\n")

        assert (found.status, found.problem, lab.verified_domain) == ("proved", "", DOMAIN)
        assert server.asked == ["/.well-known/daylight.txt"]

    def test_is_not_proved_by_what_a_redirect_leads_to(self, lab, server):
        found = self.publish(lab, server, 302, [("Location", f"https://{DOMAIN}/elsewhere")])

        assert (found.status, lab.verified_domain) == ("failed", "")
        assert "answered with status 302; it must be 200, without a redirect." in found.problem
        assert server.asked == ["/.well-known/daylight.txt"]

    def test_is_not_proved_by_a_file_without_end(self, lab, server):
        found = self.publish(lab, server, text="{code}\n" + "x" * 5000)

        assert (found.status, lab.verified_domain) == ("failed", "")
        assert "larger than 4,096 bytes" in found.problem

    @pytest.mark.parametrize(("status", "text"), [(200, "Nothing."), (404, "{code}"), (500, "{code}")])
    def test_is_not_proved_by_anything_else(self, lab, server, status, text):
        assert self.publish(lab, server, status, text=text).status == "failed"
        assert lab.verified_domain == ""

    def test_is_not_proved_by_a_server_that_is_not_the_domains(self, lab, server, monkeypatch):
        monkeypatch.setattr(fetching, "_tls", ssl.create_default_context)

        assert "No secure connection" in self.publish(lab, server).problem
        assert server.asked == []

    def test_is_never_looked_for_in_our_own_network(self, lab, server, monkeypatch):
        """What the owner of a domain says about its address is not to be trusted."""
        monkeypatch.setattr(tasks, "look_for_code", look_for_code)
        monkeypatch.setattr(fetching, "_ask_dns", lambda name, kind: ["127.0.0.1"] if kind == "A" else [])

        found = self.publish(lab, server)

        assert (found.status, server.asked) == ("failed", [])
        assert f"{DOMAIN} is not on the public internet." in found.problem


class TestRinging:
    def test_rings_once_a_minute_until_it_is_settled_and_a_late_bell_does_nothing(self, lab, monkeypatch):
        answers = iter([(False, "Not yet."), (True, "")])
        asked = queue_domain_check(ask_for_domain_check(lab, domain=DOMAIN, method="dns", by=owner(lab)), by=owner(lab))
        monkeypatch.setattr(tasks.check_domain, "apply_async", lambda *_, **__: None)  # lost on its way

        assert [tasks.ring_for_domain_checks() for _ in range(3)] == [1, 0, 0]
        type(asked).objects.update(rung_at=timezone.now() - timedelta(seconds=61))
        assert tasks.ring_for_domain_checks() == 1

        monkeypatch.setattr(tasks, "look_for_code", lambda check: next(answers))
        tasks.check_domain(asked.pk)
        tasks.check_domain(asked.pk)

        asked.refresh_from_db()
        assert (asked.status, asked.problem) == ("failed", "Not yet.")
        assert next(answers) == (True, "")


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        status, headers, body = self.server.answers.get(self.path, (404, (), b""))
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Not into the test's output."""
