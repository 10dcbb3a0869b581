"""Outgoing mail: rows by requests, sent once by workers, tried again under the same Message-ID."""

from datetime import timedelta
from unittest import mock

from django.core import mail as outbox
from django.core.mail import BadHeaderError, EmailMultiAlternatives, send_mail
from django.db import OperationalError, connection
from django.test import TestCase, override_settings
from django.utils import timezone

from registry.core import mail, tasks
from registry.core.mail import ATTEMPTS, LEASE, OutboundMail, claim_mail

SENDING = "django.core.mail.backends.locmem.EmailBackend"


@override_settings(EMAIL_BACKEND="registry.core.mail.OutboxBackend", EMAIL_DELIVERY_BACKEND=SENDING,
                   EMAIL_DELIVERY_OPTIONS={}, BASE_URL="https://daylight.example")
class MailTestCase(TestCase):
    def queued(self, *recipients):
        recipients = recipients or ["eve@example.org"]
        send_mail("Hello", "A secret link.", "site@example.org", recipients, html_message="<p>A</p>")
        return OutboundMail.objects.order_by("-pk").first()

    def due_again(self, row):
        OutboundMail.objects.filter(pk=row.pk).update(due_at=timezone.now())


class WritingTests(MailTestCase):
    def test_is_a_row_and_nothing_is_sent(self):
        row = self.queued()

        self.assertEqual(outbox.outbox, [])
        self.assertEqual((row.recipients, row.subject, row.html), (["eve@example.org"], "Hello", "<p>A</p>"))
        self.assertRegex(row.message_id, "^<[0-9a-f]{32}@daylight.example>$")

    def test_asks_no_name_service(self):
        with mock.patch("socket.getfqdn", side_effect=AssertionError("asked")):
            self.queued()

    def test_nobody_reads_anothers_address(self):
        message = EmailMultiAlternatives("S", "B", "site@example.org", ["a@example.org"], bcc=["b@example.org"],
                                         cc=["a@example.org"], headers={"Reply-To": "r@example.org"})
        message.send()

        rows = OutboundMail.objects.order_by("pk")
        self.assertEqual([r.recipients for r in rows], [["a@example.org"], ["b@example.org"]])
        self.assertEqual(len({r.message_id for r in rows}), 2)
        for row in rows:
            tasks.send_mail(row.pk)
        self.assertEqual([m.recipients() for m in outbox.outbox], [["a@example.org"], ["b@example.org"]])
        self.assertEqual({m.message()["Reply-To"] for m in outbox.outbox}, {"r@example.org"})

    def test_line_breaks_in_headers_are_refused_at_once(self):
        with self.assertRaises(BadHeaderError):
            send_mail("Hello\r\nBcc: all@example.org", "B", "site@example.org", ["eve@example.org"])


class SendingTests(MailTestCase):
    def test_is_sent_once_and_its_body_forgotten(self):
        row = self.queued()

        for _ in range(3):
            tasks.send_mail(row.pk)

        row.refresh_from_db()
        self.assertEqual(len(outbox.outbox), 1)
        self.assertEqual(outbox.outbox[0].message()["Message-ID"], row.message_id)
        self.assertEqual((row.body, row.html, row.attempts), ("", "", 1))

    def test_a_second_worker_leaves_one_that_is_being_sent(self):
        row = self.queued()

        first, second = claim_mail(row.pk), claim_mail(row.pk)

        self.assertEqual((first.attempts, second), (1, None))

    def test_no_transaction_is_open_while_the_server_is_spoken_to(self):
        row, depth, seen = self.queued(), len(connection.savepoint_ids), []
        with mock.patch.object(EmailMultiAlternatives, "send", lambda _: seen.append(len(connection.savepoint_ids))):
            tasks.send_mail(row.pk)

        self.assertEqual(seen, [depth])

    def test_a_worker_that_dies_leaves_it_to_the_next_under_the_same_id(self):
        row = self.queued()
        claim_mail(row.pk)
        self.assertEqual(self.rung(), [])

        with mock.patch.object(timezone, "now", return_value=timezone.now() + LEASE + timedelta(seconds=1)):
            self.assertEqual(self.rung(), [row.pk])
            tasks.send_mail(row.pk)

        self.assertEqual([m.message()["Message-ID"] for m in outbox.outbox], [row.message_id])

    def test_a_server_that_will_not_have_it_is_asked_later_and_later(self):
        row = self.queued()
        pauses = []
        with mock.patch.object(EmailMultiAlternatives, "send", side_effect=OSError("421 later\0")):
            for _ in range(ATTEMPTS):
                self.due_again(row)
                before = timezone.now()
                tasks.send_mail(row.pk)
                row.refresh_from_db()
                pauses.append(round((row.due_at - before).total_seconds()))

        self.assertEqual(pauses, sorted(pauses))
        self.assertTrue(row.failed_at)
        self.assertIn("421 later", row.error)
        self.assertEqual(row.body, "A secret link.")
        self.assertEqual(self.rung(), [])

    def test_one_that_kills_every_worker_ends(self):
        row = self.queued()
        for _ in range(ATTEMPTS + 1):
            self.due_again(row)
            claim_mail(row.pk)

        row.refresh_from_db()
        self.assertTrue(row.failed_at)

    def test_that_it_was_sent_is_written_down_when_the_database_is_back(self):
        row, answers = self.queued(), [OperationalError("gone"), OperationalError("gone")]
        real = type(OutboundMail.objects.all()).update

        def away(queryset, **values):
            if "sent_at" in values and answers:
                raise answers.pop()
            return real(queryset, **values)

        rows = type(OutboundMail.objects.all())
        with mock.patch.object(rows, "update", away), mock.patch.object(mail, "connection"):
            tasks.send_mail(row.pk)

        row.refresh_from_db()
        self.assertTrue(row.sent_at)
        self.assertEqual(len(outbox.outbox), 1)

    def rung(self):
        with mock.patch.object(tasks.send_mail, "apply_async") as bell:
            tasks.ring_for_mail()
        return [call.args[0][0] for call in bell.call_args_list]


class RingTests(MailTestCase):
    def test_what_was_rung_before_the_broker_failed_is_not_rung_again(self):
        self.queued("a@example.org", "b@example.org")
        with mock.patch.object(tasks.send_mail, "apply_async", side_effect=[None, ConnectionError]):
            with self.assertRaises(ConnectionError):
                tasks.ring_for_mail()

        self.assertEqual(OutboundMail.objects.filter(rung_at=None).count(), 1)
