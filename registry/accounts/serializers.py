"""People as JSON; the e-mail address is never part of it."""

from rest_framework import serializers

from registry.core.api import StrictSerializer


class AffiliationSerializer(serializers.Serializer):
    kind = serializers.CharField()
    organisation = serializers.CharField()
    role = serializers.CharField()
    sector = serializers.CharField(help_text="Such as academia or press; empty where it was not stated.")
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)


class PersonSerializer(serializers.Serializer):
    handle = serializers.CharField()
    display_name = serializers.CharField()
    about = serializers.CharField()
    orcid = serializers.CharField()
    affiliations = AffiliationSerializer(many=True)
    joined = serializers.DateTimeField(source="date_joined")
    url = serializers.CharField(source="get_absolute_url")


class PseudonymInput(StrictSerializer):
    handle = serializers.CharField(max_length=39, help_text="3 to 39 small letters, digits and hyphens.")


class PseudonymSerializer(serializers.Serializer):
    """Names the persona and nothing of whoever bears it."""

    handle = serializers.CharField(source="persona.handle")
    display_name = serializers.CharField(source="persona.display_name")
    made_at = serializers.DateTimeField()
    url = serializers.CharField(source="persona.get_absolute_url")
