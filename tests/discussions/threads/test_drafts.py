"""What was typed and not posted: of two tabs the newest text wins, and the other one is offered."""

import re

import pytest

from discussions.threads.models import Comment, CommentDraft

HIDDEN = re.compile(r'name="(once|based_on)" value="([^"]*)"')


class Tab:
    """One open form of a person's."""

    def __init__(self, client, path):
        self.client, self.path = client, path
        self.page = client.get(path).content.decode()
        self.hidden = dict(HIDDEN.findall(self.page))

    def type(self, body):
        self.client.post(self.path, self.hidden | {"body": body}, headers={"X-Autosave": "1"})
        return CommentDraft.objects.values_list("body", "other").first()

    def post(self, body):
        return self.client.post(self.path, self.hidden | {"body": body})


@pytest.fixture
def tab(client, thread, ada):
    client.force_login(ada)
    return lambda path=f"/t/{thread.pk}/reply/": Tab(client, path)


class TestTwoTabs:
    def test_keep_the_newest_text_and_offer_the_other(self, tab):
        first, second = tab(), tab()
        assert first.type("from the first") == ("from the first", "")
        assert second.type("from the second") == ("from the second", "from the first")
        assert second.type("from the second, longer") == ("from the second, longer", "from the first")

        page = tab().page
        assert "Another tab of yours saved a different text." in page
        assert ">from the first</textarea>" in page and "from the second, longer</textarea>" in page
        assert first.type("the first goes on") == ("the first goes on", "from the second, longer")

    def test_one_after_the_other_offer_nothing(self, tab):
        first = tab()
        first.type("half")
        second = tab()
        assert "half</textarea>" in second.page

        assert second.type("something else") == ("something else", "")
        assert "Another tab" not in tab().page

    def test_posting_one_leaves_the_other_as_the_draft(self, tab):
        first, second = tab(), tab()
        first.type("from the first")
        second.type("from the second")
        second.post("from the second")

        assert Comment.objects.latest("pk").body == "from the second"
        assert CommentDraft.objects.values_list("body", "other").get() == ("from the first", "")
        first.post("from the first")
        assert not CommentDraft.objects.exists()

    def test_of_an_edit_are_kept_apart_too(self, tab, opening, eve, client):
        client.force_login(eve)
        first, second = tab(f"/c/{opening.pk}/edit/"), tab(f"/c/{opening.pk}/edit/")
        first.type("from the first")

        assert second.type("from the second") == ("from the second", "from the first")

    def test_a_text_typed_before_signing_in_goes_before_the_draft_which_is_offered(self, tab, client, thread, ada):
        tab().type("an older draft")
        client.logout()
        client.post(f"/t/{thread.pk}/reply/", {"body": "typed while signed out", "passage": "words"})
        client.force_login(ada)
        page = tab().page

        assert "typed while signed out</textarea>" in page and ">an older draft</textarea>" in page
        assert "words</textarea>" in page
