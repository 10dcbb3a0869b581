"""One's own mails on the site and over the API, and the link by which one says that a mail is one's own."""

import re
from datetime import timedelta

from django.test import override_settings
from django.utils import timezone

from discussions.mail_in.links import token_for
from discussions.mail_in.models import IncomingMail
from discussions.mail_in.tasks import forget_old_mail, ring_for_incoming_mail
from discussions.threads.models import Thread
from registry.core.mail import OutboundMail
from tests.people import Browser

from .case import DOMAIN, HOST, MailInTestCase
from .clients import gmail, message

State = IncomingMail.State


class LinkTests(MailInTestCase):
    def setUp(self):
        super().setUp()
        self.mail = self.arrive(gmail("Is it **me**?", vouched=""))
        self.link = re.search(rf"https://{HOST}(/mail/[a-z0-9.]+/)", OutboundMail.objects.get().body)[1]

    def test_shows_what_would_be_posted_and_posts_nothing(self):
        response = self.as_().get(self.link)

        page = response.content.decode()
        self.assertIn("<strong>me</strong>", page)
        self.assertIn("Post it in your name, visible to everyone", page)
        self.assertIn("On Mon, Nov 2", page)
        # The address is a secret: other sites are not told it. Without any referrer, browsers would send no origin.
        self.assertEqual((response["Cache-Control"], response["Referrer-Policy"]), ("private, no-store", "same-origin"))
        self.assertEqual(self.comments(), [])

    def test_posts_once_however_often_it_is_sent(self):
        for _ in range(3):
            response = self.as_().post(self.link)
            self.assertRedirects(
                response, self.thread.comments.get(number=2).get_absolute_url(), fetch_redirect_response=False
            )

        self.assertEqual(self.comments(), ["Is it **me**?"])
        self.assertEqual(self.thread.comments.get(number=2).author, self.mo)

    def test_needs_the_token_of_the_form(self):
        client = Browser(enforce_csrf_checks=True)

        self.assertEqual(client.post(self.link).status_code, 403)
        self.assertEqual(self.comments(), [])

    def test_throws_away_and_then_posts_no_more(self):
        self.as_().post(self.link, {"do": "discard"})

        self.assertEqual(self.as_().post(self.link).status_code, 400)
        self.mail.refresh_from_db()
        self.assertEqual(
            (self.mail.state, self.mail.body, self.mail.cut, self.comments()), (State.DISCARDED, "", "", [])
        )

    def test_that_was_changed_leads_nowhere(self):
        token = token_for(self.mail)
        for other in (
            token[:-1] + ("a" if token[-1] != "a" else "b"),
            "1" + token,
            token.replace(".", "0", 1),
            "x",
            "a.b.c",
        ):
            self.assertEqual(self.as_().get(f"/mail/{other}/").status_code, 404)

    def test_says_why_not_and_keeps_the_text(self):
        Thread.objects.filter(pk=self.thread.pk).update(locked=True)

        response = self.as_().post(self.link)

        self.assertEqual(response.status_code, 400)
        self.assertIn("This discussion is closed", response.content.decode())
        Thread.objects.filter(pk=self.thread.pk).update(locked=False)
        self.as_().post(self.link)
        self.assertEqual(self.comments(), ["Is it **me**?"])

    def test_is_for_whoever_may_speak(self):
        type(self.mo).objects.filter(pk=self.mo.pk).update(suspended_at=timezone.now())

        response = self.as_().post(self.link)

        self.assertEqual(response.status_code, 400)
        self.assertIn("Your account is suspended", response.content.decode())
        self.assertEqual(self.comments(), [])


class OwnPageTests(MailInTestCase):
    def test_lists_what_waits_what_was_posted_and_what_was_not(self):
        self.arrive(message("Posted.", subject="One"))
        self.arrive(message("Waits.", subject="Two", vouched=""))
        Thread.objects.filter(pk=self.thread.pk).update(locked=True)
        self.arrive(message("Refused.", subject="Three"))
        self.arrive(message("Machine.", subject="Four", extra=["Precedence: bulk"]))

        page = self.as_(self.mo).get("/inbox/mail/").content.decode()

        for words in ("It was posted", "It waits for your word", "It was not posted", "This discussion is closed"):
            self.assertIn(words, page)
        self.assertNotIn("Four", page)

    def test_shows_nobody_else_anything(self):
        mail = self.arrive(message("Mine alone.", vouched=""))

        for user in (self.eve, self.ada):
            self.assertNotIn("Why so small", self.as_(user).get("/inbox/mail/").content.decode())
            self.assertEqual(self.as_(user).get(mail.get_absolute_url()).status_code, 404)
            self.assertEqual(self.as_(user).post(mail.get_absolute_url()).status_code, 404)
            self.assertEqual(self.api(user).get(f"/api/v1/incoming-mails/{mail.pk}").status_code, 404)
            self.assertEqual(self.api(user).post(f"/api/v1/incoming-mails/{mail.pk}/posting").status_code, 404)
        self.assertEqual(self.as_().get(mail.get_absolute_url()).status_code, 302)
        self.assertEqual(self.comments(), [])

    def test_shows_what_was_cut_after_it_was_posted_and_only_there(self):
        mail = self.arrive(gmail("Posted."))

        page = self.as_(self.mo).get(mail.get_absolute_url()).content.decode()

        self.assertIn("On Mon, Nov 2", page)
        self.assertNotIn("On Mon, Nov 2", self.as_(self.mo).get(self.thread.get_absolute_url()).content.decode())

    def test_posts_what_was_refused_when_that_is_over(self):
        Thread.objects.filter(pk=self.thread.pk).update(locked=True)
        mail = self.arrive(message("Later."))
        Thread.objects.filter(pk=self.thread.pk).update(locked=False)

        self.as_(self.mo).post(mail.get_absolute_url())

        self.assertEqual(self.comments(), ["Later."])

    def test_is_the_same_over_the_api(self):
        mail = self.arrive(message("By script.", vouched=""))
        other = self.arrive(message("Not this.", vouched=""))
        api = self.api(self.mo)

        listed = api.get("/api/v1/incoming-mails?state=waiting").json()["results"]
        posted = api.post(f"/api/v1/incoming-mails/{mail.pk}/posting")
        gone = api.delete(f"/api/v1/incoming-mails/{other.pk}")

        self.assertEqual(
            [(row["id"], row["body"]) for row in listed], [(other.pk, "Not this."), (mail.pk, "By script.")]
        )
        self.assertEqual((posted.status_code, posted.json()["state"], gone.status_code), (201, "posted", 204))
        self.assertEqual(api.delete(f"/api/v1/incoming-mails/{mail.pk}").status_code, 409)
        self.assertEqual(self.comments(), ["By script."])

    def test_is_empty_for_whoever_never_wrote(self):
        self.assertIn("Nothing has come by mail", self.as_(self.eve).get("/inbox/mail/").content.decode())


class EntryPageTests(MailInTestCase):
    def test_names_its_address_where_the_site_takes_mail(self):
        address = self.entry.get_absolute_url()

        self.assertIn(f"mailto:invented-lab.lamp@{DOMAIN}", self.as_(self.eve).get(address).content.decode())
        with override_settings(MAIL_DOMAIN=""):
            self.assertNotIn("mailto:", self.as_(self.eve).get(address).content.decode())


class KeepingTests(MailInTestCase):
    def test_forgets_what_nobody_looks_at(self):
        waits = self.arrive(message("Waits.", vouched=""))
        ignored = self.arrive(message("Machine.", extra=["Precedence: bulk"]))
        posted = self.arrive(gmail("Posted."))

        IncomingMail.objects.update(received_at=timezone.now() - timedelta(days=40))
        forget_old_mail()
        waits.refresh_from_db()
        posted.refresh_from_db()
        self.assertEqual((waits.state, waits.body, bool(posted.cut)), (State.DISCARDED, "", True))
        self.assertFalse(IncomingMail.objects.filter(pk=ignored.pk).exists())

        IncomingMail.objects.update(received_at=timezone.now() - timedelta(days=200))
        forget_old_mail()
        left = IncomingMail.objects.get()
        self.assertEqual((left, left.state, left.cut), (posted, State.POSTED, ""))

    def test_rings_for_each_mail_once_a_minute(self):
        from discussions.mail_in.receiving import store

        store(message("Ring."), [self.reply_to], "mod@example.org")

        self.assertEqual([ring_for_incoming_mail() for _ in range(3)], [1, 0, 0])
