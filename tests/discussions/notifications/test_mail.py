"""Mail as a mail server gets it: full text, threads that thread, headers that nobody can write into."""

import re
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.policy import compat32
from unittest import mock

from django.test import override_settings
from django.utils import timezone

from discussions.notifications.actions import choose, follow
from discussions.notifications.models import Cadence
from discussions.notifications.unsubscribing import read_mail_address
from discussions.threads.actions import post, start_thread
from discussions.threads.addresses import read_reply_address
from discussions.threads.models import Comment, Thread
from registry.accounts.actions import state_affiliation
from registry.core import tasks
from registry.core.mail import OutboundMail
from registry.releases.actions import publish, save_draft

from .case import NotifiedTestCase, tell_all
from .smtp import SmtpServer

HOST = "daylight.example"


@override_settings(
    BASE_URL=f"https://{HOST}", DEFAULT_FROM_EMAIL=f"Daylight <noreply@{HOST}>",
    EMAIL_DELIVERY_BACKEND="django.core.mail.backends.smtp.EmailBackend",
)  # fmt: skip
class SentTestCase(NotifiedTestCase):
    """Mo is told of everything at once; `sent` hands it to a real server and returns what that got."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        choose(cls.mo, cadence=Cadence.IMMEDIATE)
        follow(by=cls.mo, subject=cls.entry.subject)

    def sent(self, user=None):
        rows = self.mailed(user or self.mo)
        with SmtpServer() as server:
            options = {"host": "127.0.0.1", "port": server.port, "timeout": 10}
            with override_settings(EMAIL_DELIVERY_OPTIONS=options):
                for row in rows:
                    tasks.send_mail(row.pk)
        self.assertEqual(OutboundMail.objects.filter(pk__in=[r.pk for r in rows], sent_at=None).count(), 0)
        return server.mails


class OneCommentTests(SentTestCase):
    def test_says_all_of_it_in_plain_text_and_html(self):
        state_affiliation(self.zed, organisation="Somewhere", role="Reader")
        first = self.say("Why **not** larger? See [the card](/releases/invented-lab/lamp/).", by=self.eve)
        self.sent()
        answer = self.say("It *fits*.\n\n- a phone", parent=first)

        mail = self.sent()[0]

        place = f"https://{HOST}/c/{answer.pk}/"
        for kind, texts in {
            "plain": ["Zed Example (Reader, Somewhere), #3, on revision 1", "> Eve Example wrote: Why not larger?",
                      "It *fits*.\n\n- a phone", place, "You get this because you follow “Lamp”, about Lamp.",
                      f"Change what you follow: https://{HOST}/inbox/settings/", f"Mute it: https://{HOST}/unsubscribe/"],
            "html": ["<strong>Zed Example</strong> (Reader, Somewhere)", "<em>fits</em>", "<li>a phone</li>", place,
                     "You get this because you follow “Lamp”", f'href="https://{HOST}/unsubscribe/'],
        }.items():  # fmt: skip
            for text in texts:
                self.assertIn(text, mail.text(kind))
        self.assertEqual(mail.recipients, ["mod@example.org"])

    def test_links_within_the_site_lead_there_from_a_mail_too(self):
        self.say("See [the card](/releases/invented-lab/lamp/); `href=\"/x\"` stays.")

        html = self.sent()[0].text("html")

        self.assertIn(f'href="https://{HOST}/releases/invented-lab/lamp/"', html)
        self.assertNotRegex(html, r'<a[^>]+href="/')
        self.assertIn('href="/x"', html)

    def test_marks_an_official_response_and_ties(self):
        self.say("We answer.", by=self.ada, official_for=self.lab)

        mail = self.sent()[0]

        self.assertIn("belongs to Invented Lab", mail.text())
        self.assertIn("OFFICIAL RESPONSE OF Invented Lab", mail.text())
        self.assertIn("Official response of Invented Lab", mail.text("html"))

    def test_has_the_headers_of_a_list(self):
        comment = self.say()

        message = self.sent()[0].message

        self.assertEqual(message["Message-ID"], f"<comment-{comment.pk}@{HOST}>")
        self.assertEqual(message["Subject"], "Re: Why so small?")
        self.assertEqual(message["From"], f"Zed Example via Daylight <noreply@{HOST}>")
        self.assertEqual(message["List-Id"], f"<thread-{self.thread.pk}.{HOST}>")
        self.assertEqual(message["List-Archive"], f"<https://{HOST}/t/{self.thread.pk}/>")
        self.assertEqual(message["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        self.assertRegex(message["List-Unsubscribe"].strip(), rf"^<https://{HOST}/unsubscribe/[a-z0-9.]+/>$")
        self.assertEqual((message["Auto-Submitted"], message["Precedence"]), ("auto-generated", "list"))
        self.assertIsNone(message["Reply-To"])

    @override_settings(MAIL_DOMAIN="mail.daylight.example")
    def test_can_be_answered_and_unsubscribed_by_mail_where_the_site_takes_mail(self):
        comment = self.say()

        mail = self.sent()[0]

        self.assertEqual(read_reply_address(mail.message["Reply-To"]), (self.mo.pk, comment.pk))
        self.assertIn("Answer this mail to answer in public", mail.text())
        address = re.search(r"<mailto:([^>]+)>", mail.message["List-Unsubscribe"])[1]
        self.assertEqual(read_mail_address(address), (self.mo.pk, self.thread.subject_id))

    def test_nobodys_address_but_the_readers_own_is_in_it(self):
        first = self.say(by=self.eve)
        self.sent()
        self.say(parent=first)

        data = self.sent()[0].data

        self.assertEqual(set(re.findall(rb"[\w.+-]+@example\.org", data)), {b"mod@example.org"})


class ThreadingTests(SentTestCase):
    def test_a_mail_client_builds_the_tree_that_the_page_shows(self):
        thread = start_thread(self.entry.subject, "A tree", "The root.", self.eve)
        said = [thread.comments.get()]
        for n, answers in enumerate([0, 1, 1, 2, None, 5, 0]):
            parent = None if answers is None else said[answers]
            said.append(post(thread, f"Comment {n}", self.zed, parent=parent))
        tell_all()

        mails = self.sent()

        by_id = {f"<comment-{c.pk}@{HOST}>": c for c in said}
        self.assertEqual({m.message["Message-ID"] for m in mails}, set(by_id))
        for mail in mails:
            comment, message = by_id[mail.message["Message-ID"]], mail.message
            expected = comment.parent or (said[0] if comment != said[0] else None)
            chain = []
            while expected:
                chain.append(f"<comment-{expected.pk}@{HOST}>")
                expected = expected.parent or (said[0] if expected != said[0] else None)
            self.assertEqual((message["References"] or "").split(), chain[::-1])
            self.assertEqual(message["In-Reply-To"], chain[0] if chain else None)
        subjects = [m.message["Subject"] for m in mails]
        self.assertEqual(subjects, ["A tree"] + ["Re: A tree"] * 7)

    def test_the_chain_of_a_very_deep_answer_is_short_and_ends_with_its_parent(self):
        parent = self.opening
        for _ in range(40):
            parent, above = post(self.thread, "Deeper.", self.zed, parent=parent), parent
        tell_all()
        type(self.mo).objects.get(pk=self.mo.pk).notices.exclude(comment=parent).delete()

        message = self.sent()[0].message

        chain = message["References"].split()
        self.assertEqual(len(chain), 21)
        self.assertEqual((chain[0], chain[-1]), (f"<comment-{self.opening.pk}@{HOST}>", f"<comment-{above.pk}@{HOST}>"))

    def test_two_people_get_the_same_message_id_and_each_their_own_mail(self):
        choose(self.eve, cadence=Cadence.IMMEDIATE)
        comment = self.say()

        to_mo, to_eve = self.sent()[0], self.sent(self.eve)[0]

        ids = {mail.message["Message-ID"] for mail in (to_mo, to_eve)}
        self.assertEqual(ids, {f"<comment-{comment.pk}@{HOST}>"})
        self.assertNotEqual(to_mo.message["List-Unsubscribe"], to_eve.message["List-Unsubscribe"])
        self.assertEqual((to_mo.recipients, to_eve.recipients), (["mod@example.org"], ["eve@example.org"]))


class HeaderTests(SentTestCase):
    """Titles and names are cleaned when they are stored; here they are put into the rows past all of that."""

    def with_title_and_name(self, title, name):
        comment = self.say()
        Thread.objects.filter(pk=self.thread.pk).update(title=title[:200])
        Comment.objects.filter(pk=comment.pk).update(disclosure={"display_name": name})
        return self.sent()[0]

    def test_a_line_break_begins_no_header(self):
        evil = "x\r\nBcc: all@example.org\n\nbody\x0b\x85\u2028Bcc: all@example.org"

        mail = self.with_title_and_name(evil, evil)

        self.assertIsNone(mail.message["Bcc"])
        self.assertEqual(mail.recipients, ["mod@example.org"])
        self.assertEqual(mail.message["Subject"], "Re: x Bcc: all@example.org body Bcc: all@example.org")

    def test_a_name_adds_no_address(self):
        mail = self.with_title_and_name("Title", 'Eve" <eve@evil.example>, "x')

        self.assertEqual([a.addr_spec for a in mail.message["From"].addresses], [f"noreply@{HOST}"])

    def test_what_is_not_ascii_and_very_long_arrives_whole(self):
        title, name = "Почему так мало? 🌞 " * 12, "Ángel Müller-Åström 山田太郎"

        mail = self.with_title_and_name(title, name)

        self.assertEqual(mail.message["Subject"].strip(), f"Re: {' '.join(title[:200].split())}")
        sender = BytesParser(policy=compat32).parsebytes(mail.data)["From"]
        self.assertEqual(str(make_header(decode_header(sender))), f"{name} via Daylight <noreply@{HOST}>")
        self.assertTrue(all(len(line) <= 998 for line in mail.data.split(b"\r\n")))

    def test_a_word_of_a_thousand_characters_is_cut_and_one_in_the_text_is_not(self):
        self.say("y" * 3000)
        Thread.objects.filter(pk=self.thread.pk).update(title="x" * 200)

        mail = self.sent()[0]

        self.assertLessEqual(len(mail.message["Subject"]), 204)
        self.assertIn("y" * 3000, mail.text())

    def test_very_long_names_in_any_script_leave_one_address(self):
        mail = self.with_title_and_name("Title", "山" * 400)

        self.assertEqual([a.addr_spec for a in mail.message["From"].addresses], [f"noreply@{HOST}"])


class OtherActTests(SentTestCase):
    def test_a_revision_is_told_with_its_justification(self):
        save_draft(self.entry, self.entry.draft | {"summary": "Larger."}, by=self.ada)
        publish(self.entry, by=self.ada, justification="It grew.")
        tell_all()

        mail = self.sent()[0]

        self.assertEqual(mail.message["Subject"], "Ada Example published revision 2 of Lamp")
        self.assertIn("It grew.", mail.text())
        self.assertIn(f"https://{HOST}/releases/invented-lab/lamp/", mail.text())
        self.assertEqual(mail.message["List-Id"], f"<release-{self.entry.subject_id}.{HOST}>")


class NoLongerInViewTests(SentTestCase):
    """The notice waits already when the thing goes out of view."""

    def sent_after(self, change):
        comment = self.say()
        self.assertEqual(self.mo.notices.filter(due_at__isnull=False).count(), 1)
        change(comment)
        sent = self.sent()
        self.assertEqual(self.mo.notices.filter(due_at__isnull=False).count(), 0)
        return len(sent)

    def test_it_would_be_sent(self):
        self.assertEqual(self.sent_after(lambda c: None), 1)

    def test_a_hidden_comment_is_not(self):
        self.assertEqual(self.sent_after(lambda c: Comment.objects.filter(pk=c.pk).update(hidden=True)), 0)

    def test_a_hidden_discussion_is_not(self):
        self.assertEqual(self.sent_after(lambda c: Thread.objects.filter(pk=c.thread_id).update(hidden=True)), 0)

    def test_a_hidden_subject_is_not(self):
        subjects = type(self.entry.subject).objects.filter(pk=self.entry.subject_id)
        self.assertEqual(self.sent_after(lambda c: subjects.update(hidden=True)), 0)

    def test_words_of_somebody_suspended_since_are_not(self):
        people = type(self.zed).objects
        self.assertEqual(
            self.sent_after(lambda c: people.filter(pk=self.zed.pk).update(suspended_at=timezone.now())), 0
        )

    def test_nobody_is_written_to_who_is_suspended_or_gave_no_address_that_is_theirs(self):
        self.assertEqual(self.sent_after(lambda c: self.mo.emailaddress_set.update(verified=False)), 0)
        self.mo.emailaddress_set.update(verified=True)
        people = type(self.mo).objects.filter(pk=self.mo.pk)
        self.assertEqual(self.sent_after(lambda c: people.update(suspended_at=timezone.now())), 0)

    def test_what_was_muted_since_is_not(self):
        for subject in (self.thread.subject, self.entry.subject, self.lab.subject, self.zed.subject):
            with self.subTest(subject=subject):
                sent = self.sent_after(lambda c, s=subject: follow(by=self.mo, subject=s, cadence=Cadence.NONE))
                self.assertEqual(sent, 0)
                self.mo.subscriptions.exclude(subject=self.entry.subject).delete()
                follow(by=self.mo, subject=self.entry.subject)

    def test_a_hidden_comment_is_not_quoted_above_an_answer(self):
        first = self.say("SECRET words", by=self.eve)
        self.mo.notices.all().delete()
        self.say(parent=first)
        Comment.objects.filter(pk=first.pk).update(hidden=True)

        mail = self.sent()[0]

        self.assertNotIn("SECRET", mail.text() + mail.text("html"))


class OnceTests(SentTestCase):
    def test_a_worker_that_dies_before_the_letter_is_written_down_leaves_no_mail(self):
        self.say()
        with mock.patch("discussions.notifications.mailing.Letter.objects.create", side_effect=MemoryError):
            with self.assertRaises(MemoryError):
                self.mailed(self.mo)
        self.assertEqual(OutboundMail.objects.count(), 0)

        self.assertEqual(len(self.sent()), 1)
        self.assertEqual(self.mailed(self.mo), [])
