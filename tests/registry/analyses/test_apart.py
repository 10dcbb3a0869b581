"""A card that is read for a page is read in a process of its own."""

import pytest

from registry.analyses.errors import Unusable
from registry.analyses.model_card import apart
from registry.analyses.model_card.prefill import prefill
from registry.releases.actions import attach_card
from tests.people import PlatformTestCase

CARD = "---\nlicense: mit\nmodel_name: Lamp\n---\n# Lamp\n\nLamp is a small model of invented English, for tests.\n"


class PrefillApartTests:
    def test_says_what_the_reading_itself_says(self):
        assert apart.prefill_apart(CARD) == prefill(CARD)

    @pytest.mark.parametrize("text", ["", "\ud800 half", "---\n" + "[" * 50_000 + "\n---\n# A", "a: &a [*a]\n" * 500])
    def test_survives_odd_texts(self, text):
        assert apart.prefill_apart(text)["kind"] == "model"

    def test_has_an_end_whatever_happens_to_the_reader(self, monkeypatch):
        for program in ("while True: pass", "import os; os.kill(os.getpid(), 11)", "x = [0] * 10**11", "print('no')"):
            monkeypatch.setattr(apart, "PROGRAM", program)
            monkeypatch.setattr(apart, "SECONDS", 1)
            with pytest.raises(Unusable, match="could not be read in 1 seconds"):
                apart.prefill_apart(CARD)


class PrefillPageTests(PlatformTestCase):
    def test_says_why_a_card_could_not_be_read(self):
        draft = self.draft()
        attach_card(draft, self.file(CARD), by=self.ada)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(apart, "PROGRAM", "import os; os.abort()")
            page = self.as_(self.ada).get(f"{draft.get_absolute_url()}prefill/")

        self.assertContains(page, "The draft can be filled in by hand.")
