"""The pages of discussions, as visitors and people with an account see them."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from discussions.threads.actions import GRACE, edit, retract, start_thread
from discussions.threads.models import Comment, CommentDraft, Thread
from discussions.threads.orders import ORDERS
from registry.core.markdown import render

ONCE = re.compile(r'name="once" value="([0-9a-f]+)"')


def scripts_of(response):
    """The size of each script that a page loads before anybody does anything, those that others import among them."""
    folder = Path(finders.find("daylight/js"))
    found, waiting = {}, re.findall(r'<script[^>]* src="[^"]*/js/([a-z]+\.js)"', response.content.decode())
    while waiting:
        name = waiting.pop()
        text = (folder / name).read_text("utf-8")
        found[name] = len(text.encode())
        waiting += re.findall(r'^import [^"]*"\./([a-z]+\.js)";$', text, re.MULTILINE)
    return found


def text_of(response):
    return unescape(response.content.decode())


def article(response, pk):
    """The mark-up of one comment, up to its replies."""
    page = response.content.decode()
    start = page.index(f'id="c-{pk}"')
    return re.split(r"<details|<article|</article", page[start:])[0]


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


class TestThreadPage:
    def test_shows_every_comment_nested_below_what_it_answers(self, client, thread, opening, say, ada):
        answer = say("An **answer**.", ada, parent=opening)
        say("Another.", ada)

        page = client.get(f"/t/{thread.pk}/").content.decode()
        inside = page[page.index(f'id="c-{opening.pk}"') :]
        assert "<summary>1 reply</summary>" in inside[: inside.index(f'id="c-{answer.pk}"')]
        assert '<div class="prose"><p>An <strong>answer</strong>.</p></div>' in page
        assert page.count("<article") == page.count("</article>") == 3
        assert page.count("<details open>") == page.count("</details>") == 1

    def test_sets_no_cookie_and_holds_no_token_for_visitors(self, client, thread):
        response = client.get(f"/t/{thread.pk}/")

        assert not response.cookies
        assert "csrfmiddlewaretoken" not in text_of(response)

    def test_loads_few_scripts_and_to_readers_none_that_writes(self, client, signed_in, thread, eve):
        visitor, member = scripts_of(client.get(f"/t/{thread.pk}/")), scripts_of(signed_in(eve).get(f"/t/{thread.pk}/"))

        assert set(visitor) == {"theme.js", "thread.js", "keys.js"} and sum(visitor.values()) <= 8 * 1024
        assert {"mentions.js", "autosave.js", "copy.js", "restore.js"} <= set(member)
        assert sum(member.values()) <= 21 * 1024
        assert not {"people.js", "choices.js"} & set(member)  # loaded when somebody begins to write

    def test_costs_the_same_queries_for_one_comment_and_five_hundred(self, client, entry, ada, eve, thread):
        other = start_thread(entry, "Long", "First.", ada)
        made = [other.comments.get()]
        for n in range(2, 501):
            under = made[-1] if n % 8 else None
            path = (under.path if under else "") + f"{n:04d}"
            depth = len(path) // 4
            made.append(
                Comment(
                    pk=10**6 + n, thread=other, parent=under, number=n, path=path, depth=depth, author=eve,
                    body="text", html="<p>text</p>", disclosure={"handle": "eve", "display_name": "Eve"},
                )
            )  # fmt: skip
        Comment.objects.bulk_create(made[1:])
        client.get(f"/t/{thread.pk}/")  # warms what is read once a process

        counts = []
        for each in (thread, other):
            with CaptureQueriesContext(connection) as queries:
                response = client.get(f"/t/{each.pk}/?anew")  # a page with a query is not kept
            counts.append(len(queries))
            assert sum("discussions_comment" in q["sql"] for q in queries.captured_queries) == 1
        assert counts == [2, 2]
        page = response.content.decode()
        assert page.count("<article") == page.count("</article>") == 500
        assert page.count("<details") == page.count("</details>")
        assert max(len(path) for path in Comment.objects.values_list("path", flat=True)) == 4 * 8

    def test_is_not_sent_again_to_who_has_it(self, client, thread, say, entry, eve):
        first = client.get(f"/t/{thread.pk}/")
        with CaptureQueriesContext(connection) as queries:
            again = client.get(f"/t/{thread.pk}/", HTTP_IF_NONE_MATCH=first["ETag"])

        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert len(queries) == 1
        assert again["ETag"] == first["ETag"]
        assert first["Last-Modified"]

    @pytest.mark.parametrize("change", ["post", "edit", "lock", "revision"])
    def test_is_sent_again_after_every_change(self, client, thread, opening, say, entry, eve, change):
        tag = client.get(f"/t/{thread.pk}/")["ETag"]
        if change == "post":
            say("text", eve)
        elif change == "edit":
            edit(opening, "changed", eve, 0)
        elif change == "lock":
            Thread.objects.update(locked=True)
        else:
            type(entry).objects.filter(pk=entry.pk).update(as_of="revision 5")

        assert client.get(f"/t/{thread.pk}/", HTTP_IF_NONE_MATCH=tag).status_code == 200

    def test_escapes_names_and_titles(self, client, entry, eve):
        thread = start_thread(entry, "<script>alert(1)</script>", "text", eve)
        page = client.get(f"/t/{thread.pk}/").content.decode()

        assert "<script>alert" not in page and "<Outsider>" not in page
        assert "Eve &lt;Outsider&gt;" in page

    def test_names_the_revision_that_a_comment_speaks_of_once_it_is_old(self, client, thread, entry):
        assert "on revision 4" not in text_of(client.get(f"/t/{thread.pk}/"))
        type(entry).objects.filter(pk=entry.pk).update(as_of="revision 5")

        page = text_of(client.get(f"/t/{thread.pk}/"))
        at = "/releases/openlab/model/"
        assert (
            f'<a href="{at}r/4/" title="Made for revision 4, now revision 5">on revision 4</a> '
            f'<a href="{at}diff/4..5/">(now revision 5)</a>'
        ) in page
        assert page.count("on revision 4") == 1

    def test_shows_ties_and_official_responses(self, client, thread, say, ada, bo, lab):
        official = say("We answer.", ada, official_for=lab)
        tied = say("I am there.", bo)
        response = client.get(f"/t/{thread.pk}/")

        assert '<b class="mark">official response of Openlab</b>' in article(response, official.pk)
        assert '<i class="tie">belongs to Openlab</i>' in article(response, tied.pk)
        assert "official" not in article(response, tied.pk)

    def test_names_the_parent_where_phones_stop_indenting(self, client, thread, opening, say, ada, eve):
        comment, chain = opening, []
        for n in range(9):
            comment = say(f"level {n}", (ada, eve)[n % 2], parent=comment)
            chain.append(comment)
        response = client.get(f"/t/{thread.pk}/")

        assert 'class="to"' not in article(response, chain[1].pk)
        named = f'<a class="to" href="#c-{chain[1].pk}">to Eve &lt;Outsider&gt;</a>'
        assert named in article(response, chain[2].pk)
        assert response.content.decode().count("</details>") == 7  # eight levels nest, deeper ones stand in line

    def test_keeps_the_replies_of_a_comment_taken_from_view(self, client, thread, opening, say, ada):
        answer = say("The answer stays.", ada, parent=opening)
        Comment.objects.filter(pk=opening.pk).update(hidden=True)
        response = client.get(f"/t/{thread.pk}/")

        assert "script" not in article(response, opening.pk)
        assert "taken from view" in article(response, opening.pk)
        assert "The answer stays." in article(response, answer.pk)

    def test_says_when_it_is_closed_and_offers_nothing(self, client, thread, opening, eve):
        Thread.objects.update(locked=True)
        response = client.get(f"/t/{thread.pk}/")

        assert "This discussion is closed." in text_of(response)
        assert "reply" not in article(response, opening.pk)

    @pytest.mark.parametrize("where", ["thread", "about"])
    def test_is_not_there_when_it_or_its_subject_is_hidden(self, client, thread, opening, eve, where):
        row = thread if where == "thread" else thread.about
        type(row).objects.filter(pk=row.pk).update(hidden=True)

        assert client.get(f"/t/{thread.pk}/").status_code == 404
        client.force_login(eve)
        for path in (f"/t/{thread.pk}/", f"/t/{thread.pk}/reply/", f"/t/{thread.pk}/feed/", f"/c/{opening.pk}/",
                     f"/c/{opening.pk}/history/", f"/c/{opening.pk}/edit/"):  # fmt: skip
            assert client.get(path).status_code == 404, path
        assert thread.title not in text_of(client.get("/threads/"))
        assert thread.title not in text_of(client.get("/threads/feed/"))

    def test_has_a_form_for_those_who_are_signed_in(self, signed_in, thread, opening, eve):
        client = signed_in(eve)
        page = text_of(client.get(f"/t/{thread.pk}/"))
        assert 'id="comment"' in page and "csrfmiddlewaretoken" in page

        reply = text_of(client.get(f"/t/{thread.pk}/?quote={opening.pk}"))
        assert f'id="reply-{opening.pk}"' in reply[reply.index(f'id="c-{opening.pk}"') :]
        assert f"Eve <Outsider> wrote in [#1](/c/{opening.pk}/):\n\n> The *script* was withheld, too." in reply

    def test_offers_the_official_response_to_those_who_speak_for_the_lab_alone(self, client, thread, ada, bo):
        client.force_login(ada)
        assert "official response of Openlab" in text_of(client.get(f"/t/{thread.pk}/"))
        client.force_login(bo)
        assert "official response of Openlab" not in text_of(client.get(f"/t/{thread.pk}/"))


class TestOrders:
    """Ada speaks for the lab; Eve asks, Bo asks and is answered."""

    @pytest.fixture
    def numbers(self, client, thread, opening, say, ada, bo, eve, lab):
        say("Bo's question.", bo)  # 2
        say("The answer.", ada, parent=Comment.objects.get(number=2), official_for=lab)  # 3
        say("Eve goes on.", eve, parent=opening)  # 4: her own word is no answer
        say("Ada announces.", ada)  # 5
        Comment.objects.filter(number=3).update(helpful=2, agree=1)
        Comment.objects.filter(number=4).update(helpful=2, agree=5)

        def numbers(order):
            page = client.get(f"/t/{thread.pk}/?order={order}").content.decode()
            return [int(n) for n in re.findall(r"</time> #(\d+)</a>", page)]

        return numbers

    def test_are_by_time_newest_support_and_what_waits_for_an_answer(self, numbers):
        assert numbers("") == [1, 4, 2, 3, 5]
        assert numbers("time") == [1, 2, 3, 4, 5]
        assert numbers("newest") == [5, 4, 3, 2, 1]
        assert numbers("supported") == [4, 3, 1, 2, 5]
        assert numbers("unanswered") == [1, 4, 2, 3, 5]
        assert numbers("nonsense") == numbers("")

    def test_an_answer_taken_from_view_answers_nothing(self, numbers):
        assert numbers("unanswered").index(2) == 2
        Comment.objects.filter(number=3).update(hidden=True)
        Thread.objects.update(version=9)

        assert numbers("unanswered") == [1, 2, 4, 5]

    def test_are_flat_and_name_the_parent(self, client, thread, opening, say, ada):
        answer = say("The answer.", ada, parent=opening)
        response = client.get(f"/t/{thread.pk}/?order=newest")

        assert "<summary>" not in article(response, opening.pk)
        assert f'<a href="#c-{opening.pk}">to Eve &lt;Outsider&gt;</a>' in article(response, answer.pk)
        assert '<a href="?order=newest" aria-current="page">newest first</a>' in response.content.decode()

    def test_have_an_etag_each_and_cost_the_same(self, client, thread, opening):
        pages = [client.get(f"/t/{thread.pk}/?order={order}") for order in ORDERS]
        assert len({page["ETag"] for page in pages}) == len(ORDERS)
        with CaptureQueriesContext(connection) as queries:
            again = client.get(f"/t/{thread.pk}/?order=newest", HTTP_IF_NONE_MATCH=pages[2]["ETag"])
            other = client.get(f"/t/{thread.pk}/?order=time", HTTP_IF_NONE_MATCH=pages[2]["ETag"])
        assert (again.status_code, other.status_code) == (304, 200)
        assert len(queries) == 3

    def test_every_reply_leads_to_its_parent(self, client, thread, opening, say, ada):
        answer = say("The answer.", ada, parent=opening)
        response = client.get(f"/t/{thread.pk}/")

        assert f'<a href="#c-{opening.pk}">parent</a>' in article(response, answer.pk)
        assert "parent</a>" not in article(response, opening.pk)


class TestRetract:
    def test_strikes_the_text_through_with_its_reason_and_offers_no_edit(self, signed_in, thread, opening, eve):
        client = signed_in(eve)
        assert f'href="/c/{opening.pk}/retract/"' in article(client.get(f"/t/{thread.pk}/"), opening.pk)
        page = text_of(client.get(f"/c/{opening.pk}/retract/"))
        assert "The <em>script</em> was withheld, too." in page and "Retract #1, for everyone to see" in page
        once = ONCE.search(page)[1]
        answers = [client.post(f"/c/{opening.pk}/retract/", {"reason": "<b> & all", "once": once}) for _ in range(2)]

        assert {answer["Location"] for answer in answers} == {f"/t/{thread.pk}/#c-{opening.pk}"}
        shown = article(client.get(f"/t/{thread.pk}/"), opening.pk)
        assert "Taken back by its author: &lt;b&gt; &amp; all" in shown
        assert "The <em>script</em> was withheld, too." in shown and "retracted on" in shown
        assert f"/c/{opening.pk}/edit/" not in shown
        assert "(retracted)" in text_of(client.get(f"/t/{thread.pk}/feed/"))

    def test_keeps_a_reason_that_is_refused(self, signed_in, opening, eve):
        client = signed_in(eve)
        response = client.post(f"/c/{opening.pk}/retract/", {"reason": "x" * 301})

        assert response.status_code == 400 and "x" * 301 in text_of(response)
        retract(opening, eve, "Elsewhere.")
        again = client.post(f"/c/{opening.pk}/retract/", {"reason": "kept words"})
        assert "was retracted before" in text_of(again) and "kept words" in text_of(again)

    def test_is_not_for_others_nor_for_the_hidden(self, signed_in, opening, ada, eve):
        client = signed_in(ada)
        assert client.get(f"/c/{opening.pk}/retract/").status_code == 403
        assert client.post(f"/c/{opening.pk}/retract/", {"reason": "x"}).status_code == 403
        Comment.objects.update(hidden=True)
        assert signed_in(eve).get(f"/c/{opening.pk}/retract/").status_code == 404


class TestPeople:
    def names(self, client, path, start):
        return [found["handle"] for found in client.get(path, {"q": start}).json()["people"]]

    def test_of_the_thread_come_first(self, signed_in, thread, say, ada, bo, eve):
        client, path = signed_in(eve), f"/t/{thread.pk}/people/"
        say("text", bo)

        assert self.names(client, path, "") == ["bob", "eve"]
        assert self.names(client, path, "exam") == ["bob", "ada"]
        assert self.names(client, path, "AD") == ["ada"]
        assert self.names(client, path, "%") == []
        assert self.names(client, "/t/people/", "b") == ["bob"]
        assert set(client.get(path, {"q": "ad"}).json()["people"][0]) == {"handle", "name"}

    def test_who_left_or_may_not_speak_are_not_offered(self, signed_in, thread, ada, bo, eve):
        ada.is_active, bo.suspended_at = False, bo.date_joined
        ada.save()
        bo.save()

        assert self.names(signed_in(eve), f"/t/{thread.pk}/people/", "exam") == []

    def test_are_told_to_nobody_unknown_nor_without_pause_nor_of_a_hidden_thread(self, client, thread, eve, settings):
        assert client.get(f"/t/{thread.pk}/people/").status_code == 302
        client.force_login(eve)
        settings.RATE_LIMIT_SCALE = 0.001
        assert [client.get("/t/people/").status_code for _ in range(2)] == [200, 429]
        Thread.objects.update(hidden=True)
        assert client.get(f"/t/{thread.pk}/people/").status_code == 404


class TestPermalink:
    def test_holds_when_the_comment_is_taken_from_view(self, client, thread, say, ada):
        answer = say("SECRET", ada)
        Comment.objects.filter(pk=answer.pk).update(hidden=True)
        response = client.get(f"/c/{answer.pk}/", follow=True)

        assert response.redirect_chain == [(f"/t/{thread.pk}/#c-{answer.pk}", 302)]
        assert f'id="c-{answer.pk}"' in text_of(response) and "SECRET" not in text_of(response)

    def test_leads_to_the_comment_in_its_thread(self, client, thread, opening):
        response = client.get(f"/c/{opening.pk}/")

        assert (response.status_code, response["Location"]) == (302, f"/t/{thread.pk}/#c-{opening.pk}")
        assert f'id="c-{opening.pk}"' in text_of(client.get(f"/t/{thread.pk}/"))


class TestReply:
    def post(self, client, thread, **data):
        return client.post(f"/t/{thread.pk}/reply/", data)

    def test_stores_the_comment_and_leads_to_it(self, signed_in, thread, opening, ada):
        client = signed_in(ada)
        response = self.post(client, thread, body="I answer.", parent=opening.pk)

        comment = Comment.objects.latest("pk")
        assert response["Location"] == f"/t/{thread.pk}/#c-{comment.pk}"
        assert (comment.body, comment.parent, comment.author) == ("I answer.", opening, ada)

    def test_happens_once_for_a_double_click(self, signed_in, thread, ada):
        client = signed_in(ada)
        once = ONCE.search(text_of(client.get(f"/t/{thread.pk}/reply/")))[1]
        answers = [self.post(client, thread, body="Once.", once=once) for _ in range(2)]

        assert Comment.objects.filter(body="Once.").count() == 1
        assert answers[0]["Location"] == answers[1]["Location"]

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ("", "Write something first."),
            (">" * 10_000 + " deep", "nested"),
            ("a bell \a rings", "control character"),
            ("a nul \0", "control character"),
            ("x" * 20_001, "20,001 characters"),
        ],
    )
    def test_shows_what_is_wrong_and_keeps_what_was_typed(self, signed_in, thread, ada, body, said):
        response = self.post(signed_in(ada), thread, body=body)

        assert response.status_code == 400
        assert said in text_of(response)
        assert body.strip("\0") in text_of(response)
        assert Comment.objects.count() == 1

    def test_tells_those_who_are_too_fast_and_keeps_what_they_typed(self, signed_in, thread, ada, settings):
        settings.RATE_LIMIT_SCALE = 0.01
        client, text = signed_in(ada), "This text is kept, whoever was too fast with it."
        self.post(client, thread, body="first")
        response = self.post(client, thread, body=text)

        assert response.status_code == 429
        assert "Wait" in text_of(response) and text in text_of(response)

    def test_tells_when_the_discussion_was_closed_meanwhile(self, signed_in, thread, ada):
        Thread.objects.update(locked=True)
        response = self.post(signed_in(ada), thread, body="kept text")

        assert "closed" in text_of(response) and "kept text" in text_of(response)

    def test_previews_exactly_what_is_stored(self, signed_in, thread, ada):
        client = signed_in(ada)
        body = "Formula $x^2$, `code` & <b>\n\n| a |\n|---|\n| 1 |\n\n> quoted[^1]\n\n[^1]: Note."
        fragment = client.post("/t/preview/", {"body": body}).content.decode()
        page = self.post(client, thread, body=body, preview="1").content.decode()
        self.post(client, thread, body=body)

        stored = Comment.objects.latest("pk").html
        assert fragment == stored == render(body)
        assert stored in page
        assert Comment.objects.count() == 2

    def test_preview_says_what_is_refused(self, signed_in, ada):
        response = signed_in(ada).post("/t/preview/", {"body": ">" * 10_000})
        assert "nested" in text_of(response)

    def test_keeps_a_draft_and_offers_it_in_another_tab_until_it_is_posted(self, signed_in, thread, opening, ada):
        client = signed_in(ada)
        saved = client.post(
            f"/t/{thread.pk}/reply/", {"body": "half a thou", "parent": opening.pk}, headers={"X-Autosave": "1"}
        )
        assert list(saved.json()) == ["saved_at"]

        assert "half a thou" in text_of(client.get(f"/t/{thread.pk}/reply/?parent={opening.pk}"))
        assert "half a thou" in text_of(client.get(f"/t/{thread.pk}/?reply={opening.pk}"))
        assert "half a thou" not in text_of(client.get(f"/t/{thread.pk}/"))
        self.post(client, thread, body="half a thought", parent=opening.pk)
        assert not CommentDraft.objects.exists()

    def test_keeps_what_was_typed_through_an_expired_login(self, client, thread, opening, ada):
        response = self.post(client, thread, body="typed before", parent=opening.pk)
        assert response["Location"].startswith("/accounts/login/?next=")
        autosave = client.post(f"/t/{thread.pk}/reply/", {"body": "x"}, headers={"X-Autosave": "1"})
        assert autosave.status_code == 401

        client.force_login(ada)
        back = f"/t/{thread.pk}/reply/?parent={opening.pk}"
        assert back.replace("?", "%3F").replace("=", "%3D") in response["Location"]
        assert "typed before" in text_of(client.get(back))
        assert Comment.objects.count() == 1

    def test_does_not_answer_a_comment_of_another_thread(self, signed_in, entry, thread, opening, ada):
        other = start_thread(entry, "Other", "text", ada)
        assert self.post(signed_in(ada), other, body="text", parent=opening.pk).status_code == 404


class TestNewThread:
    def test_starts_a_discussion_on_any_visible_subject(self, signed_in, entry, eve):
        client = signed_in(eve)
        assert "Model & co" in text_of(client.get(f"/t/new/?subject={entry.ref}"))
        response = client.post("/t/new/", {"subject": entry.ref, "title": "Title", "body": "Body."})

        thread = Thread.objects.get()
        assert response["Location"] == f"/t/{thread.pk}/"
        assert (thread.about, thread.title, thread.comments.get().body) == (entry, "Title", "Body.")

    def test_does_not_know_of_drafts(self, signed_in, draft, ada, eve):
        for person in (ada, eve):
            client = signed_in(person)
            assert client.get(f"/t/new/?subject={draft.ref}").status_code == 404
            data = {"subject": draft.ref, "title": "Title", "body": "Body."}
            assert client.post("/t/new/", data).status_code == 404
        assert not Thread.objects.exists()

    def test_keeps_title_and_text_when_one_is_refused(self, signed_in, entry, eve):
        data = {"subject": entry.ref, "title": "My title", "body": ">" * 10_000}
        page = text_of(signed_in(eve).post("/t/new/", data))

        assert 'value="My title"' in page and ">" * 10_000 in page

    def test_keeps_a_draft_of_both(self, signed_in, entry, eve):
        client = signed_in(eve)
        client.post("/t/new/", {"subject": entry.ref, "title": "My ti", "body": ""}, headers={"X-Autosave": "1"})
        assert 'value="My ti"' in text_of(client.get(f"/t/new/?subject={entry.ref}"))


class TestEdit:
    def test_saves_and_leads_back_and_shows_that_it_was_edited(self, signed_in, thread, opening, eve):
        client = signed_in(eve)
        assert "The *script* was withheld, too." in text_of(client.get(f"/c/{opening.pk}/edit/"))
        Comment.objects.update(created_at=opening.created_at - GRACE)
        response = client.post(f"/c/{opening.pk}/edit/", {"body": "The script was.", "version": 0})

        assert response["Location"] == f"/t/{thread.pk}/#c-{opening.pk}"
        assert f'<a href="/c/{opening.pk}/history/">edited</a>' in article(client.get(f"/t/{thread.pk}/"), opening.pk)

    def test_shows_the_conflict_of_two_tabs_and_keeps_the_text(self, signed_in, opening, eve):
        client = signed_in(eve)
        client.post(f"/c/{opening.pk}/edit/", {"body": "First tab.", "version": 0})
        response = client.post(f"/c/{opening.pk}/edit/", {"body": "Second tab.", "version": 0})

        assert response.status_code == 400
        assert "edited in the meantime" in text_of(response) and "Second tab." in text_of(response)

    def test_is_not_for_others(self, signed_in, opening, ada):
        client = signed_in(ada)
        assert client.get(f"/c/{opening.pk}/edit/").status_code == 403
        assert client.post(f"/c/{opening.pk}/edit/", {"body": "x", "version": 0}).status_code == 403

    def test_history_marks_what_changed_for_everybody(self, client, opening, eve):
        edit(opening, "The <b> script was not withheld.", eve, 0)
        page = client.get(f"/c/{opening.pk}/history/").content.decode()

        assert "<del>" in page and "<ins>" in page
        assert "&lt;b&gt;" in page and "<b>" not in page
        assert "The *script* was withheld, too." in page
        assert "edited within five minutes" in page


class TestLists:
    def test_show_the_newest_comment_first_and_lead_further(self, client, entry, eve, settings):
        settings.RATE_LIMIT_SCALE = 100
        for n in range(35):
            start_thread(entry, f"Thread {n:02d}", "text", eve)
        first = text_of(client.get("/threads/"))
        older = text_of(client.get("/threads/" + re.search(r'rel="next" href="([^"]+)"', first)[1]))

        assert re.findall(r"Thread \d\d", first) == [f"Thread {n:02d}" for n in range(34, 4, -1)]
        assert re.findall(r"Thread \d\d", older) == [f"Thread {n:02d}" for n in range(4, -1, -1)]

    def test_cost_the_same_for_one_row_and_for_thirty(self, client, entry, eve, thread, settings):
        settings.RATE_LIMIT_SCALE = 100
        with CaptureQueriesContext(connection) as one:
            client.get("/threads/")
        for n in range(29):
            start_thread(entry, f"Thread {n}", "text", eve)
        with CaptureQueriesContext(connection) as thirty:
            client.get("/threads/")
        assert len(one) == len(thirty) == 1

    def test_stand_on_the_page_of_their_subject(self, rf, entry, thread, eve):
        template = Template("{% load discussion %}{% threads_about entry %}{% comments_by eve %}")
        page = template.render(Context({"entry": entry, "eve": eve, "user": eve}))

        assert thread.title in page and "/t/new/?subject=release:openlab/model" in page
        assert "The script was withheld, too." in page

    def test_feeds_hold_the_comments(self, client, thread, say, ada):
        say("Bell & <angle>", ada)
        for path in (f"/t/{thread.pk}/feed/", "/threads/feed/"):
            response = client.get(path)
            assert response["Content-Type"].startswith("application/atom+xml")
            feed = text_of(response)
            assert "Ada Example, #2 in “Why were the weights withheld?”" in feed
            assert "http://testserver/c/" in feed
