"""Mail over SMTP, as EMAIL_URL says, to a server of our own."""

from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.test import override_settings
from django.utils import timezone

from registry.core import tasks
from registry.core.mail import OutboundMail
from registry.core.mail_url import mail_backend
from tests.certificates import certificate_for
from tests.smtp_sink import smtp_sink

SUBJECT = "Überprüfung: “Lampe” – 検証"
BODY = "Grüße.\n.\n..two dots\nEnd."
HTML = "<p>Grüße.</p>"


def send(url):
    """One mail as a request writes it and the worker sends it; returns its row afterwards."""
    backend, options = mail_backend(url)
    with override_settings(
        EMAIL_BACKEND="registry.core.mail.OutboxBackend", EMAIL_DELIVERY_BACKEND=backend,
        EMAIL_DELIVERY_OPTIONS=options,
    ):  # fmt: skip
        send_mail(SUBJECT, BODY, "Daylight <site@example.org>", ["Ada <ada@example.org>"], html_message=HTML)
        row = OutboundMail.objects.latest("pk")
        tasks.send_mail(row.pk)
    row.refresh_from_db()
    return row


def is_kept_for_later(row):
    return row.sent_at is None and row.failed_at is None and row.due_at > timezone.now() + timedelta(seconds=20)


@pytest.mark.django_db
class TestPlain:
    def test_both_bodies_and_a_subject_beyond_ascii_arrive(self):
        with smtp_sink() as sink:
            row = send(sink.url)

        (mail,) = sink.messages
        assert row.sent_at and not row.error
        assert (mail.sender, mail.recipients) == ("site@example.org", ["ada@example.org"])
        assert (mail.message["Subject"], mail.message["Message-ID"]) == (SUBJECT, row.message_id)
        assert mail.data.partition(b"\r\n\r\n")[0].isascii()
        assert {kind: text.replace("\r\n", "\n").rstrip("\n") for kind, text in mail.bodies.items()} == {
            "text/plain": BODY, "text/html": HTML}  # fmt: skip
        assert mail.message.get_content_type() == "multipart/alternative"

    def test_a_refused_recipient_is_written_down_and_tried_later(self):
        with smtp_sink(refuse={"RCPT": "550 Nobody of that name"}) as sink:
            row = send(sink.url)

        assert is_kept_for_later(row) and "Nobody of that name" in row.error
        assert sink.messages == []

    def test_a_server_that_is_not_there_is_tried_later(self):
        with smtp_sink() as sink:
            pass

        row = send(sink.url)

        assert is_kept_for_later(row) and "ConnectionRefusedError" in row.error


@pytest.mark.django_db
class TestAuthentication:
    def test_name_and_password_are_those_of_the_address(self):
        with smtp_sink(users={"ada@example.org": "p@ss/:#w"}) as sink:
            row = send(sink.url)

        assert row.sent_at and [mail.user for mail in sink.messages] == ["ada@example.org"]

    def test_a_wrong_password_is_written_down_without_it(self):
        with smtp_sink(users={"ada": "right"}) as sink:
            row = send(sink.url.replace("right", "wrong-one"))

        assert is_kept_for_later(row) and "535" in row.error
        assert "wrong-one" not in row.error
        assert sink.messages == []


@pytest.mark.django_db
class TestStartTls:
    @pytest.fixture
    def certificate(self, tmp_path):
        return certificate_for("localhost", tmp_path)

    def test_secures_the_connection_before_anything_is_said(self, certificate, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with smtp_sink(users={"ada": "secret"}, certificate=certificate) as sink:
            row = send(sink.url)

        assert row.sent_at, row.error
        assert [(mail.user, mail.secured) for mail in sink.messages] == [("ada", True)]

    def test_with_a_certificate_that_nobody_vouches_for_sends_nothing(self, certificate):
        with smtp_sink(users={"ada": "secret"}, certificate=certificate) as sink:
            row = send(sink.url)

        assert is_kept_for_later(row) and "CERTIFICATE_VERIFY_FAILED" in row.error
        assert not [line for line in sink.heard if line.startswith(("AUTH", "MAIL"))]

    def test_that_is_not_offered_sends_neither_password_nor_mail(self):
        with smtp_sink(users={"ada": "secret"}) as sink:
            row = send(sink.url.replace("smtp://", "smtp+tls://"))

        assert is_kept_for_later(row) and "STARTTLS" in row.error
        assert not [line for line in sink.heard if line.startswith(("AUTH", "MAIL"))]

    def test_that_is_refused_sends_neither_password_nor_mail(self, certificate):
        with smtp_sink(users={"ada": "secret"}, certificate=certificate, refuse={"STARTTLS": "454 Not now"}) as sink:
            row = send(sink.url)

        assert is_kept_for_later(row) and "454" in row.error
        assert not [line for line in sink.heard if line.startswith(("AUTH", "MAIL"))]
