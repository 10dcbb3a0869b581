"""Disclosures as JSON."""

from rest_framework import serializers

from registry.accounts.models import HANDLE
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


class AuthorshipInput(StrictSerializer):
    subject = serializers.CharField(max_length=200, help_text="The entry, such as release:openai/gpt-2.")
    person = serializers.RegexField(
        f"^{HANDLE}$", max_length=39, required=False, help_text="Whom those who edit the entry name; else oneself."
    )


class ClosingInput(StrictSerializer):
    words = serializers.CharField(max_length=MOST, help_text="What is wrong, or why it is taken back.")


class AuthorshipSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    subject = serializers.CharField(source="subject.ref")
    person = serializers.CharField(source="user.handle")
    by = serializers.CharField(source="by.handle", help_text="Who stated it: the person, or somebody of the lab.")
    at = serializers.DateTimeField()
    closed_by = serializers.CharField(source="closed_by.handle", default=None, allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True, help_text="When it was taken back or called wrong.")
    words = serializers.CharField(help_text="What whoever closed it said.")
    holds = serializers.BooleanField(help_text="Whether it counts as a tie.")
