"""What voting does, and to whom it is refused."""

from datetime import date

import pytest

from discussions.threads.actions import edit
from discussions.threads.models import Comment, Thread
from discussions.votes.actions import vote, withdraw_vote
from discussions.votes.models import Vote
from registry.accounts.actions import state_affiliation
from registry.core.errors import Invalid, Refused, TooMany
from registry.history.models import Event


def tally(comment):
    comment = Comment.objects.get(pk=comment.pk)
    return (comment.helpful, comment.agree, comment.disagree)


def organisations(comment):
    comment = Comment.objects.get(pk=comment.pk)
    return (comment.agree_organisations, comment.disagree_organisations)


class TestVote:
    def test_counts_on_two_axes_apart(self, opening, ada, bo):
        vote(opening, "helpful", 1, ada)
        vote(opening, "agreement", -1, ada)
        vote(opening, "agreement", 1, bo)

        assert tally(opening) == (1, 1, 1)

    def test_replaces_the_earlier_one_on_the_same_axis_and_keeps_it_on_record(self, opening, ada):
        vote(opening, "agreement", 1, ada)
        vote(opening, "agreement", -1, ada)

        assert tally(opening) == (0, 0, 1)
        assert Vote.objects.get().value == -1
        events = Event.objects.filter(verb="vote.cast").order_by("pk")
        assert [(e.data["value"], e.data["earlier"]) for e in events] == [(1, None), (-1, 1)]

    def test_twice_the_same_is_one(self, opening, thread, ada):
        for _ in range(2):
            vote(opening, "helpful", 1, ada)

        assert tally(opening) == (1, 0, 0)
        assert Event.objects.filter(verb="vote.cast").count() == 1
        assert Thread.objects.get().version == thread.version + 1

    def test_makes_new_pages_by_the_threads_version(self, opening, thread, ada):
        vote(opening, "helpful", 1, ada)

        assert Thread.objects.get().version == thread.version + 1

    def test_is_not_part_of_the_public_activity(self, opening, thread, ada, lab):
        vote(opening, "agreement", -1, ada)

        event = Event.objects.get(verb="vote.cast")
        assert (event.subject, event.actor, event.lab, event.public) == (thread.subject, ada, lab.subject, False)
        assert event.data == {
            "about": "release:openlab/model", "thread": thread.pk, "comment": opening.pk, "number": 1,
            "axis": "agreement", "value": -1, "side": "disagree", "of_edit": 0, "earlier": None,
        }  # fmt: skip

    def test_says_which_text_it_was_for_until_it_is_cast_again(self, opening, ada, eve):
        vote(opening, "helpful", 1, ada)
        edit(opening, "Said better.", eve, 0)

        assert [v.of_edit for v in Vote.objects.for_earlier_text()] == [0]
        vote(Comment.objects.get(), "helpful", 1, ada)
        assert Vote.objects.get().of_edit == 1
        assert not Vote.objects.for_earlier_text().exists()

    def test_freezes_who_cast_it(self, opening, bo, kim):
        state_affiliation(kim, organisation="University", role="student", sector="academia")
        cast = vote(opening, "helpful", 1, kim)
        tied = vote(opening, "helpful", 1, bo)
        state_affiliation(kim, organisation="Openlab")
        kim.display_name = "Somebody Else"
        kim.save()

        cast.refresh_from_db()
        assert (cast.disclosure["display_name"], cast.disclosure["shown"]) == ("Kim <Reader>", "student, University")
        assert (cast.disclosure["organisation"], cast.sector) == ("University", "academia")
        assert (cast.disclosure["tie"], tied.disclosure["tie"]) == ("", "belongs to Openlab")

    def test_is_refused_on_ones_own_comment_and_to_visitors_and_the_suspended(self, opening, eve, bo, client):
        bo.suspended_at = bo.date_joined
        for person in (eve, bo):
            with pytest.raises(Refused):
                vote(opening, "helpful", 1, person)
        assert not Vote.objects.exists()

    @pytest.mark.parametrize(
        "row", ["comment hidden", "thread hidden", "thread locked", "about hidden", "about locked"]
    )
    def test_is_refused_where_nothing_can_be_added_even_if_that_was_a_moment_ago(self, opening, thread, ada, row):
        name, state = row.split()
        changed = {"comment": opening, "thread": thread, "about": thread.about}[name]
        type(changed).objects.filter(pk=changed.pk).update(**{state: True})

        for comment in (opening, Comment.objects.get()):  # as it was read before, and as it is
            with pytest.raises(Refused):
                vote(comment, "helpful", 1, ada)
        assert not Vote.objects.exists()

    @pytest.mark.parametrize(
        ("axis", "value"), [("helpful", -1), ("agreement", 0), ("agreement", 2), ("love", 1), ("", 1)]
    )
    def test_refuses_what_is_no_vote(self, opening, ada, axis, value):
        with pytest.raises(Invalid):
            vote(opening, axis, value, ada)
        assert not Vote.objects.exists()

    def test_is_limited_in_pace(self, opening, ada):
        with pytest.raises(TooMany):
            for n in range(70):
                vote(opening, "agreement", (1, -1)[n % 2], ada)


class TestWithdrawVote:
    def test_removes_it_and_keeps_it_on_record(self, opening, ada, bo):
        for person in (ada, bo):
            vote(opening, "agreement", 1, person)
        withdraw_vote(opening, "agreement", ada)

        assert tally(opening) == (0, 1, 0)
        event = Event.objects.get(verb="vote.withdrawn")
        assert (event.actor, event.public, event.data["side"]) == (ada, False, "agree")

    def test_of_nothing_does_nothing(self, opening, thread, ada):
        vote(opening, "helpful", 1, ada)
        withdraw_vote(opening, "agreement", ada)

        assert tally(opening) == (1, 0, 0)
        assert not Event.objects.filter(verb="vote.withdrawn").exists()


class TestOrganisations:
    def test_count_once_for_the_majority_of_their_people(self, opening, people):
        for person in people(3, "University"):
            vote(opening, "agreement", 1, person)
        for person in people(1, "UNIVERSITY") + people(2, "Daily News"):
            vote(opening, "agreement", -1, person)

        assert tally(opening) == (0, 3, 3)
        assert organisations(opening) == (1, 1)

    def test_count_for_neither_side_when_they_are_divided(self, opening, people):
        first, second = people(2, "University")
        vote(opening, "agreement", 1, first)
        vote(opening, "agreement", -1, second)

        assert organisations(opening) == (0, 0)

    def test_do_not_count_for_whether_a_comment_helps(self, opening, people):
        vote(opening, "helpful", 1, *people(1, "University"))

        assert organisations(opening) == (0, 0)

    def test_are_not_made_by_people_who_have_none_or_are_independent(self, opening, people):
        for person in people(2) + people(2, "Independent researcher", "independent"):
            vote(opening, "agreement", 1, person)

        assert tally(opening) == (0, 4, 0)
        assert organisations(opening) == (0, 0)

    def test_are_one_for_each_person_the_one_that_began_last(self, opening, kim):
        for name, since in (("Old College", date(2010, 1, 1)), ("New College", date(2020, 1, 1)), ("Undated", None)):
            state_affiliation(kim, organisation=name, since=since)
        state_affiliation(kim, organisation="Left", since=date(2021, 1, 1), until=date(2022, 1, 1))
        state_affiliation(kim, organisation="Fund", kind="funding", since=date(2023, 1, 1))
        cast = vote(opening, "agreement", 1, kim)

        assert cast.disclosure["organisation"] == "New College"
        assert organisations(opening) == (1, 0)

    def test_of_the_lab_is_that_of_its_members_whatever_else_they_state(self, opening, ada, bo, kim, lab):
        state_affiliation(bo, organisation="University", since=date(2025, 1, 1))
        state_affiliation(kim, organisation="OpenLab", sector="industry")
        state_affiliation(kim, organisation="University", since=date(2025, 1, 1))
        for person in (ada, bo, kim):
            vote(opening, "agreement", -1, person)

        assert organisations(opening) == (0, 1)
        assert set(Vote.objects.values_list("organisation", "sector")) == {
            (lab.skeleton, ""), (lab.skeleton, "industry"),
        }  # fmt: skip
