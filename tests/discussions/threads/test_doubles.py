"""Going back and sending again makes nothing double."""

from datetime import timedelta

import pytest

TITLE, BODY = "A question", "Why was  it\nwithheld?"


@pytest.fixture
def browser(client, ada):
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


class ThreadTests:
    def test_leads_to_the_discussion_that_is_there(self, browser, entry):
        from discussions.threads.models import Thread

        asked = {"subject": entry.ref, "title": TITLE, "body": BODY}
        first, again = (browser.post("/t/new/", asked | {"once": once}) for once in ("a", "b"))
        other = browser.post("/t/new/", asked | {"title": "Another question", "once": "c"})

        assert first.status_code == again.status_code == other.status_code == 302
        assert again["Location"] == first["Location"] != other["Location"]
        assert Thread.objects.filter(about=entry).count() == 2


class CommentTests:
    def send(self, browser, thread, **more):
        answer = browser.post(f"/t/{thread.pk}/reply/", {"body": BODY} | more)
        assert answer.status_code == 302, answer.content
        return answer["Location"]

    def test_leads_to_the_comment_that_is_there(self, browser, thread, opening):
        first = self.send(browser, thread, once="a")

        assert self.send(browser, thread, once="b", body=BODY.replace("\n", "\r\n") + "\n") == first
        assert self.send(browser, thread, parent=opening.pk) != first
        assert self.send(browser, thread, body="Because?") != first
        assert thread.comments.count() == 4

    def test_may_be_said_anew_later_or_when_it_was_taken_back(self, browser, thread, ada, eve):
        from django.utils import timezone

        from discussions.threads.actions import post
        from discussions.threads.models import Comment

        post(thread, BODY, eve)
        places = {self.send(browser, thread)}
        mine = Comment.objects.filter(thread=thread, author=ada)
        mine.update(created_at=timezone.now() - timedelta(hours=2))
        places.add(self.send(browser, thread))
        mine.update(retracted_at=timezone.now())
        places.add(self.send(browser, thread))

        assert len(places) == 3

    def test_of_another_passage_is_another_comment(self, browser, eve):
        from discussions.threads.actions import start_thread
        from registry.core.subjects import name_subject

        lab = name_subject("lab", "made", title="Made up lab", path="/labs/made/", public=True)
        thread = start_thread(lab, "About it", "What of it?", eve)
        first = self.send(browser, thread, passage="Made up")

        assert self.send(browser, thread, passage="Made  up") == first
        assert self.send(browser, thread, passage="up lab") != first
        assert self.send(browser, thread) != first
        assert thread.comments.count() == 4

    def test_over_the_api_is_said_twice_without_a_key(self, api, thread, ada):
        for _ in range(2):
            body = {"thread": thread.pk, "body": BODY}
            assert api(ada).post("/api/v1/comments", body, format="json").status_code == 201

        assert thread.comments.count() == 3
