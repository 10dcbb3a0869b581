"""What the tests of notifications share: a discussion of Ada's entry that Eve began, and the worker's round."""

from datetime import timedelta
from unittest import mock

from django.test import override_settings
from django.utils import timezone

from discussions.notifications.mailing import write_mail
from discussions.notifications.models import Notice, Untold
from discussions.notifications.telling import tell
from discussions.threads.actions import post, start_thread
from registry.core.mail import OutboundMail
from tests.people import PlatformTestCase, make_person


def tell_all():
    """What the worker does when it is rung for everything that is to be told."""
    for pk in list(Untold.objects.order_by("pk").values_list("pk", flat=True)):
        tell(pk)


def later(**time):
    """The clock put forward."""
    return mock.patch.object(timezone, "now", return_value=timezone.now() + timedelta(**time))


@override_settings(RATE_LIMIT_SCALE=1000)
class NotifiedTestCase(PlatformTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.zed = make_person("zed", "Zed Example")
        cls.thread = start_thread(cls.entry.subject, "Why so small?", "It is *very* small.", cls.eve)
        cls.opening = cls.thread.comments.get()
        tell_all()
        Notice.objects.all().delete()

    def say(self, body="Indeed.", by=None, parent=None, **options):
        comment = post(self.thread, body, by or self.zed, parent=parent, **options)
        tell_all()
        return comment

    def told(self, user):
        """What somebody was told, as (comment or verb, reason)."""
        rows = Notice.objects.filter(user=user).order_by("pk")
        return [(n.comment_id or n.event.verb, n.reason) for n in rows]

    def mailed(self, user):
        """The letters that are due to somebody, written now: the new rows of the outbox."""
        before = set(OutboundMail.objects.values_list("pk", flat=True))
        write_mail(user.pk)
        return list(OutboundMail.objects.exclude(pk__in=before).order_by("pk"))
