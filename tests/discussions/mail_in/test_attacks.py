"""The attack inputs beside the repository, sent as mail: nothing more comes of them than over the form."""

import re
import time

import pytest
from django.test import Client

from discussions.mail_in.models import IncomingMail
from discussions.mail_in.receiving import TooMuch
from discussions.threads.actions import post
from discussions.threads.models import Comment
from registry.core.errors import Invalid
from registry.core.mail import OutboundMail
from tests.discussions.notifications.case import later, tell_all
from tests.security.corpus import entries, text_of, xss
from tests.security.watched import FORBIDDEN, Watched

from .case import DOMAIN, MailInTestCase
from .clients import VOUCHED, message

HTML = "text/html; charset=utf-8"
QUOTES = str.maketrans({'"': "'", "\\": "/"})
SENDER = "Mo Example <mod@example.org>"


@pytest.mark.needs_shared
class TestAttacks(MailInTestCase):
    def test_scripts_as_a_body_become_the_html_that_the_form_makes(self):
        """Of every payload: the HTML is what `post` makes of the same text, and the text is the payload."""
        payloads = [p for p in xss() if p.strip()]
        same = 0
        for payload in payloads[:: max(1, len(payloads) // 100)]:
            mail = self.arrive(message(payload.encode("utf-8", "replace")))
            if mail.state == "refused":
                continue
            comment = mail.comment
            try:
                by_form = post(self.thread, comment.body, self.mo, parent=self.opening)
            except Invalid as problem:  # pragma: no cover - would be a difference
                self.fail(f"{payload}: {problem}")
            self.assertEqual(comment.html, by_form.html)
            same += comment.body.split() == payload.split()
            self.assertNotRegex(comment.html.lower(), r"<script|<[a-z][^<>]*(?:\s(?:on\w+|style)=|=.?javascript:)")
        self.assertGreater(same, 60)

    def test_scripts_as_html_become_text_without_them(self):
        payloads = [p for p in xss() if p.strip()]
        for payload in payloads[:: max(1, len(payloads) // 60)]:
            raw = message(f"<p>Hello.</p>{payload}".encode("utf-8", "replace"), kind="text/html; charset=utf-8")
            mail = self.arrive(raw)
            if mail.comment:
                again = post(self.thread, mail.comment.body, self.mo, parent=self.opening)
                self.assertEqual(mail.comment.html, again.html)

    def test_raw_messages_do_what_is_expected_of_them(self):
        for entry in entries("mail/inbound"):
            with self.subTest(entry["name"]):
                before, answered = Comment.objects.count(), OutboundMail.objects.count()
                raw, secret = self.filled(entry["raw"], entry["id"])
                to = re.search(r"^To: (.*?)\r?$", raw, re.MULTILINE)[1]
                try:
                    mail = self.arrive(raw.encode(), to)
                except ValueError:
                    mail = None
                made = Comment.objects.count() - before
                if "discard" in entry["expect"]:
                    self.assertEqual(made, 0)
                    if entry["name"] in {"null sender", "wrong token"}:
                        self.assertEqual(OutboundMail.objects.count(), answered)
                if entry["expect"].startswith("post as"):
                    self.assertEqual((made, mail.comment.author), (1, self.mo))
                if made:
                    self.assertNotIn(secret, mail.comment.html)
                    self.assertNotRegex(mail.comment.html, r"<img[^>]+src=.?https?:|<script|<[a-z][^<>]*\sonerror=")

    def test_huge_messages_are_refused_or_read_within_seconds(self):
        for entry in entries("mail/inbound_big"):
            with self.subTest(entry["name"]):
                raw, _ = self.filled(text_of(entry), entry["id"])
                began = time.monotonic()
                try:
                    self.arrive(raw.encode())
                except TooMuch:
                    pass
                self.assertLess(time.monotonic() - began, 5)

    def filled(self, raw, name):
        """The message with our names in it, as our mail server hands it over, and the secret that it holds."""
        secret = self.reply_to.partition("@")[0].removeprefix("reply+")
        for mark, value in {"TOKEN": secret, "HOST": DOMAIN, "SENDER": SENDER, "VICTIM": "victim.example"}.items():
            raw = raw.replace(f"{{{mark}}}", value)
        raw = raw.replace("<x1@mail.invalid>", f"<{name}@mail.invalid>")
        sender = "" if "Return-Path: <>" in raw else f"Authentication-Results: {VOUCHED}\r\n"
        return sender + raw, secret


@pytest.mark.needs_shared
class TestInABrowser(MailInTestCase):
    """In Chromium nothing runs: neither on pages that show what came by mail nor in letters that tell of it."""

    @pytest.fixture(autouse=True)
    def _browser(self, browser):
        self.browser = browser

    def test_nothing_of_a_mail_runs(self):
        payloads = [p for p in xss() if p.strip()][::30]
        for number, payload in enumerate(payloads):
            said = payload.encode("utf-8", "replace")
            self.arrive(message(said) if number % 2 else message(b"<p>Hello.</p>" + said, kind=HTML))
            named = " ".join(payload.split())[:150]
            sender = f'"{named.translate(QUOTES)}" <mod@example.org>'
            self.arrive(message(said, subject=named, sender=sender, vouched=""))
        for entry in entries("mail/inbound"):
            raw, _ = TestAttacks.filled(self, entry["raw"], entry["id"])
            try:
                self.arrive(raw.encode(), re.search(r"^To: (.*?)\r?$", raw, re.MULTILINE)[1])
            except ValueError:
                continue
        waiting = list(IncomingMail.objects.filter(person=self.mo, state=IncomingMail.State.WAITING)[:20])
        assert len(waiting) == 20 and len(self.comments()) > len(payloads) / 2
        pages = ["/inbox/mail/", *(f"/inbox/mail/{mail.pk}/" for mail in waiting)]
        for csp in (False, True):
            self.look([f"/t/{self.thread.pk}/", "/threads/"], csp=csp)
            self.look(pages, self.mo, csp=csp)

    def test_nothing_in_the_letters_that_go_out_runs(self):
        for payload in [p for p in xss() if p.strip()][::60]:
            self.arrive(message(payload.encode("utf-8", "replace")))
        tell_all()
        with later(days=1):
            letters = [letter for user in (self.eve, self.zed) for letter in self.mailed(user)]
        texts = [letter.html for letter in [*letters, *OutboundMail.objects.all()] if letter.html]
        assert sum(map(len, texts)) > 10_000
        page = self.watched()
        for number, text in enumerate(texts):
            page.show(f"/letter/{number}", text)
            assert page.visit(f"/letter/{number}") == [], text
            assert page.page.evaluate(FORBIDDEN.replace("main *", "body *").replace("|style$", "")) == [], text

    def watched(self, user=None, csp=False):
        client = Client()
        if user:
            client.force_login(user)
        page = Watched(self.browser, client, csp=csp)
        self.addCleanup(page.context.close)
        return page

    def look(self, addresses, user=None, *, csp):
        page = self.watched(user, csp)
        for address in addresses:
            assert page.visit(address) == [], (address, csp)
            assert page.status == 200, address
            assert page.page.evaluate(FORBIDDEN) == [], address
            assert page.reports == [], address
