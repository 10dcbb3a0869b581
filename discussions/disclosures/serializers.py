"""Disclosures as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer

from .validators import MOST


class CorrectionInput(StrictSerializer):
    text = serializers.CharField(max_length=MOST, help_text="What was wrong or missing, in plain text.")


class CorrectionSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    text = serializers.CharField()
    at = serializers.DateTimeField()


class CommentDisclosureSerializer(serializers.Serializer):
    comment = serializers.IntegerField(source="pk")
    disclosure = serializers.DictField(help_text="Name, affiliations, interests and ties when the comment was written.")
    corrections = CorrectionSerializer(many=True, source="disclosure_corrections.all", help_text="The oldest first.")
