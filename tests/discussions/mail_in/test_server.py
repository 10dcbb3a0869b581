"""The receiver as mail servers meet it: real sessions over SMTP and LMTP, with a process of its own that is killed."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
from contextlib import contextmanager
from unittest import mock

from django.db import OperationalError, connection
from django.test import TransactionTestCase, override_settings
from django.utils import timezone

from discussions.mail_in import receiving
from discussions.mail_in.models import IncomingMail
from discussions.mail_in.processing import process
from discussions.mail_in.routing import address_of
from discussions.threads.actions import start_thread
from discussions.threads.addresses import reply_address
from registry.accounts.models import User
from tests.people import PlatformTestCase, at_once
from tests.shared import ROOT

from .case import DOMAIN, SITE
from .clients import message
from .receiver import receiver

OURS = "mod@example.org"


@override_settings(**SITE, RATE_LIMIT_SCALE=1000, EMAIL_BACKEND="registry.core.mail.OutboxBackend")
class ServerTestCase(TransactionTestCase):
    def setUp(self):
        PlatformTestCase.setUpTestData.__func__(self)
        User.objects.update(trusted_since=timezone.now())
        self.thread = start_thread(self.entry.subject, "Why so small?", "It is.", self.eve)
        self.to = reply_address(self.mo, self.thread.comments.get())

    def work(self):
        """What the worker does when it is rung for everything."""
        for pk in IncomingMail.objects.filter(state="received").values_list("pk", flat=True):
            process(pk)

    def comments(self):
        return list(self.thread.comments.order_by("number").values_list("body", flat=True))[1:]

    @contextmanager
    def smtp(self, kind=smtplib.SMTP):
        with receiver() as port, kind("127.0.0.1", port, "client.example", timeout=10) as client:
            yield client


class SmtpTests(ServerTestCase):
    def test_takes_a_mail_for_a_reply_address_and_an_entry(self):
        with self.smtp() as client:
            self.assertEqual(client.sendmail(OURS, [self.to, address_of(self.entry)], message("Over SMTP.")), {})
        self.work()

        self.assertEqual(self.comments(), ["Over SMTP."])
        self.assertEqual(self.entry.subject.threads.latest("pk").comments.get().body, "Over SMTP.")

    def test_takes_addresses_in_whichever_case_and_names_in_utf_8(self):
        with self.smtp() as client:
            client.ehlo()
            raw = message("Grüße.", sender="Mö Éxample <mod@example.org>", subject="Re: Größe")
            client.sendmail("mö@example.org", [self.to.upper()], raw, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
        self.work()

        self.assertEqual(self.comments(), ["Grüße."])

    def test_refuses_whom_nobody_knows_and_relays_nothing(self):
        with self.smtp() as client:
            client.ehlo()
            client.mail(OURS)
            for address in (
                f"nobody@{DOMAIN}",
                "victim@elsewhere.example",
                self.to.replace("reply+", "reply+1"),
                "x",
                "",
            ):
                self.assertIn(client.rcpt(address)[0], {501, 550}, address)
            self.assertEqual(client.docmd("DATA")[0], 503)

        self.assertFalse(IncomingMail.objects.exists())

    @override_settings(MAIL_IN_MB=1)
    def test_refuses_what_is_too_large_before_or_after_it_came(self):
        with self.smtp() as client:
            client.ehlo()
            self.assertEqual(client.mail(OURS, ["SIZE=5000000"])[0], 552)
            client.mail(OURS)
            client.rcpt(self.to)
            self.assertEqual(client.data(message("x" * 70 + "\n") + (b"y" * 70 + b"\r\n") * 16_000)[0], 552)
            client.mail(OURS)
            client.rcpt(self.to)
            self.assertEqual(client.data(message("Hello", extra=["X-A: b"] * 20_000))[0], 552)
            self.assertEqual(client.sendmail(OURS, [self.to], message("Small.")), {})
        self.work()

        self.assertEqual(self.comments(), ["Small."])

    @override_settings(MAIL_IN_MB=1)
    def test_ends_a_connection_that_sends_without_end(self):
        with receiver() as port, socket.create_connection(("127.0.0.1", port), timeout=10) as connected:
            connected.sendall(f"EHLO x\r\nMAIL FROM:<{OURS}>\r\nRCPT TO:<{self.to}>\r\nDATA\r\n".encode())
            with self.assertRaises(OSError):
                for _ in range(400):
                    connected.sendall(b"z" * 65536)

    def test_says_to_come_again_where_the_row_cannot_be_stored(self):
        with self.smtp() as client, mock.patch.object(receiving, "_leave_room", side_effect=OperationalError):
            with self.assertRaises(smtplib.SMTPDataError) as refused:
                client.sendmail(OURS, [self.to], message("Later."))
        with self.smtp() as client, mock.patch.object(receiving, "MOST_WAITING", 10):
            with self.assertRaises(smtplib.SMTPDataError) as full:
                client.sendmail(OURS, [self.to], message("Later."))

        self.assertEqual((refused.exception.smtp_code, full.exception.smtp_code), (451, 452))
        self.assertFalse(IncomingMail.objects.exists())

    def test_takes_one_mail_sent_many_times_at_once_once(self):
        raw = message("Once.")
        with receiver() as port:

            def send():
                with smtplib.SMTP("127.0.0.1", port, "client.example", timeout=30) as client:
                    return client.sendmail(OURS, [self.to], raw)

            came = at_once(*[send] * 8)
        at_once(*[self.work] * 4)

        self.assertEqual(came, [{}] * 8)
        self.assertEqual((IncomingMail.objects.count(), self.comments()), (1, ["Once."]))


class LmtpTests(ServerTestCase):
    def test_answers_for_each_recipient(self):
        with self.smtp(smtplib.LMTP) as client:
            client.ehlo()
            client.mail(OURS)
            for address in (self.to, address_of(self.entry)):
                client.rcpt(address)
            self.assertEqual(client.data(message("Over LMTP."))[0], 250)
            self.assertEqual(client.getreply()[0], 250)
            self.assertEqual(client.noop()[0], 250)
        self.work()

        self.assertEqual(self.comments(), ["Over LMTP."])
        self.assertEqual(IncomingMail.objects.count(), 2)


class ProcessTests(ServerTestCase):
    """`manage.py receive_mail` and `take_mail`, each a process of its own, on the database of the test."""

    def env(self):
        settings = connection.settings_dict
        url = os.environ["DATABASE_URL"].rpartition("/")
        query = url[2].partition("?")[2]
        database = f"{url[0]}/{settings['NAME']}" + (f"?{query}" if query else "")
        return os.environ | {
            "DATABASE_URL": database,
            "MAIL_DOMAIN": DOMAIN,
            "MAIL_AUTHSERV_ID": SITE["MAIL_AUTHSERV_ID"],
            "BASE_URL": SITE["BASE_URL"],
            "MAIL_IN": "127.0.0.1:0",
        }

    @contextmanager
    def process(self):
        """The receiver; yields it and the port that it listens at."""
        command = [sys.executable, "manage.py", "receive_mail"]
        with subprocess.Popen(command, cwd=ROOT, env=self.env(), stdout=subprocess.PIPE, text=True) as running:
            said = running.stdout.readline()
            try:
                yield running, int(said.rpartition(":")[2].split()[0])
            finally:
                running.kill()

    def send(self, port, raw):
        with smtplib.SMTP("127.0.0.1", port, "client.example", timeout=10) as client:
            return client.sendmail(OURS, [self.to], raw)

    def test_receiver_killed_after_it_took_a_mail_has_lost_nothing_and_takes_it_again_without_a_double(self):
        raw = message("Kept.")
        for _ in range(2):
            with self.process() as (running, port):
                self.assertEqual(self.send(port, raw), {})
                running.send_signal(signal.SIGKILL)
                running.wait(10)
            self.work()

        self.assertEqual(self.comments(), ["Kept."])

    def test_receiver_stops_when_it_is_told_to(self):
        with self.process() as (running, port):
            self.send(port, message("Hello."))
            running.send_signal(signal.SIGTERM)
            self.assertEqual(running.wait(10), 0)

    def test_take_mail_reads_one_message_and_says_by_its_code_what_came_of_it(self):
        def take(raw, *options):
            command = [sys.executable, "manage.py", "take_mail", *options]
            return subprocess.run(command, cwd=ROOT, env=self.env(), input=raw, capture_output=True).returncode

        raw = message("Through a pipe.").replace(b"\r\n", b"\n")
        self.assertEqual([take(raw, "--sender", OURS, self.to) for _ in range(2)], [0, 0])
        self.assertEqual(take(raw, f"nobody@{DOMAIN}"), os.EX_NOUSER)
        self.assertEqual(take(b"x" * 11 * 2**20, self.to), os.EX_DATAERR)
        self.work()

        self.assertEqual(self.comments(), ["Through a pipe."])
