"""Summaries as JSON."""

from rest_framework import serializers

from discussions.threads.serializers import LARGEST
from registry.core.api import StrictSerializer
from registry.core.markdown import MAX_CHARACTERS

from .actions import MAX_POSITION
from .models import MOST_POSITIONS

NUMBER = 2**31 - 1


class SummaryInput(StrictSerializer):
    thread = serializers.IntegerField(min_value=1, max_value=LARGEST)
    first = serializers.IntegerField(min_value=1, max_value=NUMBER, help_text="Number of the first comment covered.")
    last = serializers.IntegerField(min_value=1, max_value=NUMBER, help_text="Number of the last comment covered.")
    body = serializers.CharField(max_length=MAX_CHARACTERS, trim_whitespace=False, help_text="Markdown.")
    positions = serializers.ListField(
        child=serializers.CharField(max_length=MAX_POSITION), max_length=MOST_POSITIONS, required=False
    )
    replaces = serializers.IntegerField(
        min_value=1, max_value=LARGEST, required=False, allow_null=True,
        help_text="The current summary; another than the current one is answered with 412.",
    )  # fmt: skip


class FairInput(StrictSerializer):
    position = serializers.IntegerField(min_value=1, max_value=MOST_POSITIONS)


class PositionSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    words = serializers.CharField()
    fair = serializers.IntegerField(help_text="How many who took part say that it is fairly put.")


class SummarySerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    thread = serializers.IntegerField(source="thread_id")
    first = serializers.IntegerField(source="first_number")
    last = serializers.IntegerField(source="last_number")
    body = serializers.CharField()
    html = serializers.CharField()
    positions = PositionSerializer(source="stated_positions", many=True)
    by = serializers.CharField(source="by.handle")
    disclosure = serializers.DictField(help_text="Name, affiliations, interests and ties when it was written.")
    written_at = serializers.DateTimeField()
