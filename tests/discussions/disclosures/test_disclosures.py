"""What is disclosed beside a comment, and how it is corrected."""

import re

import pytest

from discussions.disclosures.actions import correct_disclosure
from discussions.disclosures.models import DisclosureCorrection
from discussions.threads.marks import set_mark
from discussions.threads.models import Comment, Thread
from registry.accounts.actions import state_affiliation
from registry.core.errors import Invalid, Refused, TooMany
from registry.history.models import Event
from tests.discussions.threads.test_pages import article, signed_in, text_of

__all__ = ["signed_in"]
ONCE = re.compile(r'name="once" value="([0-9a-f]+)"')


class TestCorrectDisclosure:
    def test_stands_beside_the_comment_and_leaves_the_original(self, opening, thread, eve, lab):
        frozen = dict(opening.disclosure)
        set_mark(opening, "concern", "opens a concern")
        correction = correct_disclosure(opening, " I had left\nthe lab in 2017. ", eve)

        opening.refresh_from_db()
        assert opening.disclosure == frozen
        assert (correction.text, correction.by) == ("I had left the lab in 2017.", eve)
        path = f"/c/{opening.pk}/disclosure/"
        assert opening.marks[1] == {"kind": "correction", "words": "disclosure corrected", "path": path}
        assert Thread.objects.get().version == thread.version + 2
        event = Event.objects.get(verb="disclosure.corrected")
        assert (event.subject, event.actor, event.lab, event.public) == (thread.subject, eve, lab.subject, True)
        assert event.data == {
            "about": "release:openlab/model", "thread": thread.pk, "comment": opening.pk, "number": 1,
            "correction": correction.pk,
        }  # fmt: skip

    def test_may_be_added_to_and_is_marked_once(self, opening, eve):
        for text in ("First.", "Second."):
            correct_disclosure(opening, text, eve)

        opening.refresh_from_db()
        assert [c.text for c in opening.disclosure_corrections.all()] == ["First.", "Second."]
        assert [mark["kind"] for mark in opening.marks] == ["correction"]

    def test_is_refused_to_everybody_but_the_author(self, opening, ada):
        with pytest.raises(Refused):
            correct_disclosure(opening, "They are biased.", ada)
        assert not DisclosureCorrection.objects.exists()

    def test_is_allowed_in_a_closed_discussion_and_not_on_what_was_taken_from_view(self, opening, eve):
        Thread.objects.update(locked=True)
        correct_disclosure(Comment.objects.get(), "In time.", eve)
        Comment.objects.update(hidden=True)
        with pytest.raises(Refused):
            correct_disclosure(Comment.objects.get(), "Too late.", eve)

    @pytest.mark.parametrize("text", ["", " \u200b ", "nul\0", "x" * 501])
    def test_refuses_what_cannot_be_stored_or_shown(self, opening, eve, text):
        with pytest.raises(Invalid) as refused:
            correct_disclosure(opening, text, eve)
        assert list(refused.value.error_dict) == ["text"]

    def test_is_limited_in_pace(self, opening, eve):
        with pytest.raises(TooMany):
            for n in range(12):
                correct_disclosure(opening, f"Correction {n}.", eve)


class TestPage:
    def test_shows_what_was_frozen_and_the_corrections(self, client, thread, say, bo, eve):
        state_affiliation(bo, organisation="Openlab <x>", kind="funding")
        comment = say("text", bo)
        state_affiliation(bo, organisation="Later")
        correct_disclosure(comment, "The <b>grant</b> had ended.", bo)
        source = client.get(f"/c/{comment.pk}/disclosure/").content.decode()

        assert "belongs to Openlab" in source and "Openlab &lt;x&gt;" in source and "Later" not in source
        assert "The &lt;b&gt;grant&lt;/b&gt; had ended." in source
        assert "<textarea" not in source
        beside = article(client.get(f"/t/{thread.pk}/"), comment.pk)
        link = f'<a href="/c/{comment.pk}/disclosure/">disclosure corrected</a>'
        assert f'<b class="mark correction">{link}</b>' in beside

    def test_lets_the_author_correct_it_once_for_a_double_click(self, signed_in, opening, eve, ada):
        client, path = signed_in(eve), f"/c/{opening.pk}/disclosure/"
        once = ONCE.search(text_of(client.get(path)))[1]
        answers = [client.post(path, {"text": "I had left.", "once": once}) for _ in range(2)]

        assert [(a.status_code, a["Location"]) for a in answers] == [(302, path)] * 2
        assert DisclosureCorrection.objects.count() == 1
        client = signed_in(ada)
        assert "<textarea" not in text_of(client.get(path))
        assert client.post(path, {"text": "They are biased."}).status_code == 403

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, signed_in, opening, eve):
        response = signed_in(eve).post(f"/c/{opening.pk}/disclosure/", {"text": "kept " * 101})

        assert response.status_code == 400
        assert "kept kept" in text_of(response)

    def test_is_not_there_where_the_comment_is_not(self, signed_in, api, opening, eve):
        correct_disclosure(opening, "I had left.", eve)
        Comment.objects.update(hidden=True)

        client = signed_in(eve)
        for path in (f"/c/{opening.pk}/disclosure/", f"/api/v1/comments/{opening.pk}/disclosure"):
            assert client.get(path).status_code == 404
        assert "I had left" not in text_of(client.get("/api/v1/events"))


class TestApi:
    def test_tells_and_corrects(self, api, opening, eve, ada):
        path = f"/api/v1/comments/{opening.pk}/disclosure"
        response = api(eve).post(path, {"text": "I had left."})

        correction = DisclosureCorrection.objects.get()
        at = response.json()["corrections"][0]["at"]
        assert response.status_code == 201
        assert api().get(path).json() == response.json() == {
            "comment": opening.pk, "disclosure": opening.disclosure,
            "corrections": [{"id": correction.pk, "text": "I had left.", "at": at}],
        }  # fmt: skip
        assert api(ada).post(path, {"text": "x"}).status_code == 403
        assert api(eve, scope="read").post(path, {"text": "x"}).status_code == 403

    @pytest.mark.parametrize(
        "body", [{}, {"text": ""}, {"text": "x" * 501}, {"text": "bell\a"}, {"text": "x", "by": 1}]
    )
    def test_says_what_is_wrong(self, api, opening, eve, body):
        response = api(eve).post(f"/api/v1/comments/{opening.pk}/disclosure", body)

        assert response.status_code == 400
        assert response.json()["errors"][0]["pointer"] in ("/text", "/by")
        assert not DisclosureCorrection.objects.exists()
