"""Pages and API of letters: who sees what, and that nothing typed is lost."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from discussions.letters.actions import answer, withdraw
from discussions.letters.consent import enter_old_letter, propose
from discussions.letters.models import LabLetter
from discussions.notifications.mailing import write_mail
from discussions.notifications.models import Notice, Untold
from discussions.notifications.telling import tell
from discussions.threads.models import CommentDraft, HeldPost, Thread
from registry.core.idempotency import OnceKey
from registry.core.mail import OutboundMail
from tests.people import make_person

from .case import SAID, LetterTestCase, in_days

NEW = "/letters/new/"


class FormTests(LetterTestCase):
    def typed(self, visibility="private", **more):
        day = (timezone.now() + timedelta(days=10)).date()
        dated = {"public_on": day.isoformat(), "public_at": "14:30"} if visibility == "dated" else {}
        chosen = {"visibility": visibility, "category": "misuse_risk", "once": "a1"}
        return {"subject": self.subject.ref, **SAID} | chosen | dated | more

    def test_says_who_will_read_it_before_it_is_sent(self):
        page = self.as_(self.ida).get(f"{NEW}?subject={self.subject.ref}")

        self.assertContains(page, "the one person who speaks for Invented Lab")
        self.assertContains(page, "the chairs and moderators without ties to it (Mo Example)")

    def test_says_in_a_sentence_that_nobody_speaks_for_the_lab_yet(self):
        self.lab.memberships.all().delete()
        page = self.as_(self.ida).get(f"{NEW}?subject={self.subject.ref}")

        self.assertContains(page, "by whoever comes to speak for Invented Lab (nobody does so here yet); the")

    def test_the_page_of_an_entry_offers_it_beside_the_discussion(self):
        page = self.as_(self.ida).get(self.entry.get_absolute_url())

        self.assertContains(page, f'href="{NEW}?subject={self.subject.ref}"')

    def test_sends_a_private_one_once_however_often_it_is_clicked(self):
        client = self.as_(self.ida)
        for once in ("a1", "a1", "b2"):
            answer = client.post(NEW, self.typed(once=once))

        letter = LabLetter.objects.get()
        self.assertRedirects(answer, letter.get_absolute_url())
        self.assertEqual((letter.state, letter.category), ("private", "misuse_risk"))

    def test_a_public_one_leads_to_its_discussion(self):
        answer = self.as_(self.ida).post(NEW, self.typed("public"))

        self.assertRedirects(answer, Thread.objects.get().get_absolute_url())

    def test_the_time_is_that_of_the_senders_zone(self):
        self.ida.time_zone = "America/New_York"
        self.ida.save()

        self.as_(self.ida).post(NEW, self.typed("dated"))

        opens = LabLetter.objects.get().opens_at
        self.assertIn((opens.hour, opens.minute), {(18, 30), (19, 30)})

    def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(self):
        for wrong, said in (
            ({"public_on": ""}, "Choose the day on which the letter becomes public."),
            ({"public_on": "2001-01-01"}, "Choose a time to come"),
            ({"public_on": (timezone.now() + timedelta(days=500)).date().isoformat()}, "within a year"),
            ({"body": "x" * 20_001}, "20,000"),
            ({"visibility": ""}, "Choose who is to read it."),
        ):
            with self.subTest(wrong):
                page = self.as_(self.ida).post(NEW, self.typed("dated") | wrong)

                self.assertContains(page, said, status_code=400)
                self.assertContains(page, SAID["title"], status_code=400)
        self.assertEqual(LabLetter.objects.count(), 0)

    def test_the_preview_is_what_will_be_stored(self):
        page = self.as_(self.ida).post(NEW, self.typed(preview="1"))

        self.assertContains(page, "<p>The <strong>filter</strong> leaks.</p>")
        self.assertEqual(LabLetter.objects.count(), 0)
        self.as_(self.ida).post(NEW, self.typed())
        self.assertEqual(LabLetter.objects.get().html, "<p>The <strong>filter</strong> leaks.</p>")

    def test_a_draft_is_kept_and_forgotten_when_it_is_sent(self):
        client = self.as_(self.ida)
        client.post(NEW, self.typed(body="Half a"), headers={"X-Autosave": "1"})
        self.assertContains(client.get(f"{NEW}?subject={self.subject.ref}"), "Half a")

        client.post(NEW, self.typed())

        self.assertEqual(CommentDraft.objects.count(), 0)

    def test_what_was_typed_before_signing_in_waits(self):
        client = self.as_()
        answer = client.post(NEW, self.typed())
        self.assertIn("/accounts/login/", answer["Location"])
        client.force_login(self.ida, backend="django.contrib.auth.backends.ModelBackend")

        self.assertContains(client.get(f"{NEW}?subject={self.subject.ref}"), "The **filter** leaks.")

    def test_a_new_account_without_script_writes_in_public_only_and_is_held(self):
        newcomer = make_person("newcomer", trusted_since=None)
        page = self.as_(newcomer).post(NEW, self.typed())
        self.assertContains(page, "A new account without JavaScript writes in public", status_code=400)

        self.as_(newcomer).post(NEW, self.typed("public", once="c3"))

        self.assertEqual((HeldPost.objects.count(), LabLetter.objects.count(), Thread.objects.count()), (1, 0, 0))


class WhoSeesWhatTests(LetterTestCase):
    def pages(self, user):
        """All that lists letters, for somebody, as one text."""
        client = self.as_(user)
        places = [
            "/letters/", "/letters/feed/", self.entry.get_absolute_url(), "/activity/", "/activity/feed/",
            f"{self.entry.get_absolute_url()}feed/", self.lab.get_absolute_url(), "/threads/", "/api/v1/letters",
            "/api/v1/events", "/search/?q=leak", "/people/ida/", "/threads/search/?q=filter",
        ]  # fmt: skip
        return "\n".join(client.get(place).content.decode() for place in places)

    def test_a_private_one_is_nowhere_for_anybody_else(self):
        letter = self.letter()
        for person in (None, self.eve, self.bo):
            with self.subTest(person):
                shown = self.pages(person)
                self.assertNotIn("filter</strong>", shown)
                self.assertNotIn("A leak", shown)
                self.assertNotIn(f"/letters/{letter.pk}", shown)
                for address in (letter.get_absolute_url(), f"/api/v1/letters/{letter.pk}"):
                    self.assertEqual(self.as_(person).get(address).status_code, 404)
        self.assertEqual(self.as_(self.eve).get(f"/letters/{letter.pk + 99}/").status_code, 404)

    def test_of_a_dated_one_everybody_sees_category_and_date_and_not_who_wrote(self):
        letter = self.letter("dated", category="safety_finding")
        page = self.as_(self.eve).get(letter.get_absolute_url()).content.decode()
        shown = self.pages(self.eve) + page

        self.assertIn("A letter: safety finding", page)
        self.assertIn(f"{letter.opens_at.day} {letter.opens_at:%B %Y, %H:%M} UTC", page)
        for hidden in ("A leak", "filter</strong>", "filter** leaks"):
            self.assertNotIn(hidden, shown)
        self.assertNotIn("Ida Example", page)
        told = self.as_(self.eve).get(f"/api/v1/letters/{letter.pk}").json()
        self.assertEqual((told["sender"], told["body"], told["disclosure"]), (None, None, None))

    def test_a_sender_who_wishes_is_named(self):
        letter = self.letter("dated", named=True)

        self.assertContains(self.as_(self.eve).get(letter.get_absolute_url()), "Ida Example")

    def test_a_withdrawn_one_says_so_to_everybody_and_no_more(self):
        letter = withdraw(self.letter("dated"), self.ida)
        page = self.as_().get(letter.get_absolute_url())

        self.assertContains(page, "Withdrawn by its sender")
        self.assertNotContains(page, "leak")

    def test_lists_are_for_those_whom_they_concern(self):
        self.letter()
        for address, allowed in (
            ("/letters/mine/", {"ida", "ada", "mod", "eve"}),
            ("/letters/labs/invented-lab/", {"ada"}),
            ("/letters/chairs/", {"mod"}),
        ):
            for person in (self.ida, self.ada, self.mo, self.eve):
                with self.subTest(f"{address} {person.handle}"):
                    page = self.as_(person).get(address)
                    self.assertEqual(page.status_code, 200 if person.handle in allowed else 403)
                    if person != self.eve and page.status_code == 200:
                        listed = SAID["title"] in page.content.decode()
                        self.assertEqual(listed, address != "/letters/mine/" or person == self.ida)

    def test_the_lab_answers_and_both_sides_settle_it_on_the_page(self):
        letter = self.letter()
        ada, ida = self.as_(self.ada), self.as_(self.ida)
        here = letter.get_absolute_url()
        ada.post(f"{here}answer/", {"body": "We *know*.", "official": "on"})
        self.assertContains(ida.get(here), "official response of Invented Lab")
        ida.post(f"{here}proposal/", {"scope": "exchange"})
        self.assertContains(ada.get(here), "Ida Example proposes to publish this.")
        ada.post(f"{here}refusal/", {"reason": "Not yet."})
        self.assertContains(ida.get(here), "Not yet.")
        ida.post(f"{here}proposal/", {"scope": "exchange"})

        answer = ada.post(f"{here}consent/")

        self.assertRedirects(answer, Thread.objects.get().get_absolute_url())
        shown = self.as_().get(here)
        self.assertContains(shown, "Who agreed")
        self.assertContains(shown, "Ada Example</a> consented, for Invented Lab")
        thread = self.as_().get(Thread.objects.get().get_absolute_url())
        self.assertContains(thread, f'<a href="{here}">written privately on ')

    def test_the_date_can_be_changed_and_everybody_sees_that_it_was(self):
        letter = self.letter("dated")
        day = (timezone.now() + timedelta(days=40)).date().isoformat()
        self.as_(self.ida).post(f"{letter.get_absolute_url()}date/", {"public_on": day, "public_at": "10:00"})

        self.assertContains(self.as_().get(letter.get_absolute_url()), "Put off from ")

    def test_an_old_letter_is_entered_and_waits_for_the_other_side(self):
        typed = {"subject": self.subject.ref, **SAID, "written_on": "2019-02-28", "written_by": "sender",
                 "category": "replication"}  # fmt: skip
        answer = self.as_(self.ida).post(reverse("letters:old"), typed)

        letter = LabLetter.objects.get()
        self.assertRedirects(answer, letter.get_absolute_url())
        self.assertContains(self.as_(self.ada).get(letter.get_absolute_url()), "proposes to publish this")
        self.assertEqual(self.as_(self.mo).get(letter.get_absolute_url()).status_code, 404)


class ApiTests(LetterTestCase):
    def body(self, **more):
        return {"subject": self.subject.ref, **SAID, **more}

    def test_the_three_ways_to_send(self):
        api = self.api(self.ida)
        public = api.post("/api/v1/letters", self.body()).json()
        dated = api.post("/api/v1/letters", self.body(visibility="dated", public_on=in_days(9).isoformat())).json()
        private = api.post("/api/v1/letters", self.body(visibility="private", category="data_subject")).json()

        self.assertEqual([told["state"] for told in (public, dated, private)], ["public", "waiting", "private"])
        self.assertEqual(public["thread"], Thread.objects.get().pk)
        self.assertEqual((private["body"], private["sender"], private["category"]),
                         (SAID["body"], "ida", "data_subject"))  # fmt: skip

    def test_refusals_are_problems_that_name_their_field(self):
        api = self.api(self.ida)
        for more, pointer in (
            ({"visibility": "dated"}, "/public_on"),
            ({"visibility": "dated", "public_on": "soon"}, "/public_on"),
            ({"visibility": "private", "public_on": "2030-01-01"}, "/public_on"),
            ({"visibility": "secret"}, "/visibility"),
            ({"category": "gossip"}, "/category"),
            ({"written_by": "lab"}, "/written_by"),
            ({"written_on": "2999-01-01"}, "/written_on"),
            ({"body": ""}, "/body"),
        ):
            with self.subTest(more):
                answer = api.post("/api/v1/letters", self.body(**more))
                self.assertEqual((answer.status_code, answer["Content-Type"]), (400, "application/problem+json"))
                self.assertEqual(answer.json()["errors"][0]["pointer"], pointer)

    def test_the_answer_that_is_kept_for_a_script_loses_the_words_once_they_are_public(self):
        api = self.api(self.ida)
        sent = self.body(visibility="dated", public_on=in_days(9).isoformat())
        made = api.post("/api/v1/letters", sent, headers={"Idempotency-Key": "k1"}).json()
        api.post(f"/api/v1/letters/{made['id']}/messages", {"body": "Zzz."}, headers={"Idempotency-Key": "k2"})
        self.assertIn("leaks", str([row.body for row in OnceKey.objects.all()]))

        api.post(f"/api/v1/letters/{made['id']}/opening", {})

        kept = str([row.body for row in OnceKey.objects.filter(key__contains="k")])
        self.assertNotIn("leaks", kept)
        self.assertNotIn("Zzz", kept)

    def test_both_sides_settle_a_proposal(self):
        letter = self.letter()
        here = f"/api/v1/letters/{letter.pk}"
        said = {"body": "Yes.", "official": True}
        self.assertEqual(self.api(self.ada).post(f"{here}/messages", said).status_code, 201)
        self.assertEqual(self.api(self.mo).get(f"{here}/messages").json()["results"][0]["official_for"], "invented-lab")
        self.assertEqual(self.api(self.ada).post(f"{here}/proposal", {}).status_code, 201)
        self.assertEqual(self.api(self.ada).post(f"{here}/consent", {}).status_code, 403)
        self.assertEqual(self.api(self.ida).post(f"{here}/consent", {}).json()["state"], "public")
        self.assertEqual(self.api().get(here).json()["title"], SAID["title"])

    def test_nobody_finds_out_by_a_filter_who_sent_a_dated_one(self):
        self.letter("dated")

        self.assertEqual(self.api(self.eve).get("/api/v1/letters?sender=ida").status_code, 400)
        self.assertEqual(self.api(self.eve).get("/api/v1/letters?mine=true").json()["results"], [])
        self.assertEqual(len(self.api(self.ida).get("/api/v1/letters?mine=true").json()["results"]), 1)


class TellingTests(LetterTestCase):
    def tell_all(self):
        for pk in list(Untold.objects.order_by("pk").values_list("pk", flat=True)):
            tell(pk)

    def told(self):
        return {(n.user.handle, n.event.verb) for n in Notice.objects.filter(event__verb__startswith="letter.")}

    def test_readers_are_told_and_nobody_else(self):
        letter = self.letter()
        answer(letter, "We know.", self.ada)
        propose(letter, self.ada)
        self.tell_all()

        self.assertEqual(self.told(), {
            ("ada", "letter.sent"), ("mod", "letter.sent"), ("ida", "letter.answered"), ("mod", "letter.answered"),
            ("ida", "letter.proposed"), ("mod", "letter.proposed"),
        })  # fmt: skip
        self.assertContains(self.as_(self.ada).get("/inbox/"), f"Letter {letter.pk} to Invented Lab")

    def test_of_an_old_letter_the_other_side_alone_is_told(self):
        enter_old_letter(self.subject, **SAID, by=self.ida, written_on=timezone.now().date())
        self.tell_all()

        self.assertEqual(self.told(), {("ada", "letter.entered")})

    def test_mail_holds_no_word_of_the_letter(self):
        letter = self.letter()
        answer(letter, "The **answer** is secret.", self.ada)
        self.tell_all()
        Notice.objects.update(due_at=in_days(-1), created_at=in_days(-1))
        before = OutboundMail.objects.count()
        for person in (self.ada, self.mo, self.ida):
            write_mail(person.pk)

        mails = [f"{m.subject} {m.body} {m.html} {m.headers}" for m in OutboundMail.objects.order_by("pk")[before:]]
        self.assertEqual(len(mails), 3)
        self.assertNotIn("leak", "".join(mails))
        self.assertNotIn("secret", "".join(mails))

    def test_who_reads_no_longer_is_not_told_any_more_and_does_not_see_what_they_were_told(self):
        letter = self.letter()
        self.tell_all()
        self.lab.memberships.filter(user=self.ada).update(role="member")

        self.assertNotContains(self.as_(self.ada).get("/inbox/"), f"Letter {letter.pk}")

    def test_followers_are_told_once_of_an_exchange_that_opens(self):
        letter = self.letter("dated")
        for number in range(3):
            answer(letter, f"Answer {number}.", self.ada)
        self.tell_all()
        self.as_(self.eve).post("/inbox/follow/", {"subject": self.subject.pk})
        self.assertEqual(Notice.objects.filter(user=self.eve).count(), 0)

        self.as_(self.ida).post(f"{letter.get_absolute_url()}opening/")
        self.tell_all()

        self.assertEqual([n.event.verb for n in Notice.objects.filter(user=self.eve)], ["thread.started"])
        thread = Thread.objects.get()
        self.assertTrue(self.ada.subscriptions.filter(subject=thread.subject).exists())
