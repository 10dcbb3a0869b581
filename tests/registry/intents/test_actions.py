"""Announcing, changing, making final, withdrawing, looking back; and what the worker tells of."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from discussions.concerns.actions import answer, open_concern, resolve
from discussions.notifications.models import Notice
from discussions.notifications.telling import tell
from registry.core.errors import Conflict, Refused, Stale
from registry.history.models import Event
from registry.intents.actions import announce, change, look_back, make_final, remind, tell_of_closing, withdraw
from registry.intents.models import Intent, end_of
from registry.intents.unanswered import Unanswered
from registry.releases.actions import publish, save_draft
from tests.people import CONTENT, PlatformTestCase, make_person

from .plans import AHEAD, close_window, day, intend, look_back_came, now, plan

OTHERWISE = {"outcome": "changed", "decision": "We wait for the audit."}


def verbs(intent):
    return list(Event.objects.filter(subject=intent.subject_id).order_by("pk").values_list("verb", flat=True))


class IntentCase(PlatformTestCase):
    def refused(self, field, act):
        with self.assertRaises(ValidationError) as caught:
            act()
        assert list(caught.exception.message_dict) == [field], caught.exception.message_dict
        return " ".join(caught.exception.messages)

    def revised(self):
        save_draft(self.entry, self.entry.draft | {"summary": "Another."}, by=self.ada)
        return publish(self.entry, by=self.ada, justification="As announced.")


class AnnounceTests(IntentCase):
    def test_announcement_is_public_at_once_with_its_window_open(self):
        intent = intend(self.entry, self.ada)

        assert intent.is_open and intent.subject.public
        assert intent.closes_at == end_of(day(20), "UTC")
        assert verbs(intent) == ["intent.announced"]
        assert list(Intent.objects.visible_to(None)) == [intent]

    def test_window_ends_with_the_day_where_the_lab_is(self):
        intent = intend(self.entry, self.ada, time_zone="Pacific/Auckland")

        there = intent.closes_at.astimezone(ZoneInfo("Pacific/Auckland"))
        assert (there.hour, there.date()) == (0, day(21))
        assert intent.closes_at < datetime.combine(day(21), datetime.min.time(), UTC)

    def test_only_those_who_speak_for_the_lab_announce(self):
        edd = make_person("edd")
        self.lab.memberships.create(user=edd, role="editor")
        intend(self.entry, edd)

        for person in (self.bo, self.mo, self.eve):
            with self.assertRaises(Refused):
                intend(self.entry, person)

    def test_window_is_open_for_two_weeks_at_least(self):
        said = self.refused("closes_on", lambda: intend(self.entry, self.ada, closes_on=day(13)))
        assert "14 days at least" in said
        intend(self.entry, self.ada, closes_on=day(14))

    def test_dates_that_contradict_one_another_are_refused_by_both(self):
        from registry.intents.validators import in_words

        said = self.refused("planned_on", lambda: intend(self.entry, self.ada, planned_on=day(20)))
        assert said.count(in_words(day(20))) == 2
        said = self.refused("look_back_on", lambda: intend(self.entry, self.ada, look_back_on=day(25)))
        assert in_words(day(25)) in said and in_words(day(30)) in said

    def test_plan_is_said_in_words_or_by_the_lines_of_a_stage_and_by_nothing_else_of_it(self):
        entry = self.draft("lantern", stages=[CONTENT["stages"][0], AHEAD])

        assert "in your own words" in self.refused("what", lambda: intend(entry, self.ada, what=""))
        self.refused("stage", lambda: intend(entry, self.ada, stage=3))
        intent = intend(entry, self.ada, what="", stage=2)
        assert intent.components == [
            {"component": "weights_final", "variant": "1B", "mode": "downloadable", "gate": "application_manual",
             "audience": "verified_researchers"}
        ]  # fmt: skip
        assert "Secret" not in f"{intent.subject.title} {intent.subject.text} {intent.what} {intent.why}"

    def test_of_a_published_entry_only_stages_ahead_can_be_announced(self):
        save_draft(self.entry, self.entry.draft | {"stages": [*self.entry.draft["stages"], AHEAD]}, by=self.ada)
        self.entry.refresh_from_db()

        assert "these numbers: 2" in self.refused("stage", lambda: intend(self.entry, self.ada, stage=1))
        assert intend(self.entry, self.ada, stage=2).components

    def test_same_announcement_twice_is_one(self):
        intend(self.entry, self.ada)
        with self.assertRaises(Conflict):
            intend(self.entry, self.ada)
        assert Intent.objects.count() == 1


class ChangeTests(IntentCase):
    def setUp(self):
        super().setUp()
        self.intent = intend(self.entry, self.ada)

    def test_change_keeps_old_values_reason_and_time(self):
        made = change(self.intent, {"why": "An audit found none.", "reason": "It is done."}, by=self.ada)

        assert made.values == {"why": ["Nobody has found a misuse of the small ones.", "An audit found none."]}
        assert (made.reason, made.of_substance, made.by) == ("It is done.", True, self.ada)
        assert now(self.intent).version == 2 and now(self.intent).subject.as_of == "version 2"
        assert verbs(self.intent) == ["intent.announced", "intent.changed"]

    def test_change_needs_a_reason_and_something_that_changes(self):
        self.refused("reason", lambda: change(self.intent, {"why": "Another."}, by=self.ada))
        with self.assertRaises(Conflict):
            change(self.intent, {"why": self.intent.why, "reason": "None."}, by=self.ada)

    def test_putting_off_lengthens_nothing_and_is_told_as_such(self):
        made = change(self.intent, {"planned_on": day(60), "reason": "Ill."}, by=self.ada)

        assert not made.of_substance and made.puts_off
        assert now(self.intent).closes_on == day(20)
        assert verbs(self.intent)[-1] == "intent.put_off"

    def test_change_of_substance_opens_a_closed_window_again_for_a_week(self):
        close_window(self.intent)
        tell_of_closing(self.intent.pk)

        change(self.intent, {"what": "Weights and code.", "reason": "Asked for."}, by=self.ada)

        after = now(self.intent)
        assert after.is_open and after.closes_on == day(7) and after.closing_told_at is None

    def test_change_after_which_comments_end_too_late_for_the_day_names_both(self):
        close_window(self.intent)
        Intent.objects.filter(pk=self.intent.pk).update(planned_on=day(3))
        from registry.intents.validators import in_words

        said = self.refused("planned_on", lambda: change(self.intent, {"what": "More.", "reason": "So."}, by=self.ada))
        assert in_words(day(3)) in said and in_words(day(7)) in said
        change(self.intent, {"what": "More.", "reason": "So.", "planned_on": day(8)}, by=self.ada)

    def test_window_never_gets_shorter(self):
        said = {"closes_on": day(19), "reason": "In a hurry."}
        assert "as was said" in self.refused("closes_on", lambda: change(self.intent, said, by=self.ada))

    def test_an_earlier_day_is_of_substance(self):
        assert change(self.intent, {"planned_on": day(25), "reason": "Ready."}, by=self.ada).of_substance

    def test_whoever_was_slower_is_told(self):
        change(self.intent, {"why": "One.", "reason": "So."}, by=self.ada, version=1)
        with self.assertRaises(Stale):
            change(self.intent, {"why": "Two.", "reason": "So."}, by=self.ada, version=1)

    def test_only_those_who_speak_for_the_lab_change_withdraw_or_decide(self):
        for person in (self.bo, self.mo, self.eve):
            for act in (
                lambda p=person: change(self.intent, {"why": "Mine.", "reason": "So."}, by=p),
                lambda p=person: withdraw(self.intent, "So.", by=p),
                lambda p=person: make_final(self.intent, OTHERWISE, by=p),
            ):
                with self.assertRaises(Refused):
                    act()


class FinalTests(IntentCase):
    def setUp(self):
        super().setUp()
        self.intent = intend(self.entry, self.ada)

    def test_open_concern_keeps_it_from_being_final_and_is_named_with_its_address(self):
        concern = open_concern(self.intent.subject, "Who checks it?", "Say who.", self.eve)
        close_window(self.intent)

        with self.assertRaises(Unanswered) as caught:
            make_final(self.intent, OTHERWISE, by=self.ada)
        said = str(caught.exception)
        assert "“Who checks it?”" in said and f"{concern.get_absolute_url()})" in said
        assert now(self.intent).is_announced

        answer(concern, "No: it costs too much.", self.ada)
        assert make_final(self.intent, OTHERWISE, by=self.ada).state == "final"

    def test_concern_that_is_found_unanswered_again_keeps_it_again(self):
        concern = open_concern(self.intent.subject, "Who checks it?", "Say who.", self.eve)
        answer(concern, "No.", self.ada)
        concern.refresh_from_db()
        resolve(concern, "open", self.eve, "That is none.")
        close_window(self.intent)

        with self.assertRaises(Unanswered):
            make_final(self.intent, OTHERWISE, by=self.ada)

    def test_concern_about_the_entry_does_not_keep_it(self):
        open_concern(self.entry.subject, "Another matter", "Say.", self.eve)
        close_window(self.intent)

        assert make_final(self.intent, OTHERWISE, by=self.ada).state == "final"

    def test_window_must_have_closed(self):
        with self.assertRaises(Conflict) as caught:
            make_final(self.intent, OTHERWISE, by=self.ada)
        assert "Comments are open until" in str(caught.exception)

    def test_carried_out_links_to_the_revision_that_did_it(self):
        close_window(self.intent)
        done = {"outcome": "carried_out"}
        self.refused("revision", lambda: make_final(self.intent, done, by=self.ada))
        self.refused("revision", lambda: make_final(self.intent, done | {"revision": 9}, by=self.ada))
        said = self.refused("revision", lambda: make_final(self.intent, done | {"revision": 1}, by=self.ada))
        assert "before the intent was announced" in said

        revision = self.revised()
        made = make_final(self.intent, done | {"revision": revision.number}, by=self.ada)
        assert (made.revision, made.look_back_on) == (revision, day(180))
        assert verbs(self.intent)[-1] == "intent.finalised"

    def test_another_decision_needs_its_reason(self):
        close_window(self.intent)
        self.refused("decision", lambda: make_final(self.intent, {"outcome": "changed"}, by=self.ada))
        self.refused("outcome", lambda: make_final(self.intent, {}, by=self.ada))

    def test_what_is_final_or_withdrawn_changes_no_more(self):
        other = intend(self.entry, self.ada, title="Another")
        withdraw(other, "No more.", by=self.ada)
        make_final(close_window(self.intent), OTHERWISE, by=self.ada)

        for intent in (self.intent, other):
            for act in (
                lambda i=intent: change(i, {"why": "Later.", "reason": "So."}, by=self.ada),
                lambda i=intent: withdraw(i, "So.", by=self.ada),
                lambda i=intent: make_final(i, OTHERWISE, by=self.ada),
            ):
                with self.assertRaises(Conflict):
                    act()
        assert now(other).withdrawal == "No more."


class LookBackTests(IntentCase):
    def setUp(self):
        super().setUp()
        self.intent = intend(self.entry, self.ada)
        make_final(close_window(self.intent), OTHERWISE, by=self.ada)

    def test_look_back_is_written_once_and_not_before_its_day(self):
        given = {"verdict": "in_part", "look_back": "Two of three."}
        with self.assertRaises(Conflict):
            look_back(self.intent, given, by=self.ada)
        look_back_came(self.intent)
        assert now(self.intent).look_back_is_due and not now(self.intent).look_back_is_overdue

        made = look_back(self.intent, given, by=self.ada)
        assert (made.verdict, made.look_back, made.look_back_is_due) == ("in_part", "Two of three.", False)
        with self.assertRaises(Conflict):
            look_back(self.intent, given, by=self.ada)
        assert verbs(self.intent)[-1] == "intent.looked_back"

    def test_its_absence_is_due_and_after_a_month_overdue(self):
        look_back_came(self.intent, 30)
        assert list(Intent.objects.look_back_due()) == [self.intent] and not Intent.objects.look_back_overdue()
        look_back_came(self.intent, 31)
        assert list(Intent.objects.look_back_overdue()) == [self.intent] and now(self.intent).look_back_is_overdue

    def test_reminder_is_one_event_however_often_the_worker_comes(self):
        assert not remind(self.intent.pk), "its day has not come"
        look_back_came(self.intent)

        assert [remind(self.intent.pk), remind(self.intent.pk)] == [True, False]
        assert verbs(self.intent).count("intent.look_back_due") == 1
        event = Event.objects.get(verb="intent.look_back_due")
        tell(event.pk)
        assert list(Notice.objects.filter(event=event).values_list("user__handle", flat=True)) == ["ada"]

    def test_what_was_looked_back_on_is_not_reminded_of(self):
        look_back_came(self.intent)
        look_back(self.intent, {"verdict": "hold", "look_back": "They do."}, by=self.ada)
        assert not remind(self.intent.pk)


class WindowTests(IntentCase):
    def test_followers_are_told_once_that_the_window_has_closed(self):
        intent = intend(self.entry, self.ada)
        assert not tell_of_closing(intent.pk)
        close_window(intent)

        assert [tell_of_closing(intent.pk), tell_of_closing(intent.pk)] == [True, False]
        assert verbs(intent) == ["intent.announced", "intent.window_closed"]


class PrivateTests(IntentCase):
    def test_events_about_a_draft_do_not_name_it(self):
        intent = intend(self.draft("secret-lantern", title="Secret Lantern"), self.ada)
        change(intent, {"why": "Another.", "reason": "So."}, by=self.ada)

        for event in Event.objects.filter(subject=intent.subject):
            assert "ecret" not in str(event.data), event.data

    def test_curated_draft_is_none_to_announce(self):
        from registry.releases.actions import begin_entry

        entry = begin_entry(self.lab, "curated", by=self.mo, content=CONTENT, origin="third_party")
        for person in (self.ada, self.mo):
            with self.assertRaises(Refused):
                announce(entry, plan(), by=person)
