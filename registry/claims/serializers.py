"""Claims as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer

from .models import Claim


class ClaimInput(StrictSerializer):
    release = serializers.CharField(max_length=200, help_text="A curated entry, such as openai/gpt-2.")


class ClaimReasonInput(StrictSerializer):
    reason = serializers.CharField(max_length=2000, help_text="Readers see it.")


class ClaimDecisionInput(ClaimReasonInput):
    outcome = serializers.ChoiceField(["refused", "upheld"])


class ClaimSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    release = serializers.CharField(source="entry.key")
    lab = serializers.CharField(source="lab.slug")
    claimed_by = serializers.CharField(source="by.handle")
    domain = serializers.CharField(help_text="The domain that was proved when the claim was made.")
    revision = serializers.IntegerField(source="revision.number", help_text="The last one of third parties.")
    state = serializers.ChoiceField(Claim.State.choices)
    made_at = serializers.DateTimeField()
    disputed_by = serializers.CharField(source="disputed_by.handle", default=None, allow_null=True)
    dispute = serializers.CharField(allow_blank=True)
    decided_by = serializers.CharField(source="decided_by.handle", default=None, allow_null=True)
    decision = serializers.CharField(allow_blank=True)
    url = serializers.CharField(source="get_absolute_url")
