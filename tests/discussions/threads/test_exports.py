"""Threads to take away: JSON as over the API, and a mailbox that mail programs thread."""

import email
import email.policy
import mailbox
import re
from contextlib import closing

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from discussions.threads.actions import retract, start_thread
from discussions.threads.message_ids import host, message_id
from discussions.threads.models import Comment, Thread

HARD = "From here on:\n>From there\nFrom\n\nZürich – $x^2$ & <b>\n" + "long " * 300


@pytest.fixture
def talk(thread, opening, say, ada, eve):
    """The opening, an answer, an answer to that, and one of its own."""
    answer = say(HARD, ada, parent=opening)
    say("Just ASCII.\n\n.\nFrom me\n", eve, parent=answer)
    say("日本語の本文です。", ada)
    return thread


def box(client, thread, folder):
    """The messages of a thread's mailbox as Python's own reader takes them apart."""
    path = folder / "box.mbox"
    path.write_bytes(client.get(f"/t/{thread.pk}/mbox/").content)
    with closing(mailbox.mbox(path)) as found:
        return [email.message_from_bytes(one.as_bytes(), policy=email.policy.default) for one in found]


def text_of(message):
    """The body as mboxrd readers give it: one > is taken from lines that were quoted."""
    data = re.sub(rb"(?m)^>(>*From )", rb"\1", message.as_bytes())
    return email.message_from_bytes(data, policy=email.policy.default).get_content().rstrip("\n")


class TestMbox:
    def test_threads_in_any_reader_and_holds_each_text_as_written(self, client, talk, tmp_path):
        messages = box(client, talk, tmp_path)
        comments = list(Comment.objects.order_by("number"))

        ids = [message_id(comment) for comment in comments]
        assert [message["Message-ID"] for message in messages] == ids
        assert [message["In-Reply-To"] for message in messages] == [None, ids[0], ids[1], None]
        assert [(m["References"] or "").split() for m in messages] == [[], ids[:1], ids[:2], []]
        assert [text_of(message) for message in messages] == [comment.body.rstrip() for comment in comments]
        assert {message["Subject"].removeprefix("Re: ") for message in messages} == {talk.title}
        assert [m["Date"].datetime for m in messages] == [c.created_at.replace(microsecond=0) for c in comments]

    def test_is_seven_bits_with_every_line_that_begins_a_message_quoted(self, client, talk):
        data = client.get(f"/t/{talk.pk}/mbox/").content

        assert data.isascii() and max(map(len, data.split(b"\n"))) < 998
        assert len(re.findall(rb"(?m)^From ", data)) == 4

    def test_names_people_by_an_address_that_leads_nowhere(self, client, talk, tmp_path, ada, eve):
        senders = [message["From"].addresses[0] for message in box(client, talk, tmp_path)]

        assert [sender.addr_spec for sender in senders] == [
            f"{handle}@{host()}.invalid" for handle in ("eve", "ada", "eve", "ada")
        ]
        assert senders[0].display_name == "Eve <Outsider>"
        data = client.get(f"/t/{talk.pk}/mbox/").content.decode()
        assert ada.email not in data and eve.email not in data

    def test_keeps_the_place_of_what_was_taken_from_view_and_says_what_was_retracted(
        self, client, talk, tmp_path, ada, eve
    ):
        Comment.objects.filter(number=2).update(hidden=True)
        retract(Comment.objects.get(number=1), eve, "It was wrong.")
        messages = box(client, talk, tmp_path)

        assert messages[1]["From"].addresses[0].addr_spec == f"nobody@{host()}.invalid"
        assert text_of(messages[1]) == "This comment was taken from view. Replies to it stay."
        assert text_of(messages[0]).startswith("[Retracted on ")
        assert text_of(messages[0]).endswith(": It was wrong.]\n\nThe *script* was withheld, too.")
        assert messages[2]["In-Reply-To"] == message_id(Comment.objects.get(number=2))

    def test_a_title_breaks_no_header(self, client, entry, eve, tmp_path):
        title = "Ünïcode: Bcc: all@example.org " + "x" * 150
        thread = start_thread(entry, title, "text", eve)

        message = box(client, thread, tmp_path)[0]
        assert message["Subject"] == title and message["Bcc"] is None


class TestJson:
    def test_holds_each_comment_as_the_api_gives_it(self, client, talk, api):
        told = client.get(f"/t/{talk.pk}/json/").json()
        listed = api().get("/api/v1/comments", {"thread": talk.pk}).json()["results"]

        assert told["thread"] == api().get(f"/api/v1/threads/{talk.pk}").json()
        assert told["comments"] == [comment | {"hidden": False} for comment in listed]

    def test_of_what_was_taken_from_view_tells_only_the_place(self, client, talk):
        Comment.objects.filter(number=2).update(hidden=True)
        response = client.get(f"/t/{talk.pk}/json/")

        hidden = response.json()["comments"][1]
        kept = {name for name, value in hidden.items() if value is not None}
        assert kept == {"id", "thread", "parent", "number", "depth", "created_at", "url", "hidden"}
        assert "Zürich" not in response.content.decode()


@pytest.mark.parametrize("form", ["json", "mbox"])
class TestBoth:
    def test_cost_the_same_for_any_number_and_nothing_when_unchanged(self, client, talk, say, ada, form):
        path = f"/t/{talk.pk}/{form}/"
        with CaptureQueriesContext(connection) as few:
            first = client.get(path)
        with CaptureQueriesContext(connection) as again:
            same = client.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
        say("One more.", ada)
        with CaptureQueriesContext(connection) as more:
            other = client.get(path, HTTP_IF_NONE_MATCH=first["ETag"])

        assert (len(few), len(again), len(more)) == (2, 1, 2)
        assert (same.status_code, other.status_code) == (304, 200)
        assert first["ETag"] != client.get(f"/t/{talk.pk}/")["ETag"]

    @pytest.mark.parametrize("where", ["thread", "about"])
    def test_are_not_there_when_the_thread_is_hidden(self, client, talk, form, where):
        row = talk if where == "thread" else talk.about
        type(row).objects.filter(pk=row.pk).update(hidden=True)
        assert client.get(f"/t/{talk.pk}/{form}/").status_code == 404

    def test_are_linked_from_the_thread(self, client, thread, form):
        page = client.get(f"/t/{thread.pk}/").content.decode()
        assert page.count(f'href="/t/{thread.pk}/{form}/"') == 2
        assert Thread.objects.count() == 1
