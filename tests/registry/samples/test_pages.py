"""Samples on the pages of an entry: private until published, a warning first, a page at a time without script."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile

from registry.core.files import StoredFile
from registry.releases.actions import bring_back, publish, save_draft, take_from_view
from registry.samples.actions import attach_samples
from registry.samples.models import SampleFile
from tests.people import PlatformTestCase

LAMP = "/releases/invented-lab/lamp/"
LINES = "".join(json.dumps({"text": f"Glow number {n}.", "prompt": f"Light {n}", "id": f"s{n}"}) + "\n"
                for n in range(1, 101))  # fmt: skip


class SamplesTestCase(PlatformTestCase):
    def attached(self, text=LINES, **said):
        kept = attach_samples(self.entry, self.file(text, kind="samples", name="glow.jsonl"), by=self.ada)
        sets = [self.entry.draft["samples"][0] | said]
        save_draft(self.entry, self.entry.draft | {"samples": sets}, by=self.ada)
        return kept

    def published(self, **said):
        kept = self.attached(**said)
        publish(self.entry, by=self.ada, justification="Samples.")
        return kept


class ReadTests(SamplesTestCase):
    def test_are_seen_by_nobody_but_the_editors_until_a_revision_names_them(self):
        kept = self.attached()
        page, download = kept.get_absolute_url(), kept.file.get_absolute_url()
        listed = "/api/v1/releases/invented-lab/lamp/samples"

        for address in (page, download, f"{listed}/{kept.digest}"):
            self.assertEqual([self.as_(user).get(address).status_code for user in (None, self.eve, self.mo)], [404] * 3)
        self.assertEqual(self.api().get(listed).json(), {"results": []})
        self.assertEqual(self.as_(self.ada).get(page).status_code, 200)

        publish(self.entry, by=self.ada, justification="Samples.")

        for address in (page, download, f"{listed}/{kept.digest}"):
            self.assertEqual(self.as_().get(address).status_code, 200)

    def test_stay_private_where_the_published_revision_names_another_file(self):
        kept = self.attached()
        save_draft(self.entry, self.entry.draft | {"samples": [{"title": "None", "file": "0" * 64}]}, by=self.ada)
        publish(self.entry, by=self.ada, justification="Another file.")

        self.assertEqual(self.as_().get(kept.get_absolute_url()).status_code, 404)
        self.assertEqual(StoredFile.objects.get(pk=kept.file_id).public, False)

    def test_naming_the_digest_of_somebody_elses_file_shows_nothing_of_it(self):
        secret = self.file("Secret.", kind="samples", by=self.eve, name="secret.txt")
        save_draft(self.entry, self.entry.draft | {"samples": [{"file": secret.sha256}]}, by=self.ada)
        publish(self.entry, by=self.ada, justification="A claim.")

        self.assertEqual(StoredFile.objects.get(pk=secret.pk).public, False)
        self.assertEqual(self.as_().get(f"{LAMP}samples/{secret.sha256[:12]}/").status_code, 404)

    def test_go_from_view_with_their_entry_and_come_back_with_it(self):
        kept, unnamed = self.published(), self.file("Not named.", kind="samples", name="other.txt")
        attach_samples(self.entry, unnamed, by=self.ada)

        since = self.entry.published_at
        take_from_view(self.entry)
        for address in (kept.get_absolute_url(), kept.file.get_absolute_url()):
            self.assertEqual(self.as_(self.eve).get(address).status_code, 404)

        bring_back(self.entry, since)
        for address in (kept.get_absolute_url(), kept.file.get_absolute_url()):
            self.assertEqual(self.as_(self.eve).get(address).status_code, 200)
        self.assertEqual(StoredFile.objects.get(pk=unnamed.pk).public, False)

    def test_come_a_page_at_a_time_and_can_be_narrowed(self):
        kept = self.published()
        page = self.as_().get(kept.get_absolute_url()).content.decode()
        second = self.as_().get(f"{kept.get_absolute_url()}?from=26").content.decode()
        narrowed = self.as_().get(f"{kept.get_absolute_url()}?text=NUMBER+77&prompt=light").content.decode()

        self.assertIn("Glow number 25.", page)
        self.assertNotIn("Glow number 26.", page)
        self.assertIn('href="?from=26" rel="next"', page)
        self.assertIn("Glow number 26.", second)
        self.assertIn('href="?from=1" rel="prev"', second)
        self.assertIn("Glow number 77.", narrowed)
        self.assertNotIn("Glow number 7.", narrowed)

    def test_a_warning_stands_before_samples_that_are_shut_away(self):
        kept = self.published(content_warning="Cruel words.")
        page = self.as_().get(kept.get_absolute_url()).content.decode()

        self.assertLess(page.index("Cruel words."), page.index("<details><summary>Show the samples"))
        self.assertLess(page.index("<details><summary>Show the samples"), page.index("Glow number 1."))

    def test_text_in_them_is_never_markup(self):
        hostile = json.dumps({"text": "<script>alert(1)</script>", "prompt": "<img src=x>", "id": "<b>"})
        kept = attach_samples(self.entry, self.file(hostile, kind="samples", name="<i>.jsonl"), by=self.ada)
        page = self.as_(self.ada).get(kept.get_absolute_url()).content.decode()

        for mark in ("<script>alert", "<img src=x", "<b>", "<i>.jsonl"):
            self.assertNotIn(mark, page)

    def test_odd_addresses_are_answered(self):
        kept = self.published()
        where = kept.get_absolute_url()

        for query, status in (
            ("?from=0", 404), ("?from=-1", 404), ("?from=x", 404), ("?from=99999999999", 404), ("?from=999", 200),
            ("?least=x", 200), ("?text=" + "a" * 300, 200), ("?most=0", 200),
        ):  # fmt: skip
            self.assertEqual(self.as_().get(where + query).status_code, status, query)
        self.assertEqual(self.as_().get(f"{LAMP}samples/0123456789ab/").status_code, 404)

    def test_the_entry_says_how_they_were_chosen_and_what_is_not_stated(self):
        self.published(prompts_tried=40, prompts_shown=4, samples_per_prompt=25, samples_shown=10, temperature=0.7)
        page = self.as_().get(LAMP).content.decode()
        sets = self.as_().get(f"{LAMP}samples/").content.decode()

        for said in ("10 of 1,000 samples are shown (1%)", "4 of 40 prompts are shown (10%)"):
            self.assertIn(said, page)
            self.assertIn(said, sets)
        self.assertIn('<dt>Temperature</dt><dd>0.7</dd><dt>Top-k</dt><dd class="quiet">not stated</dd>', page)
        self.assertIn("Selection ratio 0.01, 95% interval 0.00480", page)


class AttachTests(SamplesTestCase):
    def test_an_upload_adds_a_set_that_names_it_once(self):
        upload = SimpleUploadedFile("glow.jsonl", LINES.encode())
        answer = self.as_(self.ada).post(f"{LAMP}edit/samples/", {"file": upload})
        again = self.as_(self.ada).post(f"{LAMP}edit/samples/", {"file": SimpleUploadedFile("x", LINES.encode())})
        self.entry.refresh_from_db()

        self.assertEqual([answer.status_code, again.status_code], [302, 302])
        self.assertEqual([one["title"] for one in self.entry.draft["samples"]], ["glow.jsonl"])
        self.assertEqual([(one.lines, one.published_at) for one in SampleFile.objects.all()], [(100, None)])

    def test_nobody_else_may(self):
        for user, status in ((self.bo, 403), (self.eve, 403), (self.mo, 403)):
            upload = SimpleUploadedFile("glow.jsonl", LINES.encode())
            self.assertEqual(self.as_(user).post(f"{LAMP}edit/samples/", {"file": upload}).status_code, status)

    def test_the_api_takes_a_file_of_ones_own(self):
        script = self.api(self.ada)
        file = self.file(LINES, kind="samples", name="glow.jsonl")
        theirs = self.file("Theirs.", kind="samples", by=self.eve, name="theirs.txt")
        where = "/api/v1/releases/invented-lab/lamp/samples"

        done = script.post(where, {"file": file.pk}, format="json")
        refused = script.post(where, {"file": theirs.pk}, format="json")
        card = script.post(where, {"file": self.file("# Card").pk}, format="json")

        self.assertEqual((done.status_code, done.json()["lines"], done.json()["published"]), (201, 100, False))
        self.assertEqual([refused.json()["errors"][0]["code"], card.status_code], ["unknown", 400])
        page = script.get(f"{where}/{file.sha256[:12]}?text=number+7&from=60").json()
        self.assertEqual([one["number"] for one in page["results"]], list(range(70, 80)))
        self.assertEqual(page["next"], None)
