"""What the tests of incoming mail share: Mo follows Eve's discussion of Ada's entry, and answers by mail."""

from django.test import override_settings
from django.utils import timezone

from discussions.mail_in.models import IncomingMail
from discussions.mail_in.processing import process
from discussions.mail_in.receiving import store
from discussions.threads.addresses import reply_address
from registry.accounts.models import User
from registry.core.mail import OutboundMail
from tests.discussions.notifications.case import NotifiedTestCase

DOMAIN, HOST = "mail.daylight.example", "daylight.example"
SITE = {
    "MAIL_DOMAIN": DOMAIN, "MAIL_AUTHSERV_ID": f"mx.{HOST}", "BASE_URL": f"https://{HOST}",
    "DEFAULT_FROM_EMAIL": f"Daylight <noreply@{HOST}>",
}  # fmt: skip


@override_settings(**SITE)
class MailInTestCase(NotifiedTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        User.objects.update(trusted_since=timezone.now())
        OutboundMail.objects.all().delete()

    @property
    def reply_to(self):
        """Where Mo answers the first comment."""
        return reply_address(self.mo, self.opening)

    def arrive(self, raw, to=None, sender="mod@example.org"):
        """Take a mail and read it, as receiver and worker do; the row as it is then."""
        to = to or self.reply_to
        store(raw, [to], sender)
        mail = IncomingMail.objects.filter(recipient=to.lower()).latest("pk")
        process(mail.pk)
        mail.refresh_from_db()
        return mail

    def answers(self):
        """What was written to senders, as (recipient, subject)."""
        return [(row.recipients[0], row.subject) for row in OutboundMail.objects.order_by("pk")]

    def comments(self):
        return list(self.thread.comments.order_by("number").values_list("body", flat=True))[1:]
