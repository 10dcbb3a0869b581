"""Programmes and requests as JSON."""

from rest_framework import serializers

from registry.accounts.models import Affiliation
from registry.core.api import StrictSerializer

from .fitting import KINDS, LONGEST_ANSWER
from .models import AccessRequest


class QuestionInput(StrictSerializer):
    label = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(list(KINDS), default="line")
    help = serializers.CharField(max_length=500, allow_blank=True, default="")
    required = serializers.BooleanField(default=True)


class ProgrammeChangeInput(StrictSerializer):
    name = serializers.CharField(max_length=120)
    components = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=40)
    criteria = serializers.CharField(max_length=10_000, help_text="Markdown")
    decided_within = serializers.IntegerField(min_value=1, max_value=365, help_text="Days")
    lasts = serializers.IntegerField(min_value=1, max_value=3660, required=False, allow_null=True, help_text="Days")
    contact = serializers.CharField(max_length=500, required=False, allow_blank=True)
    questions = QuestionInput(many=True, required=False)
    terms = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    version = serializers.IntegerField(required=False, help_text="That on screen; another one is refused with 412.")


class ProgrammeInput(ProgrammeChangeInput):
    version = None
    release = serializers.CharField(max_length=200, help_text="lab/slug")


class QuestionSerializer(serializers.Serializer):
    label = serializers.CharField()
    kind = serializers.CharField()
    help = serializers.CharField()
    required = serializers.BooleanField()


class ProgrammeSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    release = serializers.CharField(source="entry.key")
    name = serializers.CharField()
    components = serializers.ListField(child=serializers.CharField())
    criteria = serializers.CharField(help_text="Markdown")
    decided_within = serializers.IntegerField(help_text="Days")
    lasts = serializers.IntegerField(allow_null=True, help_text="Days; null: without end")
    contact = serializers.CharField(help_text="Where requests are made, if not here.")
    questions = QuestionSerializer(many=True, source="fields")
    terms = serializers.CharField()
    version = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_because = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")


class FiguresSerializer(serializers.Serializer):
    asked = serializers.IntegerField(allow_null=True, help_text="null: fewer than `fewest`, and nothing more is told.")
    fewest = serializers.IntegerField()
    states = serializers.ListField(child=serializers.DictField(), required=False)
    decided = serializers.FloatField(allow_null=True, required=False, help_text="Median days until the decision.")
    waiting = serializers.FloatField(allow_null=True, required=False, help_text="Median days waited so far.")
    overdue = serializers.IntegerField(required=False)
    sectors = serializers.ListField(child=serializers.DictField(), required=False)


class ProgrammeDetailSerializer(ProgrammeSerializer):
    requests = FiguresSerializer(source="told")


class ProgrammeClosingInput(StrictSerializer):
    words = serializers.CharField(max_length=2000, help_text="Everybody sees it.")


class AccessRequestInput(StrictSerializer):
    programme = serializers.IntegerField(min_value=1, max_value=2**62)
    purpose = serializers.CharField(max_length=LONGEST_ANSWER)
    sector = serializers.ChoiceField(Affiliation.Sector.choices)
    answers = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST_ANSWER, allow_blank=True), required=False,
        help_text="By the labels of the programme's questions.",
    )  # fmt: skip
    agreed = serializers.BooleanField(required=False, help_text="To the terms, where there are any.")


class StepInput(StrictSerializer):
    act = serializers.ChoiceField(["ask_more", "answer", "accept", "reject", "revoke", "withdraw", "appeal"])
    words = serializers.CharField(max_length=LONGEST_ANSWER, allow_blank=True, required=False)


class StepSerializer(serializers.Serializer):
    state = serializers.ChoiceField(AccessRequest.State.choices)
    by = serializers.CharField(source="by.handle", default=None, allow_null=True)
    words = serializers.CharField()
    at = serializers.DateTimeField()


class AnswerSerializer(serializers.Serializer):
    label = serializers.CharField()
    answer = serializers.CharField()


class AccessRequestSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    programme = serializers.IntegerField(source="programme_id")
    by = serializers.CharField(source="user.handle")
    purpose = serializers.CharField()
    sector = serializers.CharField()
    answers = AnswerSerializer(many=True)
    made_at = serializers.DateTimeField()
    state = serializers.ChoiceField(AccessRequest.State.choices)
    since = serializers.DateTimeField()
    waited = serializers.IntegerField(help_text="Seconds for which it waited for the lab before this state.")
    ends_at = serializers.DateTimeField(allow_null=True)
    steps = StepSerializer(many=True)
    url = serializers.CharField(source="get_absolute_url")
