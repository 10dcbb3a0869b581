"""Concerns as JSON."""

from rest_framework import serializers

from discussions.threads.serializers import LARGEST, PseudonymField
from discussions.threads.validators import MAX_TITLE
from registry.core.api import StrictSerializer
from registry.core.markdown import MAX_CHARACTERS

from .actions import RESOLUTIONS
from .models import Concern


class ConcernInput(StrictSerializer):
    subject = serializers.CharField(
        max_length=200, required=False, help_text="What it is about, such as release:openai/gpt-2; or give comment."
    )
    title = serializers.CharField(max_length=MAX_TITLE, help_text="The concern in one line.")
    body = serializers.CharField(
        max_length=MAX_CHARACTERS, trim_whitespace=False, required=False, help_text="The opening comment, in Markdown."
    )
    comment = serializers.IntegerField(
        min_value=1, max_value=LARGEST, required=False,
        help_text="A comment of one's own from which it is opened, in place of subject and body.",
    )  # fmt: skip
    clause = serializers.CharField(
        max_length=40, required=False, help_text="The clause that it is measured by, such as N-7/3."
    )
    follows = serializers.IntegerField(
        min_value=1, max_value=LARGEST, required=False, help_text="The resolved concern that it takes up again."
    )
    pseudonym = PseudonymField()


class AnswerInput(StrictSerializer):
    body = serializers.CharField(max_length=MAX_CHARACTERS, trim_whitespace=False, help_text="Markdown.")


class ResolutionInput(StrictSerializer):
    resolution = serializers.ChoiceField(
        choices=[(value, value) for value in RESOLUTIONS], help_text="What came of it; open means: not answered."
    )
    body = serializers.CharField(
        max_length=MAX_CHARACTERS, trim_whitespace=False, required=False, allow_blank=True,
        help_text="Why, in Markdown; only acceptance can do without.",
    )  # fmt: skip


class ConcernSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    subject = serializers.CharField(source="about.ref", help_text="What it is about, such as release:openai/gpt-2.")
    clause = serializers.CharField(source="clause.key", default=None, allow_null=True)
    lab = serializers.CharField(source="lab.slug", default=None, allow_null=True, help_text="Whose answer it asks for.")
    title = serializers.CharField(source="shown_title")
    body = serializers.SerializerMethodField(help_text="The opening comment in Markdown; empty once taken from view.")
    opened_by = serializers.CharField(source="opened_by.handle")
    disclosure = serializers.DictField(help_text="Name, affiliations, interests and ties when it was opened.")
    state = serializers.ChoiceField(choices=Concern.State.choices)
    open_call = serializers.SerializerMethodField(help_text="Whether enough independent people co-signed it.")
    open_call_at = serializers.DateTimeField(allow_null=True)
    signers = serializers.IntegerField()
    independent_signers = serializers.IntegerField()
    thread = serializers.IntegerField(source="thread_id")
    opening = serializers.IntegerField(source="opening_id", help_text="The comment that opened it.")
    answer = serializers.IntegerField(source="answer_id", allow_null=True, help_text="The comment that answers it.")
    resolution = serializers.IntegerField(
        source="resolution_id", allow_null=True, help_text="The comment that says what came of it."
    )
    follows = serializers.IntegerField(source="follows_id", allow_null=True)
    opened_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    days_open = serializers.IntegerField(help_text="Until it was resolved, or until now.")
    url = serializers.CharField(source="get_absolute_url")

    def get_body(self, concern) -> str:
        return "" if concern.opening.hidden else concern.opening.body

    def get_open_call(self, concern) -> bool:
        return concern.open_call_at is not None


class SignatureSerializer(serializers.Serializer):
    concern = serializers.IntegerField(source="concern_id")
    person = serializers.CharField(source="user.handle")
    disclosure = serializers.DictField(help_text="Name, affiliations, interests and ties when signing.")
    independent = serializers.BooleanField()
    signed_at = serializers.DateTimeField()
