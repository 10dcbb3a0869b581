"""Passages of what is discussed: found when written, looked for again when the text changes."""

import random

from discussions.threads.actions import edit, post, start_thread
from discussions.threads.models import Anchor, Comment, CommentDraft, Thread
from discussions.threads.passages import find, state_in
from discussions.threads.plain_texts import in_words, text_of
from discussions.threads.tasks import look_for_passages
from registry.analyses import catalogue
from registry.analyses.actions import queue_run
from registry.analyses.models import Run
from registry.core.errors import Invalid
from registry.core.subjects import name_subject
from registry.norms.actions import publish_version
from registry.releases.actions import publish, save_draft
from tests.people import CLAUSES, PlatformTestCase

WORDS = [f"word{n}" for n in range(400)]


class StateTests:
    TEXT = "In February the weights were withheld, because nobody could say what others would do with them."

    def test_white_space_and_how_signs_are_drawn_count_for_nothing(self):
        assert state_in("He said “it’s\n  fine – now”.", "“it's fine - now”") == "same"

    def test_other_words_are_told_from_no_words(self):
        changed = self.TEXT.replace("withheld", "held back").replace("others", "people")

        assert state_in(f"Before. {changed} After.", self.TEXT) == "reworded"
        assert state_in("Something else is written here now.", self.TEXT) == "gone"
        assert state_in("", self.TEXT) == "gone"

    def test_a_changed_passage_is_found_within_a_long_text(self):
        noise = random.Random(5)
        long = " ".join(noise.choices(WORDS, k=20_000))
        changed = self.TEXT.replace("nobody", "no one")

        assert state_in(f"{long} {changed} {long}", self.TEXT) == "reworded"
        assert state_in(long, self.TEXT) == "gone"


class PlainTextTests(PlatformTestCase):
    def test_is_what_readers_select(self):
        assert in_words("<p>It is <strong>small</strong>, &amp; so on.</p><ul><li>One</li></ul>").split("\n") == [
            "", "It is small, & so on.", "", "", "One", "", "",
        ]  # fmt: skip
        assert "others should be able to check it." in text_of(self.entry.subject)
        assert "Name each component, for whom, and from when." in text_of(self.clause.subject)
        assert "Name each component, for whom, and from when." in text_of(self.norm.subject)
        assert "Why." in text_of(self.norm.subject)
        assert text_of(self.lab.subject) == "Invented Lab"

    def test_of_a_run_is_its_result_once_that_is_public(self):
        card = self.file("# Lamp\n")
        run = queue_run(self.entry, catalogue.get("model_card"), {"card": card}, params={}, seed=1, by=self.ada)
        found = [{"code": "x", "severity": "notice", "message": "Nothing is said of uses.", "span": None}]
        said = {"sentence": "Three of eighteen items are filled in."}
        Run.objects.filter(pk=run.pk).update(result=said, findings=found, public=False)
        assert text_of(run.subject) == ""
        Run.objects.filter(pk=run.pk).update(public=True)
        assert text_of(run.subject).split("\n")[1:] == [said["sentence"], found[0]["message"]]

    def test_of_what_is_not_there_is_empty(self):
        for kind in ("release", "norm", "clause", "run"):
            assert text_of(name_subject(kind, "gone", title="Gone", path="/", public=True)) == ""

    def test_holds_nothing_of_a_draft(self):
        save_draft(self.entry, self.entry.draft | {"rationale": "SECRET for now."}, by=self.ada)
        draft = self.draft("dark", rationale="SECRET too.")

        assert "SECRET" not in text_of(self.entry.subject) + text_of(draft.subject)


class PassageTests(PlatformTestCase):
    EXACT = "others should be able to check it"

    def setUp(self):
        super().setUp()
        self.subject = self.entry.subject
        self.subject.refresh_from_db()

    def start(self, passage=EXACT, subject=None):
        return start_thread(subject or self.subject, "Title", "Is it so?", self.eve, passage=passage)

    def article(self, thread):
        return self.as_().get(f"/t/{thread.pk}/").content.decode()

    def revise(self, rationale):
        save_draft(self.entry, self.entry.draft | {"rationale": rationale}, by=self.ada)
        publish(self.entry, by=self.ada, justification="Words.")

    def test_is_kept_with_what_stands_around_it_and_shown(self):
        thread = self.start(f"  {self.EXACT.replace(' ', chr(10), 1)} ")

        anchor = Anchor.objects.get()
        assert (anchor.exact, anchor.subject, anchor.as_of) == (self.EXACT, self.subject, "revision 1")
        assert anchor.prefix.endswith("It is small, and ") and anchor.suffix.startswith(".")
        assert len(anchor.prefix) <= 32 and len(anchor.suffix) <= 32
        page = self.article(thread)
        assert f"<blockquote><p>{self.EXACT}</p></blockquote>" in page
        fragment = "#:~:text=others%20should%20be%20able%20to%20check%20it"
        assert f'<a href="{self.subject.path}{fragment}">This passage</a> is still in the current text.' in page

    def test_is_found_with_what_the_page_puts_around_it(self):
        said = "It is small, and others should be able to check it."
        for passage in (f"Why: {said}", f"3 May 2019: {said}", f"{said} 1 12", f"{said}2", f"1.5B: {said}4 5"):
            self.assertEqual(find(self.entry.subject, passage).exact, said, passage)
        for passage in (f"They lied: and {said}", f"{said[:-1]} 7", "Why: 12"):
            with self.assertRaises(Invalid, msg=passage):
                find(self.entry.subject, passage)

    def test_that_does_not_stand_there_is_refused(self):
        for passage in ("words that stand nowhere", "x" * 601, "bell\a", "nul\0"):
            with self.assertRaises(Invalid) as refused:
                self.start(passage)
            assert list(refused.exception.error_dict) == ["passage"]
        assert not Thread.objects.exists()
        assert not Anchor.objects.exists()

    def test_is_looked_for_again_when_the_entry_is_published_anew(self):
        thread = self.start()
        version = Thread.objects.get().version
        self.revise("It is small, and other people should be able to check it. More.")
        assert Anchor.objects.get().due and Anchor.objects.get().state == "same"
        look_for_passages()

        anchor = Anchor.objects.get()
        assert (anchor.state, anchor.due, Thread.objects.get().version) == ("reworded", False, version + 1)
        page = self.article(thread)
        assert f'<a href="{self.subject.path}r/1/#:~:text=' in page and "was reworded since." in page
        self.revise("Nothing of that.")
        look_for_passages()
        assert "is no longer in the text." in self.article(thread)
        self.revise("It is small, and others should be able to check it again.")
        look_for_passages()
        assert "is still in the current text." in self.article(thread)

    def test_elsewhere_is_not_due(self):
        self.start()
        reworded = [clause | {"number": n} for n, clause in enumerate(CLAUSES, 1)]
        publish_version(self.norm, purpose="Another.", clauses=reworded, by=self.mo)

        assert not Anchor.objects.filter(due=True).exists()

    def test_of_a_clause_or_a_norm_follows_its_versions(self):
        self.clause.subject.refresh_from_db()
        self.norm.subject.refresh_from_db()
        on_clause = self.start("Name each component", self.clause.subject)
        on_norm = self.start("for whom, and from when", self.norm.subject)
        reworded = [clause | {"number": n} for n, clause in enumerate(CLAUSES, 1)]
        reworded[0]["text"] = "Say nothing."
        publish_version(self.norm, purpose="Why.", clauses=reworded, by=self.mo)
        look_for_passages()

        for thread in (on_clause, on_norm):
            page = self.article(thread)
            assert f'<a href="{self.norm.get_absolute_url()}v/1/#:~:text=' in page and "no longer in the text" in page

    def test_stays_when_the_comment_is_edited_and_other_marks_come(self):
        thread = self.start()
        comment = thread.comments.get()
        edit(comment, "Is it really?", self.eve)

        assert self.EXACT in self.article(thread)
        assert Comment.objects.get().edited_at is None  # its own passage does not end the grace

    def test_is_escaped(self):
        save_draft(self.entry, self.entry.draft | {"summary": "Uses <b>bold</b> & more."}, by=self.ada)
        publish(self.entry, by=self.ada, justification="Words.")
        self.subject.refresh_from_db()
        thread = self.start("<b>bold</b> & more")

        assert "<p>&lt;b&gt;bold&lt;/b&gt; &amp; more</p>" in self.article(thread)

    def test_comes_from_the_address_through_signing_in_and_preview_into_the_form(self):
        address = f"/t/new/?subject={self.subject.ref}&passage=others+should+be"
        answer = self.as_().get(address)
        assert "passage%3Dothers%2Bshould%2Bbe" in answer["Location"]
        client = self.as_(self.eve)
        page = client.get(address).content.decode()
        assert 'name="passage"' in page and "others should be</textarea>" in page
        form = {"subject": self.subject.ref, "title": "T", "body": "B", "passage": "nowhere"}
        refused = client.post("/t/new/", form)
        assert refused.status_code == 400 and "do not stand in Lamp now" in refused.content.decode()
        client.post("/t/new/", form | {"passage": "others should be"})
        assert Anchor.objects.get().comment.thread.title == "T"

    def test_is_kept_with_the_draft_of_a_reply_and_posted_with_it(self):
        thread = start_thread(self.subject, "Title", "Text", self.ada)
        client, path = self.as_(self.eve), f"/t/{thread.pk}/reply/"
        form = {"body": "half a thou", "passage": self.EXACT}
        client.post(path, form, headers={"X-Autosave": "1"})
        assert CommentDraft.objects.get().passage == self.EXACT
        assert f"{self.EXACT}</textarea>" in client.get(path).content.decode()
        client.post(path, form)

        assert Anchor.objects.get().comment.body == "half a thou"

    def test_over_the_api_is_told_and_refused_alike(self):
        thread = start_thread(self.subject, "Title", "Text", self.ada)
        body = {"thread": thread.pk, "body": "So?", "passage": self.EXACT}
        told = self.api(self.eve).post("/api/v1/comments", body, format="json").json()
        refused = self.api(self.eve).post("/api/v1/comments", body | {"passage": "nowhere"}, format="json")

        assert (told["passage"]["exact"], told["passage"]["state"]) == (self.EXACT, "same")
        assert told["passage"]["url"].startswith(f"{self.subject.path}#:~:text=others%20")
        assert refused.json()["errors"][0] | {"detail": ""} == {
            "pointer": "/passage", "code": "not_found", "detail": ""
        }  # fmt: skip

    def test_does_not_find_out_what_a_draft_says(self):
        save_draft(self.entry, self.entry.draft | {"rationale": "SECRET for now."}, by=self.ada)
        with self.assertRaises(Invalid):
            self.start("SECRET for now")

    def test_in_feed_and_mailbox_is_quoted(self):
        thread = self.start()
        assert f"&lt;blockquote&gt;{self.EXACT}&lt;/blockquote&gt;" in self.as_().get(
            f"/t/{thread.pk}/feed/"
        ).content.decode()  # fmt: skip
        post(thread, "Another.", self.ada)
        box = self.as_().get(f"/t/{thread.pk}/mbox/").content.decode()

        assert f"> {self.EXACT}\n[This passage is still in the current text.]\n\nIs it so?" in box
