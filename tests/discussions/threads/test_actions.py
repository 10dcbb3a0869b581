"""What starting, posting and editing do, and to whom they are refused."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from discussions.threads.actions import GRACE, edit, post, retract, start_thread
from discussions.threads.marks import set_mark
from discussions.threads.models import MAX_DEPTH, Comment, Thread
from discussions.threads.validators import clean_body
from registry.accounts.actions import state_affiliation
from registry.core.errors import Conflict, Invalid, Refused, Stale, TooMany
from registry.core.subjects import name_subject
from registry.history.models import Event
from registry.labs.actions import register_lab


class TestStartThread:
    def test_makes_the_thread_with_its_first_comment_and_counts_both(self, entry, eve):
        thread = start_thread(entry, "  Why\n withheld? ", "Because **of** this.\r\n", eve)

        comment = thread.comments.get()
        entry.refresh_from_db()
        assert (thread.title, thread.comment_count, thread.about) == ("Why withheld?", 1, entry)
        assert (comment.number, comment.depth, comment.parent, comment.author) == (1, 1, None, eve)
        assert (comment.body, comment.as_of) == ("Because **of** this.", "revision 4")
        assert comment.html == "<p>Because <strong>of</strong> this.</p>"
        assert (entry.thread_count, entry.comment_count) == (1, 1)

    def test_leaves_one_event_about_the_thread(self, thread, opening, eve, lab):
        event = Event.objects.get(verb="thread.started")

        assert (event.subject, event.actor, event.lab) == (thread.subject, eve, lab.subject)
        assert event.subject.path == thread.get_absolute_url()
        assert event.data == {
            "about": "release:openlab/model", "thread": thread.pk, "comment": opening.pk, "number": 1,
        }  # fmt: skip

    def test_is_refused_on_what_is_not_public_closed_or_a_person(self, entry, draft, eve, ada):
        entry.locked = True
        for subject in (entry, draft, ada.subject):
            with pytest.raises(Refused):
                start_thread(subject, "Title", "Body", eve)
        assert not Thread.objects.exists()

    @pytest.mark.parametrize("title", ["", "  \u200b ", "x" * 201, "bell\a"])
    def test_refuses_a_title_that_cannot_be_shown(self, entry, eve, title):
        with pytest.raises(Invalid) as refused:
            start_thread(entry, title, "Body", eve)
        assert list(refused.value.error_dict) == ["title"]

    def test_keeps_nothing_of_what_failed(self, entry, eve):
        with pytest.raises(Invalid):
            start_thread(entry, "Title", "> " * 10_000, eve)
        assert not Thread.objects.exists()
        assert not Event.objects.filter(verb="thread.started").exists()


class TestPost:
    def test_keeps_replies_below_what_they_answer_in_reading_order(self, say, opening, eve, ada):
        second = say("second", ada)
        answer = say("answer", eve, parent=opening)
        deeper = say("deeper", ada, parent=answer)
        late = say("late", eve, parent=opening)

        order = list(Comment.objects.in_reading_order().values_list("pk", "depth"))
        assert order == [(opening.pk, 1), (answer.pk, 2), (deeper.pk, 3), (late.pk, 2), (second.pk, 1)]

    def test_numbers_and_counts_each_comment(self, say, thread, entry, ada):
        version = Thread.objects.get().version
        comments = [say(f"number {n}", ada) for n in (2, 3, 4)]

        thread.refresh_from_db()
        entry.refresh_from_db()
        assert [c.number for c in comments] == [2, 3, 4]
        assert (thread.comment_count, thread.version, entry.comment_count) == (4, version + 3, 4)
        assert thread.last_comment_at > comments[-2].created_at

    def test_keeps_what_is_deeper_than_a_hundred_levels_beside_its_parent(self, say, ada, settings):
        settings.RATE_LIMIT_SCALE = 100
        comment = None
        for n in range(MAX_DEPTH + 3):
            comment = say(f"level {n}", ada, parent=comment)

        assert comment.depth == MAX_DEPTH
        assert comment.parent.depth == MAX_DEPTH
        assert Comment.objects.in_reading_order().last() == comment

    def test_leaves_one_event(self, say, thread, eve):
        comment = say("text", eve)

        event = Event.objects.get(verb="comment.posted")
        assert (event.subject, event.actor) == (thread.subject, eve)
        assert event.data["comment"] == comment.pk

    def test_speaks_of_what_was_current_then(self, say, entry, eve):
        entry.as_of = "revision 5"
        entry.save()
        comment = say("text", eve)
        entry.as_of = "revision 6"
        entry.save()

        assert Comment.objects.get(pk=comment.pk).as_of == "revision 5"

    @pytest.mark.parametrize("where", ["thread", "about"])
    @pytest.mark.parametrize("state", ["locked", "hidden"])
    def test_is_refused_where_the_thread_or_its_subject_is_closed(self, thread, eve, where, state):
        row = thread if where == "thread" else thread.about
        type(row).objects.filter(pk=row.pk).update(**{state: True})

        with pytest.raises(Conflict):  # closed since the page was read
            post(thread, "text", eve)
        with pytest.raises(Refused):
            post(Thread.objects.get(), "text", eve)
        assert Comment.objects.count() == 1

    @pytest.mark.parametrize(
        ("where", "change", "reason"),
        [
            ("thread", {"locked": True}, "This discussion is closed."),
            ("thread", {"hidden": True}, "taken from view"),
            ("about", {"locked": True}, "Model & co is closed to new contributions."),
            ("about", {"public": False}, "What is discussed here is not in public view."),
            ("by", {"suspended_at": timezone.now()}, "Your account is suspended."),
        ],
    )  # fmt: skip
    def test_says_to_somebody_signed_in_why_it_is_refused(self, thread, eve, where, change, reason):
        for name, value in change.items():
            setattr({"thread": thread, "about": thread.about, "by": eve}[where], name, value)

        with pytest.raises(Refused, match=reason) as refused:
            post(thread, "text", eve)
        assert "Sign in" not in str(refused.value)
        with pytest.raises(Refused, match="Sign in to take part"):
            post(thread, "text", AnonymousUser())

    def test_refuses_a_parent_from_another_thread(self, entry, thread, eve):
        other = start_thread(entry, "Other", "text", eve)
        with pytest.raises(Invalid):
            post(other, "text", eve, parent=thread.comments.get())

    def test_is_refused_to_the_suspended(self, say, eve):
        eve.suspended_at = eve.date_joined
        with pytest.raises(Refused):
            say("text", eve)

    @pytest.mark.parametrize("body", ["", " \n\u200b", "nul\0", "bell\a", ">" * 10_000, "x" * 20_001])
    def test_refuses_what_cannot_be_stored_or_shown(self, say, eve, body):
        with pytest.raises(Invalid) as refused:
            say(body, eve)
        assert list(refused.value.error_dict) == ["body"]
        assert Comment.objects.count() == 1

    def test_is_limited_in_pace(self, say, eve):
        with pytest.raises(TooMany):
            for n in range(70):
                say(f"comment {n}", eve)


class TestOfficialResponse:
    def test_is_worn_by_those_who_speak_for_the_lab(self, say, ada, lab):
        comment = say("We answer.", ada, official_for=lab)

        assert (comment.official_for, comment.disclosure["official"]) == (lab, "Openlab")

    def test_is_refused_to_members_and_outsiders(self, say, bo, eve, lab):
        for person in (bo, eve):
            with pytest.raises(Refused):
                say("We answer.", person, official_for=lab)

    def test_is_refused_to_another_lab(self, say, eve):
        other = register_lab(name="Elsewhere", slug="elsewhere", by=eve)
        with pytest.raises(Refused):
            say("We answer.", eve, official_for=other)

    def test_does_not_exist_where_no_lab_is_discussed(self, ada, lab):
        norm = name_subject("norm", "N-7", title="Norm", path="/norms/N-7/", public=True)
        with pytest.raises(Refused):
            start_thread(norm, "Title", "We answer.", ada, official_for=lab)


class TestDisclosure:
    def test_shows_membership_in_the_lab_as_a_tie(self, say, bo):
        disclosure = say("text", bo).disclosure

        assert disclosure["tie"] == "belongs to Openlab"
        assert disclosure["ties"] == [
            {"lab": "openlab", "kind": "member", "role": "member", "words": "belongs to Openlab"}
        ]

    def test_shows_what_was_stated_about_the_lab_as_a_tie_and_the_rest_beside_it(self, say, eve):
        state_affiliation(eve, organisation="OpenLab", role="intern", until=date.today())
        state_affiliation(eve, organisation="University", role="student")
        disclosure = say("text", eve).disclosure

        assert disclosure["tie"] == f"belonged to OpenLab, until {date.today().year}"
        assert disclosure["shown"] == "student, University"

    def test_is_frozen(self, say, eve):
        comment = say("text", eve)
        state_affiliation(eve, organisation="Openlab")
        eve.display_name = "Somebody Else"
        eve.save()

        comment.refresh_from_db()
        assert (comment.name, comment.disclosure["tie"]) == ("Eve <Outsider>", "")


class TestEdit:
    def test_replaces_the_text_and_keeps_what_was_there(self, opening, thread, eve):
        edit(opening, "Said *better*.", eve, 0)

        opening.refresh_from_db()
        assert (opening.body, opening.html, opening.edits) == ("Said *better*.", "<p>Said <em>better</em>.</p>", 1)
        earlier = opening.earlier_texts.get()
        assert (earlier.number, earlier.body) == (1, "The *script* was withheld, too.")
        assert earlier.html == "<p>The <em>script</em> was withheld, too.</p>"
        assert Thread.objects.get().version == thread.version + 1
        assert Event.objects.get(verb="comment.edited").data["edit"] == 1

    def test_is_refused_to_everybody_but_the_author(self, opening, ada):
        with pytest.raises(Refused):
            edit(opening, "Not mine.", ada, 0)

    def test_refuses_an_edit_of_an_older_text(self, opening, eve):
        edit(opening, "First tab.", eve, 0)
        with pytest.raises(Stale):
            edit(opening, "Second tab.", eve, 0)

        opening.refresh_from_db()
        assert opening.body == "First tab."

    def test_changes_nothing_where_the_text_is_the_same(self, opening, eve):
        edit(opening, opening.body, eve, 0)

        assert not opening.earlier_texts.exists()
        assert not Event.objects.filter(verb="comment.edited").exists()

    def test_is_refused_in_a_closed_thread(self, opening, thread, eve):
        Thread.objects.update(locked=True)
        with pytest.raises(Refused):
            edit(Comment.objects.get(), "Too late.", eve, 0)

    def test_within_minutes_leaves_no_mark_but_the_earlier_text_and_an_event_that_says_so(self, opening, eve):
        edit(opening, "A typo less.", eve, 0)

        opening.refresh_from_db()
        assert (opening.edits, opening.edited_at) == (1, None)
        assert [text.in_grace for text in opening.earlier_texts.all()] == [True]
        assert Event.objects.get(verb="comment.edited").data["in_grace"] is True

    @pytest.mark.parametrize("what", ["time", "reply", "vote", "mark", "earlier edit"])
    def test_is_marked_once_somebody_may_have_built_on_the_text(self, opening, say, ada, eve, what):
        if what == "time":
            Comment.objects.filter(pk=opening.pk).update(created_at=opening.created_at - GRACE)
        elif what == "reply":
            say("An answer.", ada, parent=opening)
        elif what == "vote":
            Comment.objects.filter(pk=opening.pk).update(disagree=1)
        elif what == "mark":
            set_mark(opening, "concern", "opens a concern", "/concerns/1/")
        else:
            Comment.objects.filter(pk=opening.pk).update(edited_at=opening.created_at)
        edit(Comment.objects.get(pk=opening.pk), "Something else.", eve, 0)

        opening.refresh_from_db()
        assert opening.edited_at
        assert not opening.earlier_texts.get().in_grace
        assert "in_grace" not in Event.objects.get(verb="comment.edited").data


class TestRetract:
    def test_keeps_text_and_replies_and_says_why(self, opening, thread, say, ada, eve):
        answer = say("An answer.", ada, parent=opening)
        version = Thread.objects.get().version
        retract(Comment.objects.get(pk=opening.pk), eve, " It was\n wrong. ")

        opening.refresh_from_db()
        assert (opening.body, opening.retraction) == ("The *script* was withheld, too.", "It was wrong.")
        assert opening.retracted_at
        assert Comment.objects.get(pk=answer.pk).parent == opening
        assert Thread.objects.get().version == version + 1
        event = Event.objects.get(verb="comment.retracted")
        assert (event.subject, event.actor, event.data["comment"]) == (thread.subject, eve, opening.pk)

    def test_is_for_the_author_alone_whoever_else_moderates_or_speaks_for_the_lab(self, opening, ada):
        with pytest.raises(Refused):
            retract(opening, ada, "Not mine.")
        assert not Comment.objects.exclude(retracted_at=None).exists()

    def test_happens_once_and_ends_editing(self, opening, eve):
        retract(opening, eve, "First reason.")
        with pytest.raises(Conflict):
            retract(Comment.objects.get(), eve, "Second reason.")
        with pytest.raises(Refused):
            edit(Comment.objects.get(), "Rather this.", eve)
        opening.retracted_at = None  # as a tab knows it that was opened before
        with pytest.raises(Conflict):
            edit(opening, "Rather this.", eve)

        assert Comment.objects.get().retraction == "First reason."

    @pytest.mark.parametrize("reason", ["", " \u200b", "x" * 301, "nul\0"])
    def test_needs_a_reason_that_can_be_shown(self, opening, eve, reason):
        with pytest.raises(Invalid) as refused:
            retract(opening, eve, reason)
        assert list(refused.value.error_dict) == ["reason"]

    def test_is_refused_when_hidden_closed_or_suspended(self, opening, thread, eve):
        opening.hidden = True
        with pytest.raises(Refused):
            retract(opening, eve, "Reason.")
        opening.hidden, opening.thread.locked = False, True
        with pytest.raises(Refused):
            retract(opening, eve, "Reason.")
        opening.thread.locked, eve.suspended_at = False, eve.date_joined
        with pytest.raises(Refused):
            retract(opening, eve, "Reason.")


class TestMentions:
    def test_are_linked_and_told_in_the_event_where_they_are_somebodys(self, say, ada, bo, eve):
        comment = say("@Ada and @bob, not @nobody, `@eve` or a@eve.example. @ada again.", eve)

        link = '<a href="/people/{}/" rel="nofollow ugc noopener">{}</a>'
        assert link.format("ada", "@Ada") in comment.html and link.format("bob", "@bob") in comment.html
        assert comment.html.count("<a ") == 3
        assert "@nobody" in comment.html
        assert Event.objects.get(verb="comment.posted").data["mentions"] == ["ada", "bob"]

    def test_of_people_who_left_stay_text(self, say, ada, eve):
        ada.is_active = False
        ada.save()

        assert say("Ask @ada.", eve).html == "<p>Ask @ada.</p>"
        assert "mentions" not in Event.objects.get(verb="comment.posted").data

    def test_in_an_edit_are_told_when_they_are_new(self, opening, ada, bo, eve):
        edit(opening, "Ask @ada.", eve)
        edit(opening, "Ask @ada and @bob.", eve)

        told = Event.objects.filter(verb="comment.edited").order_by("pk")
        assert [event.data["mentions"] for event in told] == [["ada"], ["bob"]]

    def test_cost_no_query_without_one_and_are_limited(self, django_assert_num_queries, eve):
        with django_assert_num_queries(0):
            clean_body("Nobody is named.")
        with django_assert_num_queries(1):
            clean_body(" ".join(f"@nobody-{n}" for n in range(500)))
