"""Intents as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer
from registry.releases.vocabulary import Audience, Component, Gate, Mode

from .models import Intent, IntentChange
from .validators import LENGTHS


def text(name, help_text="", **more):
    return serializers.CharField(max_length=LENGTHS[name], trim_whitespace=False, help_text=help_text, **more)


def may_be_empty(name, help_text=""):
    return text(name, help_text, required=False, allow_blank=True)


class IntentInput(StrictSerializer):
    release = serializers.CharField(max_length=130, help_text="The entry, such as openai/gpt-2; it may be a draft.")
    artefact = text("artefact", "The name under which it is announced; of a draft nothing else is shown.")
    title = text("title", "What is planned, in one line.")
    stage = serializers.IntegerField(
        required=False, min_value=1, max_value=10_000, allow_null=True,
        help_text="The number of a planned stage of the draft, from 1; its lines are copied as they stand now.",
    )  # fmt: skip
    what = may_be_empty("what", "What is planned, in words; needed where no stage is named.")
    why = text("why", "The reasons.")
    planned_on = serializers.DateField(help_text="After the comment window has closed.")
    closes_on = serializers.DateField(help_text="The last day for comments, by the clock of time_zone.")
    time_zone = serializers.CharField(max_length=50, required=False, help_text="Such as Europe/Berlin; else your own.")
    look_back_on = serializers.DateField(
        required=False, allow_null=True, help_text="If null, 180 days after the decision is final."
    )


class ChangeInput(StrictSerializer):
    artefact = text("artefact", required=False)
    title = text("title", required=False)
    stage = serializers.IntegerField(
        required=False, min_value=0, max_value=10_000, help_text="Its lines take the place of those announced; 0: none."
    )
    what = may_be_empty("what")
    why = text("why", required=False)
    planned_on = serializers.DateField(required=False)
    closes_on = serializers.DateField(required=False)
    look_back_on = serializers.DateField(required=False, allow_null=True)
    reason = text("reason", "Why it changes.")
    version = serializers.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, help_text="The version that you read; another one is refused."
    )


class FinalInput(StrictSerializer):
    outcome = serializers.ChoiceField(choices=Intent.Outcome.choices)
    revision = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1,
        help_text="The revision of the entry that carried it out.",
    )  # fmt: skip
    decision = may_be_empty("decision", "What was decided, and why; needed where it differs from what was announced.")


class IntentWithdrawalInput(StrictSerializer):
    reason = text("withdrawal", "Why it is withdrawn.")


class LookBackInput(StrictSerializer):
    verdict = serializers.ChoiceField(choices=Intent.Verdict.choices)
    look_back = text("look_back", "What became of the reasons, and how you know.")


class PlannedLine(serializers.Serializer):
    component = serializers.ChoiceField(choices=[(c.value, c.label) for c in Component])
    variant = serializers.CharField(help_text="Empty: all, or not stated.")
    mode = serializers.ChoiceField(choices=[(m.value, m.label) for m in Mode], allow_blank=True)
    gate = serializers.ChoiceField(choices=[(g.value, g.label) for g in Gate], allow_blank=True)
    audience = serializers.ChoiceField(choices=[(a.value, a.label) for a in Audience], allow_blank=True)


class IntentSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    lab = serializers.CharField(source="lab.slug")
    release = serializers.CharField(
        source="key_of_entry", allow_null=True, help_text="The entry; null while it is a draft."
    )
    artefact = serializers.CharField()
    title = serializers.CharField()
    components = PlannedLine(many=True)
    what = serializers.CharField()
    why = serializers.CharField()
    planned_on = serializers.DateField()
    closes_on = serializers.DateField(help_text="The last day for comments, by the clock of time_zone.")
    closes_at = serializers.DateTimeField(help_text="The moment at which that day ends.")
    time_zone = serializers.CharField()
    open = serializers.BooleanField(source="is_open", help_text="Whether the comment window is open.")
    open_concerns = serializers.IntegerField(
        source="subject.open_concerns", help_text="Those that wait for an answer; until then it cannot be final."
    )
    state = serializers.ChoiceField(choices=Intent.State.choices)
    version = serializers.IntegerField()
    announced_by = serializers.CharField(source="announced_by.handle")
    disclosure = serializers.DictField(help_text="Name, affiliations, interests and ties when it was announced.")
    announced_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=Intent.Outcome.choices, allow_blank=True)
    revision = serializers.IntegerField(source="revision.number", default=None, allow_null=True)
    decision = serializers.CharField()
    finalised_at = serializers.DateTimeField(allow_null=True)
    withdrawal = serializers.CharField(help_text="Why it was withdrawn.")
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    look_back_on = serializers.DateField(allow_null=True)
    look_back_due = serializers.BooleanField(source="look_back_is_due", help_text="Its day has come; none is written.")
    look_back_overdue = serializers.BooleanField(source="look_back_is_overdue", help_text="Due for more than 30 days.")
    verdict = serializers.ChoiceField(choices=Intent.Verdict.choices, allow_blank=True)
    look_back = serializers.CharField()
    looked_back_at = serializers.DateTimeField(allow_null=True)
    url = serializers.CharField(source="get_absolute_url")


class IntentChangeSerializer(serializers.ModelSerializer):
    intent = serializers.IntegerField(source="intent_id")
    values = serializers.DictField(
        child=serializers.ListField(), help_text="Changed field → [what it said, what it says since then]."
    )
    of_substance = serializers.BooleanField(
        help_text="Whether what is planned or why changed, or the day came closer, so that comments stay open."
    )
    by = serializers.CharField(source="by.handle")

    class Meta:
        model = IntentChange
        fields = ["id", "intent", "values", "reason", "of_substance", "by", "made_at"]
