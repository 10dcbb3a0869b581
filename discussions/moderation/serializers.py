"""Moderation as JSON."""

from rest_framework import serializers

from discussions.threads.validators import MAX_TITLE
from registry.accounts.models import HANDLE
from registry.core.api import StrictSerializer

from . import rulebook
from .models import REASON, TARGETS, Appeal, Decision, Report
from .targets import kind_of, name_of, path_of

LARGEST = 2**63 - 1
RULE = "A rule's number, see /moderation/rules/."
DECIDED = [choice for choice in Decision.Kind.choices if choice[0] != Decision.Kind.RESTORE]


def _one_of(choices):
    return f"One of {', '.join(choices.values)}."


def _key(**options):
    return serializers.IntegerField(min_value=1, max_value=LARGEST, required=False, **options)


class TargetInput(StrictSerializer):
    """Exactly one of comment, thread, summary, person and subject."""

    comment = _key()
    thread = _key()
    person = serializers.RegexField(f"^{HANDLE}$", max_length=39, required=False, help_text="A handle.")
    summary = _key()
    subject = serializers.CharField(
        max_length=200, required=False, help_text="An entry, norm or clause, such as release:openai/gpt-2 or norm:N-7."
    )
    rule = serializers.ChoiceField(choices=rulebook.CHOICES, help_text=RULE)

    def validate(self, data):
        named = [name for name in TARGETS if name in data]
        if len(named) != 1:
            raise serializers.ValidationError(f"Name exactly one of {', '.join(TARGETS)}.")
        return data


class ReportInput(TargetInput):
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True, trim_whitespace=False)


class DecisionInput(TargetInput):
    kind = serializers.ChoiceField(choices=DECIDED)
    reason = serializers.CharField(max_length=REASON, help_text="Public, for good.")
    until = serializers.DateTimeField(required=False, help_text="When a lock, slow-down or suspension ends by itself.")
    minutes = serializers.IntegerField(
        min_value=1, max_value=1440, required=False, help_text="Between two comments of a person, for a slow-down."
    )
    to = serializers.CharField(max_length=200, required=False, help_text="Where a discussion is moved, as norm:N-7.")
    to_thread = _key(help_text="The discussion to which a comment is moved with its replies; or give title.")
    title = serializers.CharField(
        max_length=MAX_TITLE, required=False, help_text="Of the new discussion to which a comment is moved, about `to`."
    )


class RestorationInput(StrictSerializer):
    reason = serializers.CharField(max_length=REASON)


class AppealInput(StrictSerializer):
    text = serializers.CharField(max_length=4000, trim_whitespace=False)


class JudgementInput(StrictSerializer):
    outcome = serializers.ChoiceField(choices=[Appeal.State.UPHELD, Appeal.State.OVERTURNED])
    answer = serializers.CharField(max_length=REASON)


class NothingInput(StrictSerializer):
    """An act without words."""


class TargetSerializer(serializers.Serializer):
    kind = serializers.SerializerMethodField()
    id = serializers.SerializerMethodField(help_text="A number, a person's handle, or a subject's name.")
    name = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField(help_text="Empty while it is not to be seen.")

    def get_kind(self, target) -> str:
        return kind_of(target)

    def get_id(self, target) -> str:
        names = {"person": "handle", "subject": "ref"}
        return str(getattr(target, names.get(kind_of(target), "pk")))

    def get_name(self, target) -> str:
        return name_of(target)

    def get_url(self, target) -> str:
        return path_of(target)


class AppealSerializer(serializers.Serializer):
    state = serializers.CharField(help_text=_one_of(Appeal.State))
    at = serializers.DateTimeField()
    answer = serializers.CharField()
    settled_by = serializers.CharField(source="settled_by.handle", default=None, allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class DecisionSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField(help_text=_one_of(Decision.Kind))
    target = TargetSerializer()
    rule = serializers.CharField()
    reason = serializers.CharField()
    role = serializers.SerializerMethodField()
    by = serializers.CharField(source="by.handle")
    second = serializers.CharField(source="second.handle", default=None, allow_null=True)
    at = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    state = serializers.CharField(help_text=_one_of(Decision.State))
    over = serializers.BooleanField(source="is_over", help_text="Whether its end has come by itself.")
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)
    appeal = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url")

    def get_role(self, decision) -> str:
        return "moderator"

    def get_appeal(self, decision) -> AppealSerializer(allow_null=True):
        appeal = getattr(decision, "appeal", None)
        return AppealSerializer(appeal).data if appeal else None


class ReportSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    target = TargetSerializer()
    rule = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()
    state = serializers.CharField(help_text=_one_of(Report.State))
    answer = serializers.CharField()
    decision = serializers.IntegerField(source="decision_id", allow_null=True)
