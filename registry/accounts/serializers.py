"""People as JSON; the e-mail address is never part of it."""

from rest_framework import serializers


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
