"""Reading mails that are broken, hostile, or from another time."""

import random
import time
import tracemalloc

import pytest

from discussions.mail_in.html_text import text_of_html
from discussions.mail_in.limits import TooMuch, check
from discussions.mail_in.message import address_in, read
from discussions.mail_in.receiving import digest_of

from .clients import message, multipart

MOST = 10 * 2**20


class TestText:
    @pytest.mark.parametrize(
        "charset, data",
        [
            ("utf-8", "Grüße".encode()),
            ("iso-8859-1", "Grüße".encode("latin-1")),
            ("iso-8859-1", "Grüße".encode("cp1252")),
            ("us-ascii", "Grüße".encode()),
            ("utf-8", "Grüße".encode("latin-1")),
            ("nonsense-7", "Grüße".encode()),
            ("", "Grüße".encode("cp1252")),
            ("utf-16", "Grüße".encode("utf-16")),
            ("koi8-r", "Привет".encode("koi8-r")),
            ("iso-2022-jp", "こんにちは".encode("iso-2022-jp")),
            ("gb2312", "你好".encode("gb2312")),
            ("hex", b"Gr"),
            ("zlib", b"Gr"),
            ("punycode", b"Gr"),
            ("unicode_escape", b"Gr"),
            ("x" * 5000, b"Gr"),
        ],
    )
    def test_is_read_by_the_charset_it_has_whatever_it_says(self, charset, data):
        kind = f'text/plain; charset="{charset}"' if charset else "text/plain"

        text = (
            read(message(data, kind=kind, encoding="8bit").replace(b"\r\n", b"\n")).text
            if charset != "utf-16"
            else (read(message("", kind=kind).rstrip() + b"\r\n\r\n" + data).text)
        )

        assert text.strip() in {"Grüße", "Привет", "こんにちは", "你好", "Gr"}

    def test_of_two_forms_is_the_plain_one_or_html_where_that_is_empty(self):
        both = [("text/plain", "Plain."), ("text/html", "<p>Rich.</p>")]
        empty = [("text/plain", " \n"), ("text/html", "<p>Rich.</p>")]

        assert [read(multipart(parts)).text for parts in (both, both[::-1], empty)] == ["Plain.", "Plain.", "Rich."]

    def test_around_a_picture_is_one(self):
        parts = [("text/plain", "Above."), ("image/png; name=a.png", "x"), ("text/plain", "Below.")]

        said = read(multipart(parts, kind="mixed"))

        assert (said.text, said.left_out) == ("Above.\n\nBelow.", [["a.png", False]])

    def test_that_is_flowed_is_joined(self):
        body = "One line \nthat goes on.\n>quoted \n>too\n>>deeper\n  indented\n-- \nMo"

        said = read(message(body, kind="text/plain; format=flowed")).text

        assert said == "One line that goes on.\n> quoted too\n>> deeper\n indented\n-- \nMo"

    @pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "7bit", "x-uuencode", "nonsense", "binary"])
    def test_in_a_broken_encoding_is_no_error(self, encoding):
        for body in ("@@@@", "=ZZ=", "begin 644 x\n!!!\n", "=" * 999, "Zg=" * 9):
            assert isinstance(read(message(body, encoding=encoding)).text, str)

    def test_of_broken_mime_is_what_can_be_read(self):
        unended = message("--b\nContent-Type: text/plain\n\nHello.\n", kind="multipart/mixed; boundary=b")
        unnamed = message("--x\nContent-Type: text/plain\n\nHello.\n--x--\n", kind="multipart/mixed")

        assert read(unended).text == "Hello."
        assert isinstance(read(unnamed).text, str)
        for raw in (b"", b"\n", b"\n\nHello.", b"Hello.", b"\xff\xfe\x00", b": x\n\ny", b"Content-Type: ;;=\n\nx"):
            assert isinstance(read(raw).text, str)

    def test_has_no_sign_that_cannot_be_stored(self):
        assert read(message("a\x00b\x07c\x7fd", encoding="8bit")).text == "abcd"


class TestHeaders:
    def test_are_decoded_onto_one_line(self):
        raw = message("x", subject="=?utf-8?b?R3LDvMOfZQ==?=\n =?iso-8859-1?q?_aus_K=F6ln?= =?x?q?a?=\n\tund\x00 so")

        assert read(raw).get("subject").startswith("Grüße aus Köln")
        assert "\n" not in read(raw).get("subject")

    def test_cannot_smuggle_a_line_in(self):
        said = read(message("x", subject="=?utf-8?q?a=0D=0ABcc:_x=40y.example?="))

        assert said.get("subject") == "a Bcc: x@y.example"
        assert said.all("bcc") == []

    @pytest.mark.parametrize(
        "header, address",
        [
            ("Mo <mo@x.example>", "mo@x.example"),
            ("MO@X.example", "mo@x.example"),
            ('"a, b" <mo@x.example>', "mo@x.example"),
            ("mo@x.example (Mo)", "mo@x.example"),
            ("<mo@x.example>", "mo@x.example"),
            ("Mö <mö@x.example>", "mö@x.example"),
            ("", ""),
            ("<>", ""),
            ("Mo", ""),
            ("a@x.example, b@x.example", ""),
            ("a@x.example <b@x.example>", ""),
            ("<@evil.example:mo@x.example>", ""),
            ("<mo@x.example> x", ""),
            ("<a@x.example><b@x.example>", ""),
            ('"<mo@x.example>" <b@x.example>', "b@x.example"),
            ("group: mo@x.example;", ""),
            ("((((mo@x.example", ""),
        ],
    )
    def test_name_one_sender_or_none(self, header, address):
        assert address_in(header) == address

    def test_of_one_mail_name_it_and_those_of_another_do_not(self):
        raw = message("x", message_id="<a@b.example>")

        assert digest_of(raw) == digest_of(b"Received: again\r\n" + raw)
        assert digest_of(raw) != digest_of(raw.replace(b"<a@b", b"<c@b"))
        assert digest_of(raw) != digest_of(raw.replace(b"mod@example.org", b"eve@example.org"))


class TestHtml:
    @pytest.mark.parametrize(
        "html, text",
        [
            ("<p>One</p><p>Two<br>lines</p>", "One\n\nTwo\nlines"),
            ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
            ("<ul><li>a<li>b</ul><ol><li>c</ol>", "- a\n- b\n\n1. c"),
            ("a <b>b</b> <i>c </i>d", "a **b** *c* d"),
            ('<a href="https://x.example/a b">words</a>', "[words](https://x.example/a%20b)"),
            ('<a href="https://x.example/">https://x.example</a>', "https://x.example/"),
            ('<a href="javascript:alert(1)">x</a>', "x"),
            ("<script>alert(1)</script><style>p{}</style>ok", "ok"),
            ('<img src="https://evil.example/p.gif" alt="x">hello', "hello"),
            ("&lt;script&gt;", "<script>"),
            ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n>\n> > b\n\nc"),
            ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
            ("<h2>Title</h2>x", "## Title\n\nx"),
            ("", ""),
            ("<", "<"),
            ("<!-- x --><![if !mso]>y<![endif]>", "y"),
            ("<table><tr><td>a<td>b</table>", "a b"),
        ],
    )
    def test_becomes_what_its_writer_would_have_typed(self, html, text):
        assert text_of_html(html) == text


def nested(depth, kind="multipart/mixed"):
    raw = b"From: a@b.example\n"
    for level in range(depth):
        raw += b"Content-Type: %s; boundary=b%d\n\n--b%d\n" % (kind.encode(), level, level)
    return raw + b"\nHello.\n"


HOSTILE = {
    "nested": nested(30),
    "nested messages": b"Content-Type: message/rfc822\n\n" * 39 + b"\nx",
    "deep": nested(5000),
    "deep messages": b"Content-Type: message/rfc822\n\n" * 50_000,
    "folded": b"Content-Type:\n multipart/mixed;\n boundary=a\n\n" * 999,
    "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 1900,
    "too many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 99_000,
    "headers": b"X: y\n" * 12_000 + b"\nx",
    "too many headers": b"X: y\n" * 200_000 + b"\nx",
    "headers of a part": b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + b"X: y\n" * 200_000 + b"\nx\n--b--\n",
    "comments": b"From: " + b"(" * 20_000 + b")" * 20_000 + b"a@b.example\n\nx",
    "words": b"Subject: " + b"=?utf-8?q?a?= " * 4000 + b"\n\nx",
    "words of words": b"Subject: " + b"=?" * 30_000 + b"\n\nx",
    "references": b"References: " + b"<a@b> " * 10_000 + b"\n\nx",
    "parameters": b"Content-Type: text/plain; " + b"a*0*=x; " * 7000 + b"\n\nx",
    "lines": b"From: a@b.example\n\n" + b"\n" * 299_000,
    "too many lines": b"\n" * 10_000_000,
    "one line": b"From: a@b.example\n\n" + b"x" * (MOST - 100),
    "base64": message("QUJD" * 2_000_000, encoding="base64"),
    "html": message("<b>" * 60_000, kind="text/html"),
    "html quotes": message("<blockquote>" * 7000 + "x", kind="text/html"),
    "html comments": message("<!--" * 60_000, kind="text/html"),
    "html marks": message("<!" * 7000 + "<a b=" * 900, kind="text/html"),
    "quotes": message(">" * 50_000 + "x"),
    "boundary": b"Content-Type: multipart/mixed; boundary=" + b"b" * 60_000 + b"\n\nx",
    "digest": b"Content-Type: multipart/digest; boundary=b\n\n" + b"--b\n\n" * 1900,
    "flowed": message("x \n" * 100_000, kind="text/plain; format=flowed"),
}


class TestHostileMail:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_is_refused_or_read_within_a_moment_and_bounded_memory(self, name):
        raw = HOSTILE[name]
        tracemalloc.start()
        began = time.monotonic()

        try:
            check(raw, MOST)
            read(raw)
        except TooMuch:
            pass
        took, (_, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert took < 10, f"{took:.1f} s"  # tracing makes it several times slower
        assert peak < 200 * 2**20, f"{peak / 2**20:.0f} MB"

    def test_at_random_is_no_error(self):
        chance = random.Random(7)
        whole = multipart([("text/plain", "Plain."), ("text/html; charset=utf-8", "<p>Rich.</p>")])
        for _ in range(400):
            raw = bytearray(whole)
            for _ in range(chance.randrange(1, 40)):
                raw[chance.randrange(len(raw))] = chance.choice(b'\n\r \x00\xff:;=<>"()-b')
            assert isinstance(read(bytes(raw)).text, str)
