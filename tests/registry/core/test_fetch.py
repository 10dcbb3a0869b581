"""Requests to other hosts: never into our own network, never for long, never for much."""

import http.server
import json
import socket
import ssl
import threading
import time

import pytest

from registry.core import fetch as module
from registry.core.fetch import Fetched, FetchFailed, FetchRefused, fetch, is_public, lookup_txt, parse
from tests.certificates import certificate_for
from tests.shared import SHARED, needs_shared


class Canary:
    """Listens on loopback and counts who comes."""

    def __init__(self, answer=b"", drip=None):
        self.visits, self.heard, self.answer, self.drip = 0, b"", answer, drip
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection:
                self._hear(connection)
                connection.sendall(self.answer)
                while self.drip:
                    connection.sendall(self.drip)
                    time.sleep(0.05)
        except OSError:
            pass

    def _hear(self, connection):
        self.heard = connection.recv(65_536)
        while b"POST" in self.heard and self.heard.endswith(b"\r\n\r\n"):  # the body comes in a packet of its own
            self.heard += connection.recv(65_536)

    def close(self):
        self.socket.close()


@pytest.fixture
def canary():
    made = []

    def make(answer=b"", drip=None):
        made.append(Canary(answer, drip))
        return made[-1]

    yield make
    for one in made:
        one.close()


def here(name, kind):
    return ["127.0.0.1"] if kind == "A" else []


def anywhere(address, port):
    return True


def page(body, *headers):
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class RefusalTests:
    @needs_shared
    def test_none_of_the_hostile_addresses_is_connected_to(self, canary, monkeypatch):
        """Every name resolves to loopback here, and every connection made anywhere is counted."""
        tried = []
        monkeypatch.setattr(module.socket, "create_connection", lambda *args, **_: tried.append(args))
        lines = (SHARED / "data/attacks/net/ssrf_urls.jsonl").read_text().splitlines()
        for line in lines:
            with pytest.raises(FetchRefused):
                fetch(json.loads(line)["payload"], resolver=here)

        assert (len(lines) >= 27, tried) == (True, [])

    def test_a_listener_on_loopback_hears_nothing(self, canary):
        listener = canary(page(b"secret"))
        for host in (
            "127.0.0.1",
            "localhost",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "2130706433",
            "0x7f.1",
            "a.example",
        ):
            with pytest.raises(FetchRefused):
                fetch(f"http://{host}:{listener.port}/", resolver=here)

        time.sleep(0.1)
        assert listener.visits == 0

    def test_one_private_address_among_public_ones_is_enough(self):
        with pytest.raises(FetchRefused, match="not on the public internet"):
            fetch("http://mixed.example/", resolver=lambda name, kind: ["93.184.215.14", "10.0.0.1"])

    def test_a_private_ipv6_address_beside_a_public_ipv4_one_is_enough(self):
        answers = {"A": ["93.184.215.14"], "AAAA": ["fd00::1"]}

        with pytest.raises(FetchRefused):
            fetch("http://mixed.example/", resolver=lambda name, kind: answers[kind])

    def test_a_resolver_that_changes_its_answer_is_asked_once(self, canary, monkeypatch):
        listener = canary(page(b"secret"))
        asked, connected = [], []

        def rebinding(name, kind):
            asked.append(kind)
            return ["93.184.215.14"] if kind == "A" and asked == ["A"] else ["127.0.0.1"] if kind == "A" else []

        def connect(address, timeout):
            connected.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(module.socket, "create_connection", connect)
        with pytest.raises(FetchFailed):
            fetch("http://rebinding.example/", resolver=rebinding)

        assert (asked, connected, listener.visits) == (["A", "AAAA"], [("93.184.215.14", 80)], 0)

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "240.0.0.1",
            "192.0.0.9",
            "::1",
            "::",
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "ff02::1",
            "::ffff:8.8.8.8",
            "::8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
            "2001:db8::1",
            "3fff::1",
            "5f00::1",
            "100::1",
            "nonsense",
        ],
    )
    def test_these_addresses_are_not_public(self, address):
        assert not is_public(address)

    @pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::1"])
    def test_these_addresses_are_public(self, address):
        assert is_public(address)

    @pytest.mark.parametrize(
        "url",
        [
            "http://a.example:22/",
            "https://a.example:8443/",
            "http://a.example:0/",
            "http://user@a.example/",
            "http://a.example\t/",
            "http://exämple.org/",
            "http://a_b.example/",
            "http://a..example/",
            "http://-a.example/",
            "http://1.2.3/",
            "http://127.1/",
            "http://0177.0.0.1/",
            "http://1.2.3.4.5/",
            "http://[::1%25eth0]/",
            "http://a.0x1/",
            "//a.example/",
            "a.example",
            "",
            "gopher://a.example/",
            "http://a.example:99999/",
            "http://%31.example/",
        ],
    )
    def test_these_urls_are_refused(self, url):
        with pytest.raises(FetchRefused):
            fetch(url, resolver=lambda name, kind: ["93.184.215.14"])

    def test_an_ordinary_url_is_taken_apart(self):
        assert parse("HTTPS://Example.org./a b".replace(" ", "%20") + "?q=1#part") == (
            "https",
            "example.org",
            443,
            "/a%20b?q=1",
        )

    def test_a_name_without_address_is_a_failure(self):
        with pytest.raises(FetchFailed, match="could not be resolved"):
            fetch("http://nowhere.example/", resolver=lambda name, kind: [])


class AnswerTests:
    def test_has_status_headers_and_body(self, canary):
        listener = canary(page(b"hello", "X-A: b"))
        url = f"http://lab.example:{listener.port}/card?x=1"

        assert fetch(url, resolver=here, allow=anywhere) == Fetched(
            200, {"content-length": "5", "x-a": "b"}, b"hello"
        )
        assert listener.heard.startswith(b"GET /card?x=1 HTTP/1.1\r\n")
        assert f"Host: lab.example:{listener.port}\r\n".encode() in listener.heard
        assert b"Accept-Encoding: identity" in listener.heard

    def test_a_body_and_headers_are_sent(self, canary):
        listener = canary(page(b"ok"))
        fetch(
            f"http://a.example:{listener.port}/",
            method="POST",
            body=b"{}",
            headers={"Webhook-Id": "1"},
            resolver=here,
            allow=anywhere,
        )

        assert listener.heard.startswith(b"POST / ") and listener.heard.endswith(b"\r\n\r\n{}")
        assert b"Webhook-Id: 1\r\n" in listener.heard

    def test_redirects_are_not_followed(self, canary):
        inner = canary(page(b"secret"))
        location = f"Location: http://127.0.0.1:{inner.port}/"
        outer = canary(f"HTTP/1.1 302 Found\r\n{location}\r\nContent-Length: 0\r\n\r\n".encode())

        assert fetch(f"http://a.example:{outer.port}/", resolver=here, allow=anywhere).status == 302
        assert (outer.visits, inner.visits) == (1, 0)

    def test_proxies_of_the_environment_are_not_used(self, canary, monkeypatch):
        proxy, listener = canary(page(b"proxy")), canary(page(b"host"))
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")

        assert fetch(f"http://a.example:{listener.port}/", resolver=here, allow=anywhere).body == b"host"
        assert proxy.visits == 0

    @pytest.mark.parametrize(
        ("head", "drip"),
        [
            (b"", b"x"),
            (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b"x"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
            (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        ],
    )
    def test_a_slow_host_is_left_at_the_deadline(self, canary, head, drip):
        listener = canary(head, drip)
        before = time.monotonic()
        with pytest.raises(FetchFailed):
            fetch(f"http://a.example:{listener.port}/", timeout=0.6, resolver=here, allow=anywhere)

        assert time.monotonic() - before < 1.2

    @pytest.mark.parametrize(
        "answer",
        [
            page(b"x" * 2_000),
            b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + b"x" * 2_000 + b"\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n",
        ],
    )
    def test_a_huge_body_is_cut_off(self, canary, answer):
        listener = canary(answer)
        with pytest.raises(FetchFailed, match="larger than 1,000 bytes"):
            fetch(f"http://a.example:{listener.port}/", max_bytes=1_000, resolver=here, allow=anywhere)

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"nonsense\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
            b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500,
            page(b"x", "Content-Encoding: gzip"),
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ],
    )
    def test_a_broken_answer_is_a_failure(self, canary, answer):
        listener = canary(answer)
        with pytest.raises(FetchFailed):
            fetch(f"http://a.example:{listener.port}/", resolver=here, allow=anywhere)

    def test_a_body_of_the_largest_size_is_taken(self, canary):
        listener = canary(page(b"x" * 1_000))

        assert (
            len(fetch(f"http://a.example:{listener.port}/", max_bytes=1_000, resolver=here, allow=anywhere).body)
            == 1_000
        )


class TlsTests:
    @pytest.fixture
    def server(self, tmp_path):
        """An HTTPS server for lab.example, and a context that trusts it."""
        file = certificate_for("lab.example", tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        context.sni_callback = lambda connection, host, _: self.names.append(host)
        self.names = []
        server = http.server.HTTPServer(("127.0.0.1", 0), _Hello)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.trusting = ssl.create_default_context(cafile=file)
        yield server.server_address[1]
        server.shutdown()
        server.server_close()

    def test_the_name_is_sent_and_verified_although_the_address_was_dialled(self, server, monkeypatch):
        monkeypatch.setattr(module, "_tls", lambda: self.trusting)

        assert fetch(f"https://lab.example:{server}/", resolver=here, allow=anywhere).body == b"hello"
        assert self.names == ["lab.example"]
        with pytest.raises(FetchFailed, match="No secure connection"):
            fetch(f"https://other.example:{server}/", resolver=here, allow=anywhere)

    def test_a_certificate_that_nobody_vouches_for_is_refused(self, server):
        with pytest.raises(FetchFailed, match="No secure connection"):
            fetch(f"https://lab.example:{server}/", resolver=here, allow=anywhere)

    def test_a_host_that_never_shakes_hands_is_left_at_the_deadline(self, canary):
        silent = canary(b"", None)
        silent._serve = lambda connection: time.sleep(5)
        before = time.monotonic()
        with pytest.raises(FetchFailed, match="did not answer within"):
            fetch(f"https://a.example:{silent.port}/", timeout=0.5, resolver=here, allow=anywhere)

        assert time.monotonic() - before < 1.2


class _Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *args):
        """Not into the test's output."""


class LookupTxtTests:
    def test_gives_the_records(self):
        assert lookup_txt("_daylight.lab.example", lambda name, kind: [f"{kind} {name}"]) == [
            "TXT _daylight.lab.example"
        ]

    def test_a_resolver_without_answer_is_a_failure(self):
        def broken(name, kind):
            raise OSError("timed out")

        with pytest.raises(FetchFailed, match="did not answer"):
            lookup_txt("lab.example", broken)

    @pytest.mark.parametrize("name", ["", "a b.example", "a..b", "a" * 64 + ".example", "x." * 130])
    def test_what_is_no_name_is_refused(self, name):
        with pytest.raises(FetchRefused):
            lookup_txt(name, lambda *_: [])

    def test_asks_a_real_name_server(self, monkeypatch):
        """A name server of our own on loopback, asked by dnspython over UDP."""
        import dns.flags
        import dns.message
        import dns.resolver
        import dns.rrset

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))

            def serve():
                query, client = server.recvfrom(4096)
                question = dns.message.from_wire(query)
                answer = dns.message.make_response(question)
                name = question.question[0].name
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", '"daylight=" "code"', '"other"'))
                server.sendto(answer.to_wire(), client)

            threading.Thread(target=serve, daemon=True).start()
            resolver = dns.resolver.Resolver(configure=False)
            resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
            monkeypatch.setattr(dns.resolver, "resolve", resolver.resolve)

            assert sorted(lookup_txt("lab.example")) == ["daylight=code", "other"]
