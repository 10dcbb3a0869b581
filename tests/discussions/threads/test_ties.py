"""Which ties stand beside what somebody writes."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from discussions.threads.actions import start_thread
from discussions.threads.ties import disclosure_on, has_ties, ties_of
from registry.accounts.actions import state_affiliation
from registry.core.subjects import name_subject
from registry.labs.actions import leave
from registry.labs.models import FormerMembership
from registry.releases.actions import begin_entry, publish
from registry.releases.models import Entry
from tests.people import CONTENT

YEAR = date.today().year


def words(user, lab, about=None):
    return [tie["words"] for tie in ties_of(user, lab, about)]


class TestTiesOf:
    def test_nobody_has_any_by_themselves(self, lab, eve):
        state_affiliation(eve, organisation="University")

        assert ties_of(eve, lab) == ties_of(eve, None) == []

    @pytest.mark.parametrize(
        ("kind", "now", "then"),
        [
            ("member", "Engineer, OpenLab", "belonged to OpenLab, until"),
            ("funding", "is funded by OpenLab", "was funded by OpenLab, until"),
            ("coauthor", "writes with people of OpenLab", "wrote with people of OpenLab, until"),
            ("competitor", "competes with OpenLab", "competed with OpenLab, until"),
            ("interest", "has an interest in OpenLab", "had an interest in OpenLab, until"),
        ],
    )
    def test_follow_from_what_is_stated_until_three_years_after(self, lab, eve, kind, now, then):
        stated = state_affiliation(eve, organisation="OpenLab", kind=kind, role="Engineer")
        assert words(eve, lab) == [now]

        stated.until = date.today() - timedelta(days=900)
        stated.save()
        assert words(eve, lab) == [f"{then} {stated.until.year}"]

        stated.until = date.today() - timedelta(days=1200)
        stated.save()
        assert words(eve, lab) == []

    def test_what_ends_later_has_not_ended(self, lab, eve):
        state_affiliation(eve, organisation="OpenLab", kind="funding", until=date.today() + timedelta(days=9))
        state_affiliation(eve, organisation="University", until=date.today() + timedelta(days=9))
        disclosure = disclosure_on(lab, eve)

        assert (disclosure["tie"], disclosure["shown"]) == ("is funded by OpenLab", "University")

    def test_membership_here_that_ended_is_one_for_three_years_and_gives_no_right(self, lab, bo):
        leave(lab.memberships.get(user=bo), by=bo)
        assert ties_of(bo, lab) == [
            {"lab": "openlab", "kind": "member", "role": "member", "words": f"belonged to Openlab, until {YEAR}"}
        ]
        assert not lab.memberships.filter(user=bo).exists()

        FormerMembership.objects.update(until=timezone.now() - timedelta(days=1200))
        assert ties_of(bo, lab) == []

    def test_are_told_once(self, lab, bo):
        state_affiliation(bo, organisation="Openlab", role="Engineer")
        assert words(bo, lab) == ["belongs to Openlab"]

        leave(lab.memberships.get(user=bo), by=bo)
        assert words(bo, lab) == [f"belonged to Openlab, until {YEAR}", "Engineer, Openlab"]

        lab.memberships.create(user=bo, role="editor")
        assert words(bo, lab) == ["belongs to Openlab"]

    def test_the_latest_end_is_the_one_that_counts(self, lab, bo):
        for _ in range(2):
            leave(lab.memberships.get(user=bo), by=bo)
            FormerMembership.objects.filter(until__year=YEAR).update(until=timezone.now() - timedelta(days=800))
            lab.memberships.create(user=bo, role="member")
        leave(lab.memberships.get(user=bo), by=bo)

        assert words(bo, lab) == [f"belonged to Openlab, until {YEAR}"]

    def test_who_published_a_revision_of_the_entry_is_tied_to_it_and_to_no_other(self, lab, eve, ada):
        eve.is_moderator = True
        eve.save()
        curated = begin_entry(lab, "lamp", by=eve, content=CONTENT, origin=Entry.Origin.THIRD_PARTY)
        publish(curated, by=eve)
        other = begin_entry(lab, "wick", by=ada, content=CONTENT)
        publish(other, by=ada)

        assert words(eve, lab, curated.subject) == ["published a revision of this entry"]
        assert words(eve, lab, other.subject) == words(eve, lab) == []
        assert words(ada, lab, other.subject) == ["belongs to Openlab"]
        thread = start_thread(curated.subject, "Title", "text", eve)
        assert thread.comments.get().disclosure["tie"] == "published a revision of this entry"

    def test_cost_two_queries(self, lab, entry, bo, django_assert_num_queries):
        state_affiliation(bo, organisation="Openlab", kind="funding")
        with django_assert_num_queries(2):
            ties_of(bo, lab, entry)


class TestHasTies:
    def test_to_whatever_belongs_to_the_lab_and_to_its_threads(self, lab, entry, thread, bo, eve):
        norm = name_subject("norm", "N-7", title="Norm", path="/norms/N-7/", public=True)

        for subject in (lab.subject, entry, thread.subject):
            assert (has_ties(bo, subject), has_ties(eve, subject)) == (True, False), subject.ref
        assert not has_ties(bo, norm)
