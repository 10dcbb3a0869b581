"""Mail that becomes a comment, a discussion, a letter, or nothing, and what its sender is told."""

import re

from django.test import override_settings
from django.utils import timezone

from discussions.letters.models import LabLetter
from discussions.mail_in.models import IncomingMail
from discussions.mail_in.processing import handle, process
from discussions.mail_in.receiving import store
from discussions.mail_in.routing import address_of
from discussions.notifications.models import OriginalMail, Preferences, Subscription
from discussions.notifications.return_paths import return_path
from discussions.notifications.unsubscribing import mail_address, token_for
from discussions.threads.actions import post, start_thread
from discussions.threads.addresses import reply_address
from discussions.threads.message_ids import message_id
from discussions.threads.models import Comment, HeldPost, Thread
from registry.accounts.models import User
from registry.core.mail import OutboundMail
from tests.people import make_person

from . import clients
from .case import DOMAIN, HOST, MailInTestCase
from .clients import gmail, message, multipart

State = IncomingMail.State


class AnswerTests(MailInTestCase):
    def test_of_a_vouched_sender_is_posted_at_once_where_it_answers(self):
        mail = self.arrive(gmail("I **agree**.\n\nSee `x`.", answers=message_id(self.opening)))

        comment = self.thread.comments.get(number=2)
        self.assertEqual((mail.state, mail.comment), (State.POSTED, comment))
        self.assertEqual(
            (comment.author, comment.parent, comment.body), (self.mo, self.opening, "I **agree**.\n\nSee `x`.")
        )
        self.assertIn("<strong>agree</strong>", comment.html)
        self.assertEqual((bytes(mail.raw), mail.body), (b"", ""))
        self.assertIn("On Mon, Nov 2", mail.cut)
        self.assertEqual(self.answers(), [])

    def test_of_every_mail_program_says_what_its_writer_wrote_and_no_more(self):
        text = "I agree, mostly.\n\nOne thing: is ünïcode fine?"
        for client in clients.ALL:
            with self.subTest(client.__name__):
                said = text if client is not clients.outlook else text.replace("ünïcode", "unicode")
                mail = self.arrive(client(said))
                self.assertEqual(mail.state, State.POSTED, mail.reason)
                self.assertEqual(re.sub(r"\n+", "\n", mail.comment.body), re.sub(r"\n+", "\n", said))
                self.assertTrue(mail.cut)

    def test_that_names_another_comment_of_the_discussion_stands_below_that(self):
        second = self.say("Second.", by=self.eve)

        mail = self.arrive(message("Below the second.", answers=message_id(second)))

        self.assertEqual(mail.comment.parent, second)

    def test_that_names_a_comment_elsewhere_stays_in_its_own_discussion(self):
        other = start_thread(self.entry.subject, "Other", "Other.", self.eve).comments.get()

        mail = self.arrive(message("Here.", answers=message_id(other)))

        self.assertEqual((mail.comment.thread, mail.comment.parent), (self.thread, self.opening))

    def test_to_somebodys_own_mail_finds_the_comment_that_it_became(self):
        first = self.arrive(message("First.", message_id="<mine-1@mail.example.org>"))

        second = self.arrive(message("And more.", answers="<mine-1@mail.example.org>"))

        self.assertEqual(second.comment.parent, first.comment)

    def test_comes_twice_and_is_posted_once(self):
        raw = message("Once.", message_id="<once@mail.example.org>")

        for _ in range(3):
            self.arrive(raw.replace(b"10:00:02", b"10:07:00"))

        self.assertEqual(self.comments(), ["Once."])

    def test_without_message_id_is_known_by_what_it_says(self):
        raw = message("Once.", message_id="")

        for n in range(3):
            self.arrive(b"Received: again %d\r\n" % n + raw)
        self.arrive(message("Twice.", message_id=""))

        self.assertEqual(self.comments(), ["Once.", "Twice."])

    def test_is_handled_twice_and_posted_once(self):
        store(message("Once."), [self.reply_to], "mod@example.org")
        mail = IncomingMail.objects.get()

        for _ in range(3):
            IncomingMail.objects.filter(pk=mail.pk).update(due_at=timezone.now())
            process(mail.pk)
            handle(mail.pk)

        self.assertEqual(self.comments(), ["Once."])

    def test_has_its_attachments_left_out_and_says_so(self):
        parts = [
            ("text/plain; charset=utf-8", "With a file."),
            (
                'application/pdf; name="../../paper.pdf"',
                "JVBERi0=",
                "Content-Transfer-Encoding: base64",
                'Content-Disposition: attachment; filename="../../paper.pdf"',
            ),
            ("text/html", "<script>alert(1)</script>", 'Content-Disposition: attachment; filename="x.html"'),
        ]

        mail = self.arrive(multipart(parts, kind="mixed"))

        self.assertEqual((mail.comment.body, mail.left_out), ("With a file.", ["paper.pdf", "x.html"]))
        self.assertEqual(self.answers()[0][0], "mod@example.org")
        self.assertIn("paper.pdf, x.html", OutboundMail.objects.get().body)

    def test_with_a_picture_in_its_signature_gets_no_answer_about_that(self):
        related = (
            '--inner\nContent-Type: text/html\n\n<p>Hello.</p><img src="cid:logo">\n--inner\nContent-Type: image/png\n'
            "Content-ID: <logo>\n\nx\n--inner--\n"
        )

        mail = self.arrive(message(related, kind="multipart/related; boundary=inner"))

        self.assertEqual((mail.comment.body, mail.left_out, self.answers()), ("Hello.", [], []))

    def test_shows_neither_secrets_nor_addresses(self):
        stop = f"https://{HOST}/unsubscribe/{token_for(self.mo, self.thread.subject)}/"
        body = (
            f"Write to me at mod@example.org or {self.reply_to}, not to press@lab.example. See {stop} there.\n\n"
            f"On Monday norm wrote:\n> {self.reply_to}\n> unsubscribe {stop}\n> yes\nI agree\n"
        )

        mail = self.arrive(message(body, to=self.reply_to))

        for secret in (self.reply_to, "mod@example.org", "press@", stop, token_for(self.mo, self.thread.subject)):
            self.assertNotIn(secret, mail.comment.body)
        self.assertIn("I agree", mail.comment.body)
        self.assertIn("…@lab.example", mail.comment.body)
        self.assertTrue(mail.masked)

    def test_that_is_only_quoted_is_not_posted_and_its_sender_is_told(self):
        mail = self.arrive(gmail(""))

        self.assertEqual((mail.state, self.comments()), (State.REFUSED, []))
        self.assertEqual(self.answers(), [("mod@example.org", "[Daylight] Your mail was not posted: Why so small?")])

    def test_to_a_locked_discussion_is_kept_for_its_author(self):
        Thread.objects.filter(pk=self.thread.pk).update(locked=True)

        mail = self.arrive(message("Too late."))

        self.assertEqual((mail.state, mail.body, self.comments()), (State.REFUSED, "Too late.", []))
        letter = OutboundMail.objects.get()
        self.assertIn("Too late.", letter.body)
        self.assertIn("This discussion is closed", letter.body)

    def test_to_what_is_out_of_view_is_not_posted(self):
        Comment.objects.filter(pk=self.opening.pk).update(hidden=True)
        mail = self.arrive(message("There?"))
        Thread.objects.filter(pk=self.thread.pk).update(hidden=True)
        other = self.arrive(message("Anybody?"))

        self.assertEqual([mail.state, other.state], [State.REFUSED] * 2)
        self.assertEqual(self.comments(), [])

    def test_of_somebody_suspended_is_not_posted(self):
        User.objects.filter(pk=self.mo.pk).update(suspended_at=timezone.now())

        mail = self.arrive(message("Hello?"))

        self.assertEqual((mail.state, self.comments()), (State.REFUSED, []))

    def test_of_a_new_account_waits_for_a_moderator_like_a_form_without_script(self):
        User.objects.filter(pk=self.mo.pk).update(trusted_since=None)

        mail = self.arrive(message("I am new."))

        held = HeldPost.objects.get()
        self.assertEqual((mail.state, mail.held, held.body, held.parent), (State.HELD, held, "I am new.", self.opening))
        self.assertEqual(self.comments(), [])

    @override_settings(RATE_LIMIT_SCALE=0.0001)
    def test_beyond_a_rate_limit_is_kept(self):
        self.arrive(message("One."))
        mail = self.arrive(message("Two."), sender="other@example.org")

        self.assertEqual((mail.state, mail.body, self.comments()), (State.REFUSED, "Two.", ["One."]))
        self.assertIn("Wait", mail.reason)

    def test_that_is_too_long_is_kept(self):
        mail = self.arrive(message("word " * 5000))

        self.assertEqual(mail.state, State.REFUSED)
        self.assertIn("at most 20,000", mail.reason)

    def test_that_is_encrypted_is_not_posted(self):
        mail = self.arrive(message("MIAG", kind="application/pkcs7-mime", encoding="base64"))

        self.assertEqual((mail.state, self.comments()), (State.REFUSED, []))


class SenderTests(MailInTestCase):
    def waits(self, raw, to=None):
        mail = self.arrive(raw, to)
        self.assertEqual(self.comments(), [])
        self.assertEqual(mail.state, State.WAITING)
        return mail

    def test_without_a_pass_waits_and_is_sent_one_link(self):
        mail = self.waits(message("Is it me?", vouched=""))

        [(recipient, subject)] = self.answers()
        self.assertEqual(
            (recipient, subject), ("mod@example.org", "[Daylight] Post what you wrote by mail?: Why so small?")
        )
        letter = OutboundMail.objects.get()
        self.assertRegex(letter.body, rf"https://{HOST}/mail/[a-z0-9.]+/")
        self.assertNotIn("Is it me?", letter.body)
        self.assertEqual(letter.headers["Auto-Submitted"], "auto-replied")
        self.assertEqual((mail.person, mail.body), (self.mo, "Is it me?"))

    def test_is_not_believed_by_results_of_another_server_or_for_another_domain(self):
        forged = [
            "mx.evil.example; dkim=pass header.d=example.org",
            "mx.daylight.example.evil.example; dkim=pass header.d=example.org",
            "mx.daylight.example; dkim=pass header.d=evil.example",
            "mx.daylight.example; dkim=pass header.d=org",
            "mx.daylight.example; dkim=pass header.d=mail.example.org",
            "mx.daylight.example; dkim=fail header.d=example.org",
            "mx.daylight.example; spf=pass smtp.mailfrom=evil.example",
            'mx.daylight.example; spf=pass smtp.mailfrom="x; dkim=pass header.d=example.org"@evil.example',
            'mx.daylight.example; spf=pass (helo=a"b) smtp.mailfrom="y; dkim=pass header.d=example.org; "@evil.example',
            "mx.daylight.example; dkim=fail (dkim=pass header.d=example.org) header.d=evil.example",
            "mx.daylight.example; dkim=pass header.d=example.org; dmarc=fail header.from=example.org",
            "mx.daylight.example; none",
        ]
        for results in forged:
            with self.subTest(results):
                self.waits(message("Forged.", vouched=results))

    def test_is_not_believed_by_what_was_in_the_mail_before_it_came(self):
        below = message("Forged.", vouched="", extra=[f"Authentication-Results: {clients.VOUCHED}"])
        real = message(
            "Forged.",
            vouched="mx.daylight.example; spf=none",
            extra=["Received: from far.example by near.example", f"Authentication-Results: {clients.VOUCHED}"],
        )

        self.waits(real)
        with override_settings(MAIL_AUTHSERV_ID=""):
            self.waits(below)
            self.waits(message("Forged."))

    def test_is_believed_by_dkim_spf_or_dmarc_of_its_own_domain(self):
        for n, results in enumerate(
            [
                "mx.daylight.example; dkim=pass header.i=@example.org",
                "mx.daylight.example 1; dmarc=pass header.from=example.org",
                "MX.DAYLIGHT.EXAMPLE; spf=pass smtp.mailfrom=mod@example.org; dkim=none",
                'mx.daylight.example; dkim=pass (2048-bit key) header.d=example.org header.b="abc"',
            ]
        ):
            self.assertEqual(self.arrive(message(f"Text {n}.", vouched=results)).state, State.POSTED, results)

    def test_with_two_senders_or_a_route_is_nobody_and_the_owner_of_the_address_is_asked(self):
        for sender in (
            "mod@example.org, eve@example.org",
            "<@evil.example:mod@example.org>",
            '"mod@example.org" <x@evil.example>',
            "=?utf-8?q?mod=40example.org?= <x@evil.example>",
            "mod@example.org <x@evil.example>",
            "(a) mod@example.org x",
        ):
            with self.subTest(sender):
                self.waits(message("Forged.", sender=sender))
        double = message("Forged.").replace(b"From: ", b"From: Eve <eve@example.org>\r\nFrom: ", 1)
        self.waits(double)

    def test_with_an_address_made_for_somebody_else_says_first_that_it_is_theirs(self):
        mail = self.waits(message("Forwarded to me.", sender="eve@example.org"))

        self.assertEqual(mail.person, self.eve)
        self.assertEqual(self.answers()[0][0], "eve@example.org")

    def test_from_an_unknown_address_is_asked_at_the_known_one(self):
        mail = self.waits(
            message(
                "From my alias.",
                sender="alias@elsewhere.example",
                vouched="mx.daylight.example; dkim=pass header.d=elsewhere.example",
            )
        )

        self.assertEqual(mail.person, self.mo)
        self.assertEqual([to for to, _ in self.answers()], ["mod@example.org"])

    def test_from_an_address_that_nobody_confirmed_is_nobodys(self):
        self.zed.emailaddress_set.update(verified=False)

        mail = self.arrive(message("Hello.", sender="zed@example.org"), address_of(self.entry))

        self.assertEqual((mail.state, mail.person), (State.IGNORED, None))

    def test_is_a_stranger_and_told_once_a_day_if_their_server_vouches_for_them(self):
        sender = "Stranger <new@elsewhere.example>"
        vouched = "mx.daylight.example; dkim=pass header.d=elsewhere.example"

        with override_settings(RATE_LIMIT_SCALE=1):
            for n in range(3):
                self.arrive(message(f"Text {n}", sender=sender, vouched=vouched), address_of(self.entry))
            self.arrive(message("Forged", sender="victim@elsewhere.example", vouched=""), address_of(self.entry))

        self.assertEqual(self.answers(), [("new@elsewhere.example", "[Daylight] Your mail was not posted")])
        self.assertEqual(Thread.objects.count(), 1)

    def test_gets_ten_answers_a_day_and_finds_the_rest_on_the_page(self):
        with override_settings(RATE_LIMIT_SCALE=1):
            for n in range(13):
                self.arrive(message(f"Text {n}", vouched=""))

        self.assertEqual(len(self.answers()), 10)
        self.assertEqual(IncomingMail.objects.visible_to(self.mo).count(), 13)


class MachineTests(MailInTestCase):
    def test_is_neither_posted_nor_answered(self):
        machines = [
            {"extra": ["Auto-Submitted: auto-replied"]},
            {"extra": ["Auto-Submitted: auto-generated (vacation)"]},
            {"extra": ["Precedence: bulk"]},
            {"extra": ["Precedence: auto_reply"]},
            {"extra": ["X-Autoreply: yes"]},
            {"extra": ["X-Auto-Response-Suppress: All"]},
            {"extra": [f"List-Id: <thread-1.{HOST}>"]},
            {"extra": ["Return-Path: <>"]},
            {"sender": f"Daylight <noreply@{HOST}>"},
            {"sender": "MAILER-DAEMON@example.org"},
            {"message_id": f"<comment-7@{HOST}>"},
            {"subject": "Automatic reply: Why so small?"},
            {"subject": "Abwesenheitsnotiz: Re: Why"},
            {"extra": ["Received: by a"] * 40},
            {"kind": "multipart/report; boundary=x; report-type=disposition-notification"},
        ]
        for machine in machines:
            for vouched in (clients.VOUCHED, ""):
                with self.subTest(machine):
                    mail = self.arrive(message("I am away.", vouched=vouched, **machine))
                    self.assertEqual(mail.state, State.IGNORED)
        self.arrive(message("Null."), sender="")

        self.assertEqual((self.comments(), self.answers()), ([], []))
        self.assertEqual(list(IncomingMail.objects.visible_to(self.mo)), [])

    def test_does_not_answer_an_answer_of_ours(self):
        self.arrive(message("Is it me?", vouched=""))
        ours = OutboundMail.objects.get()
        headers = [f"{name}: {value}" for name, value in ours.headers.items() if name != "From"]

        back = message(ours.body, sender=ours.headers["From"], message_id=ours.message_id, extra=headers)
        mail = self.arrive(back)

        self.assertEqual((mail.state, len(self.answers())), (State.IGNORED, 1))


class BounceTests(MailInTestCase):
    def bounce(self, to, status="5.1.1", action="failed", n=0):
        report = (
            "--r\nContent-Type: text/plain\n\nSorry.\n--r\nContent-Type: message/delivery-status\n\n"
            "Reporting-MTA: dns; x\n\n"
            f"Final-Recipient: rfc822; mod@example.org\nAction: {action}\nStatus: {status}\n--r--\n"
        )
        kind = 'multipart/report; report-type=delivery-status; boundary="r"'
        return self.arrive(message(report, sender="MAILER-DAEMON@example.org", kind=kind), to, sender="")

    def test_after_five_no_more_mail_is_written_until_the_person_says_so(self):
        for n in range(5):
            self.assertIsNone(getattr(Preferences.objects.filter(user=self.mo).first(), "failing_since", None))
            self.bounce(return_path(self.mo), n=n)
        Subscription.objects.create(user=self.mo, subject=self.thread.subject, cadence="immediate")
        self.say("News.")

        self.assertIsNotNone(Preferences.objects.get(user=self.mo).failing_since)
        self.assertEqual(self.mailed(self.mo), [])
        self.assertIn("came back", self.as_(self.mo).get("/inbox/settings/").content.decode())

        self.as_(self.mo).post("/inbox/settings/", {"cadence": "immediate", "mail": "on"})
        self.say("More news.")

        self.assertEqual(len(self.mailed(self.mo)), 1)

    def test_that_is_a_delay_or_comes_to_another_address_does_not_count(self):
        for _ in range(6):
            self.bounce(return_path(self.mo), status="4.2.2", action="delayed")
            self.bounce(self.reply_to)

        self.assertFalse(Preferences.objects.filter(user=self.mo).exists())
        self.assertEqual(self.answers(), [])


class OtherAddressTests(MailInTestCase):
    def test_of_an_entry_starts_a_discussion_of_it(self):
        to = address_of(self.entry)
        self.assertEqual(to, f"invented-lab.lamp@{DOMAIN}")

        mail = self.arrive(
            message("Is it **lit**?", subject="=?utf-8?q?Re=3A_AW=3A_Fr=C3=A4ge?= =?utf-8?q?_zur_Lampe?="), to
        )

        thread = Thread.objects.latest("pk")
        self.assertEqual(
            (thread.title, thread.about, thread.started_by), ("Fräge zur Lampe", self.entry.subject, self.mo)
        )
        self.assertEqual(mail.comment, thread.comments.get())

    def test_of_an_entry_goes_on_with_the_discussion_that_is_answered(self):
        first = self.arrive(
            message("Is it lit?", subject="Lit?", message_id="<lit@mail.example.org>"), address_of(self.entry)
        )

        second = self.arrive(
            message("Well?", subject="Re: Lit?", answers="<lit@mail.example.org>"), address_of(self.entry)
        )

        self.assertEqual((second.comment.thread, second.comment.parent), (first.comment.thread, first.comment))

    def test_of_a_draft_a_hidden_entry_or_nothing_takes_no_mail(self):
        draft = self.draft("hidden-lantern")
        for to in (
            f"invented-lab.hidden-lantern@{DOMAIN}",
            f"entry-{draft.pk}@{DOMAIN}",
            f"a.b@{DOMAIN}",
            f"x@{DOMAIN}",
            f"invented-lab.lamp+never@{DOMAIN}",
            "invented-lab.lamp@elsewhere.example",
            f"reply+1.1.{'a' * 16}@{DOMAIN}",
            f"invented-lab.lamp+2026-13-45@{DOMAIN}",
        ):
            with self.subTest(to), self.assertRaisesMessage(ValueError, "Nobody takes mail"):
                store(message("Hello"), [to])

    def test_with_private_is_a_letter_that_only_the_lab_reads(self):
        mail = self.arrive(message("Between us.", subject="A word"), f"invented-lab.lamp+private@{DOMAIN}")

        letter = LabLetter.objects.get()
        self.assertEqual(
            (letter.body, letter.title, letter.visibility, letter.sender), ("Between us.", "A word", "private", self.mo)
        )
        self.assertEqual((mail.state, mail.title, mail.body, Thread.objects.count()), (State.POSTED, "", "", 1))

    def test_with_a_day_is_a_letter_that_is_public_then(self):
        day = (timezone.now() + timezone.timedelta(days=30)).date()

        self.arrive(message("Then.", subject="A word"), f"invented-lab.lamp+{day}@{DOMAIN}")

        letter = LabLetter.objects.get()
        self.assertEqual((letter.visibility, letter.opens_at.date()), ("dated", day))
        past = self.arrive(message("Too late."), f"invented-lab.lamp+2020-01-01@{DOMAIN}")
        self.assertEqual((past.state, past.body), (State.REFUSED, "Too late."))
        told = OutboundMail.objects.latest("pk")
        self.assertIn("Choose a time to come", told.body)
        self.assertNotIn("Too late.", f"{told.subject} {told.body} {told.html}")

    def test_to_unsubscribe_mutes_what_the_mail_was_about(self):
        to = mail_address(token_for(self.mo, self.thread.subject))

        mail = self.arrive(
            message("", sender="Anybody <x@y.example>", vouched="", extra=["Auto-Submitted: auto-generated"]), to
        )

        self.assertEqual(mail.state, State.DONE)
        self.assertEqual(Subscription.objects.get(user=self.mo, subject=self.thread.subject).cadence, "none")
        self.arrive(message("", vouched=""), mail_address(token_for(self.mo)))
        self.assertFalse(Preferences.objects.get(user=self.mo).mail)
        self.assertEqual(self.answers(), [])


class MailOutTests(MailInTestCase):
    def test_to_the_author_names_the_message_that_they_have(self):
        Preferences.objects.update_or_create(user=self.mo, defaults={"cadence": "immediate"})
        Preferences.objects.update_or_create(user=self.eve, defaults={"cadence": "immediate"})
        first = self.arrive(message("By mail.", message_id="<mine@mail.example.org>")).comment
        self.assertEqual(OriginalMail.objects.get().comment, first)
        answer = self.say("An answer.", by=self.zed, parent=first)

        [letter] = self.mailed(self.mo)
        others = [row for row in self.mailed(self.eve) if row.message_id == message_id(answer)]

        self.assertEqual(letter.headers["In-Reply-To"], "<mine@mail.example.org>")
        self.assertEqual(
            letter.headers["References"], f"{message_id(self.opening)} {message_id(first)} <mine@mail.example.org>"
        )
        self.assertEqual(letter.headers["Reply-To"], reply_address(self.mo, answer))
        self.assertEqual([row.headers["In-Reply-To"] for row in others], [message_id(first)])
        self.assertNotIn("mine@", str(others[0].headers))

    def test_comes_back_to_an_address_of_the_reader(self):
        Preferences.objects.update_or_create(user=self.eve, defaults={"cadence": "immediate"})
        post(self.thread, "Hello.", make_person("yan", trusted_since=timezone.now()), parent=self.opening)
        self.say("Hello.", parent=self.opening)

        row = self.mailed(self.eve)[0]

        self.assertEqual(row.sender, return_path(self.eve))
        self.assertIn("via Daylight", row.headers["From"])
