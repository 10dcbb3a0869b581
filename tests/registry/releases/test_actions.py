"""Beginning, saving, publishing: who may, what is kept, what can never change."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from registry.core.canonical import digest
from registry.core.errors import Conflict, Invalid, Refused, Stale
from registry.history.models import Event
from registry.releases.actions import attach_card, begin_entry, change_draft, publish, save_draft
from registry.releases.models import Entry, Revision
from tests.people import CONTENT, PlatformTestCase


class BeginEntryTests(PlatformTestCase):
    def test_makes_a_private_draft_and_one_event(self):
        entry = begin_entry(self.lab, "torch", by=self.ada, content={"title": "Torch"})

        self.assertEqual(entry.subject.ref, "release:invented-lab/torch")
        self.assertFalse(entry.subject.public)
        self.assertEqual(list(Event.objects.about(entry.subject).values_list("verb", flat=True)), ["release.begun"])

    def test_needs_an_owner_or_editor_of_the_lab(self):
        for person in (self.bo, self.eve, self.mo):
            with pytest.raises(Refused):
                begin_entry(self.lab, "torch", by=person)

    def test_refuses_a_short_name_that_is_taken_reserved_or_malformed(self):
        for slug in ("lamp", "new", "feed", "Torch", "a b", "", "-a", "a" * 61, "töpf", "a/b", "a\n"):
            with pytest.raises(Invalid):
                begin_entry(self.lab, slug, by=self.ada)

    def test_anybody_outside_the_lab_curates_what_it_has_not_registered_itself(self):
        entry = begin_entry(self.lab, "torch", by=self.eve, content=CONTENT | {"title": "Torch"}, origin="third_party")

        with pytest.raises(Refused):
            save_draft(entry, CONTENT, by=self.ada)
        with pytest.raises(Refused):
            begin_entry(self.lab, "candle", by=self.bo, origin="third_party")
        with pytest.raises(Invalid, match="has registered this itself"):
            begin_entry(self.lab, "lamp-two", by=self.eve, content={"title": "lamp "}, origin="third_party")

    def test_whoever_belongs_to_the_lab_is_no_third_party_to_it(self):
        curated = begin_entry(self.lab, "torch", by=self.mo, origin="third_party")
        self.lab.memberships.create(user=self.mo, role="member")

        with pytest.raises(Refused):
            begin_entry(self.lab, "lantern", by=self.mo, origin="third_party")
        with pytest.raises(Refused):
            save_draft(curated, CONTENT, by=self.mo)
        assert curated not in Entry.objects.editable_by(self.mo)


class SaveDraftTests(PlatformTestCase):
    def test_tells_whoever_was_slower_and_keeps_the_first(self):
        entry = self.draft()
        save_draft(entry, CONTENT | {"title": "First"}, by=self.ada, version=1)

        with pytest.raises(Stale, match="Ada Example saved this draft while you were writing"):
            save_draft(entry, CONTENT | {"title": "Second"}, by=self.ada, version=1)
        self.assertEqual(Entry.objects.get(pk=entry.pk).draft["title"], "First")

    def test_fields_changed_at_the_same_moment_all_survive(self):
        """Each request has read the entry before the others wrote."""
        self.draft()
        first, second, third = (Entry.objects.get(slug="draft") for _ in range(3))
        card = self.file("# Lamp\n")

        change_draft(first, {"title": "Another title"}, by=self.ada)
        attach_card(second, card, by=self.ada)
        change_draft(third, {"summary": "Another summary."}, by=self.ada)

        draft = Entry.objects.get(slug="draft").draft
        self.assertEqual((draft["title"], draft["summary"]), ("Another title", "Another summary."))
        self.assertEqual(draft["model_card"]["sha256"], card.sha256)

    def test_saving_the_same_again_is_not_a_new_version(self):
        entry = self.draft()

        save_draft(entry, entry.draft, by=self.ada, version=1)

        self.assertEqual(entry.draft_version, 1)

    def test_keeps_what_is_half_typed_only_when_asked_to(self):
        entry = self.draft()
        half = CONTENT | {"stages": [{"date": "2019-0", "components": []}], "links": [{"url": "htt"}]}

        with pytest.raises(Invalid) as problem:
            save_draft(entry, half, by=self.ada)
        self.assertEqual(set(problem.value.error_dict), {"/stages/0/date", "/links/0/url"})
        save_draft(entry, half, by=self.ada, unfinished=True)

        self.assertEqual(entry.draft["stages"][0]["date"], "2019-0")
        with pytest.raises(Invalid):
            publish(entry, by=self.ada)

    def test_never_keeps_what_cannot_be_stored_or_shown(self):
        entry = self.draft()
        for bad in (
            {"title": "a\x00b"},
            {"summary": "x" * 601},
            {"nonsense": 1},
            {"stages": "no"},
            {"title": "\ud800"},
        ):
            with pytest.raises(Invalid):
                save_draft(entry, CONTENT | bad, by=self.ada, unfinished=True)

    def test_keeps_no_more_than_a_bounded_size(self):
        entry = self.draft()
        stages = [{"rationale": "x" * 20_000, "date": "soon"} for _ in range(49)]
        concerns = [{"concern": "y" * 2_000, "mitigation": "z" * 2_000} for _ in range(50)]

        with pytest.raises(Invalid):
            save_draft(entry, CONTENT | {"stages": stages, "concerns": concerns}, by=self.ada, unfinished=True)


class PublishTests(PlatformTestCase):
    def test_makes_an_immutable_numbered_revision_with_the_digest_of_its_content(self):
        revision = self.entry.revisions.get()

        self.assertEqual((revision.number, revision.digest), (1, digest(revision.content)))
        self.assertEqual(self.entry.subject.as_of, "revision 1")
        self.assertTrue(self.entry.subject.public)

        save_draft(self.entry, CONTENT | {"title": "Lamp two"}, by=self.ada)
        publish(self.entry, by=self.ada, justification="It has a second name.")

        revision.refresh_from_db()
        self.assertEqual(revision.content["title"], "Lamp")
        self.assertEqual(self.entry.title, "Lamp two")
        self.assertEqual(self.entry.revisions.get(number=2).changed, ["entry"])

    def test_writes_what_lists_show(self):
        shown = {name: getattr(self.entry, name) for name in ("kind", "word", "levels", "decided_on", "title")}

        self.assertEqual(
            shown,
            {
                "kind": "model",
                "word": shown["word"],
                "levels": {"weights": "open"},
                "decided_on": "2024-05-01",
                "title": "Lamp",
            },
        )
        self.assertTrue(self.entry.sentence.endswith("."))

    def test_asks_for_a_justification_from_the_second_revision_on(self):
        save_draft(self.entry, CONTENT | {"title": "Lamp two"}, by=self.ada)

        for said in ("", "  \n "):
            with pytest.raises(Invalid, match="why this revision is needed"):
                publish(self.entry, by=self.ada, justification=said)
        self.assertEqual(self.entry.revisions.count(), 1)

    def test_refuses_a_justification_that_no_feed_could_carry_or_nobody_would_read(self):
        save_draft(self.entry, CONTENT | {"title": "Lamp two"}, by=self.ada)

        for said in ("bell \x07", "x" * 2001):
            with pytest.raises(Invalid) as problem:
                publish(self.entry, by=self.ada, justification=said)
            self.assertEqual(list(problem.value.error_dict), ["justification"])

    def test_refuses_to_publish_the_same_again(self):
        with pytest.raises(Conflict, match="Nothing has changed"):
            publish(self.entry, by=self.ada, justification="Again.")

    def test_names_every_gap_at_once(self):
        entry = begin_entry(self.lab, "torch", by=self.ada)

        with pytest.raises(Invalid) as problem:
            publish(entry, by=self.ada)
        self.assertEqual(set(problem.value.error_dict), {"/title", "/summary", "/rationale", "/stages"})

    def test_needs_an_owner_or_editor(self):
        entry = self.draft()
        for person in (self.bo, self.eve, self.mo):
            with pytest.raises(Refused):
                publish(entry, by=person)

    def test_somebody_who_left_the_lab_may_do_nothing_and_sees_no_draft(self):
        entry = self.draft()
        cleo = self.lab.memberships.create(user=self.eve, role="editor")
        self.assertTrue(Entry.objects.visible_to(self.eve).filter(pk=entry.pk).exists())
        cleo.delete()

        self.assertFalse(Entry.objects.visible_to(self.eve).filter(pk=entry.pk).exists())
        with pytest.raises(Refused):
            save_draft(entry, CONTENT, by=self.eve)

    def test_the_database_refuses_two_revisions_of_one_number(self):
        kept = {"entry": self.entry, "number": 1, "content": {}, "digest": "x", "author": self.ada}
        with pytest.raises(Exception, match="one_number_per_entry"), transaction.atomic():
            Revision.objects.create(**kept)

    def test_a_revision_can_be_neither_changed_nor_deleted(self):
        revision = self.entry.revisions.get()
        revision.justification = "Changed afterwards."

        for act in (revision.save, revision.delete):
            with pytest.raises(TypeError, match="never"):
                act()

    def test_records_one_public_event_with_the_digest(self):
        event = Event.objects.get(verb="release.published", subject=self.entry.subject)

        self.assertEqual(event.data["digest"], self.entry.current.digest)
        self.assertEqual((event.actor, event.lab), (self.ada, self.lab.subject))

    def test_markdown_is_rendered_and_made_harmless_when_published(self):
        entry = self.draft(rationale="**bold** <script>alert(1)</script> [x](javascript:alert(1))")
        html = publish(entry, by=self.ada).html["/rationale"]

        self.assertIn("<strong>bold</strong>", html)
        self.assertNotIn("<script", html)
        self.assertNotIn('href="javascript', html)

    def test_costs_the_same_whatever_the_number_of_revisions(self):
        counts = []
        for number in range(2, 5):
            save_draft(self.entry, CONTENT | {"title": f"Lamp {number}"}, by=self.ada)
            with CaptureQueriesContext(connection) as queries:
                publish(self.entry, by=self.ada, justification="A new name.")
            counts.append(len(queries))

        self.assertEqual(len(set(counts)), 1)


class AttachCardTests(PlatformTestCase):
    def test_says_who_saved_the_draft_last(self):
        self.lab.memberships.filter(user=self.bo).update(role="editor")
        entry = self.draft()

        attach_card(entry, self.file("# Lamp\n", by=self.bo), by=self.bo)

        self.assertEqual(Entry.objects.get(pk=entry.pk).draft_saved_by, self.bo)
        with pytest.raises(Stale, match="Bo Example saved"):
            save_draft(entry, CONTENT, by=self.ada, version=1)

    def test_puts_the_card_on_the_draft_and_shows_it_only_when_published(self):
        card = self.file("# Lamp\n\nA small model.")
        attach_card(self.entry, card, by=self.ada)

        self.assertEqual(
            self.entry.draft["model_card"], {"name": "card.md", "sha256": card.sha256, "size": card.size}
        )
        card.refresh_from_db()
        self.assertFalse(card.public)

        publish(self.entry, by=self.ada, justification="The card.")
        card.refresh_from_db()
        self.assertTrue(card.public)
        self.assertEqual(self.entry.revisions.get(number=1).content["model_card"], None)

    def test_refuses_a_file_of_another_kind(self):
        with pytest.raises(Invalid, match="not uploaded as a model card"):
            attach_card(self.entry, self.file('{"text": "a"}', kind="samples"), by=self.ada)
