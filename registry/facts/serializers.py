"""Facts and statements as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer

from .models import Statement
from .standing import STATES

Kind, Speaker = Statement.Kind, Statement.Speaker


class StatementInput(StrictSerializer):
    release = serializers.CharField(max_length=200, help_text="Such as openai/gpt-2.")
    fact = serializers.CharField(max_length=300, help_text="The key of a fact of the current revision.")
    kind = serializers.ChoiceField(Kind.choices)
    digest = serializers.CharField(
        max_length=71, required=False, help_text="Of the wording that was read; 412 where another one stands there."
    )
    value = serializers.CharField(max_length=2000, required=False, help_text="What it should say; for an assertion.")
    reason = serializers.CharField(max_length=2000, required=False, help_text="Needed to dispute and to take back.")
    source_title = serializers.CharField(max_length=300, required=False, allow_blank=True)
    source_url = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    quote = serializers.CharField(max_length=2000, required=False, help_text="The words of the source.")
    archive_url = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    archive_sha256 = serializers.CharField(
        max_length=71, required=False, allow_blank=True, help_text="Of the archived copy of the source."
    )


class TakingBackInput(StrictSerializer):
    reason = serializers.CharField(max_length=2000, help_text="Readers see it.")


class StatementSourceSerializer(serializers.Serializer):
    title = serializers.CharField()
    url = serializers.CharField()
    quote = serializers.CharField()
    archive_url = serializers.CharField()
    archive_sha256 = serializers.CharField()


class StatementSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    release = serializers.CharField(source="fact.entry.key")
    fact = serializers.CharField(source="fact.key")
    title = serializers.CharField(help_text="The fact in words, as it was called then.")
    kind = serializers.ChoiceField(Kind.choices)
    speaker = serializers.ChoiceField(Speaker.choices)
    author = serializers.CharField(source="made_by.handle")
    disclosure = serializers.DictField(help_text="Name and affiliations of the author as of that moment.")
    as_of = serializers.IntegerField(source="as_of.number", help_text="The revision that it speaks of.")
    digest = serializers.CharField(help_text="Of the wording that it speaks of.")
    wording = serializers.CharField(source="said", help_text="That wording.")
    value = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()
    made_at = serializers.DateTimeField()
    taken_back_at = serializers.DateTimeField(allow_null=True)
    taken_back_by = serializers.CharField(source="taken_back_by.handle", allow_null=True, default=None)
    taken_back_because = serializers.CharField(allow_blank=True)
    url = serializers.CharField(source="get_absolute_url")

    def get_value(self, statement) -> str:
        return "" if statement.is_hidden else statement.value

    def get_reason(self, statement) -> str:
        return "" if statement.is_hidden else statement.reason

    def get_source(self, statement) -> StatementSourceSerializer:
        names = {"title": "source_title", "url": "source_url", "quote": "quote", "archive_url": "archive_url",
                 "archive_sha256": "archive_sha256"}  # fmt: skip
        return {name: "" if statement.is_hidden else getattr(statement, field) for name, field in names.items()}


class FactSerializer(serializers.Serializer):
    key = serializers.CharField(source="fact.key")
    title = serializers.CharField(source="fact.title")
    says = serializers.CharField(source="fact.says")
    digest = serializers.CharField(source="fact.digest")
    pointer = serializers.CharField(source="fact.pointer", help_text="Into the content of the current revision.")
    sources = serializers.ListField(source="fact.sources", child=serializers.CharField())
    state = serializers.ChoiceField([(state, state) for state in STATES])
    statements = StatementSerializer(source="said", many=True)


class FactsSerializer(serializers.Serializer):
    release = serializers.CharField()
    revision = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    facts = FactSerializer(many=True)
    no_longer_stated = StatementSerializer(many=True)
