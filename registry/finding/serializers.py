"""What the API says of comparisons and precedents."""

from rest_framework import serializers


class ComparedSerializer(serializers.Serializer):
    release = serializers.CharField(help_text="lab/slug")
    title = serializers.CharField()
    url = serializers.CharField()


class RowSerializer(serializers.Serializer):
    what = serializers.CharField()
    cells = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="For each release, in their order, the lines that say how it stands there.",
    )
    none = serializers.CharField(help_text="What it means where there are no lines.")
    differs = serializers.BooleanField()


class ComparisonSerializer(serializers.Serializer):
    releases = ComparedSerializer(many=True)
    rows = RowSerializer(many=True)


class PrecedentSerializer(serializers.Serializer):
    release = serializers.CharField(help_text="lab/slug", source="entry.key")
    title = serializers.CharField(source="entry.title")
    url = serializers.CharField(source="entry.get_absolute_url")
    likeness = serializers.FloatField(help_text="Jaccard's coefficient of what holds today, 0 to 1.")
    why = serializers.ListField(child=serializers.CharField())
    next = serializers.ListField(child=serializers.CharField())


class PrecedentsSerializer(serializers.Serializer):
    results = PrecedentSerializer(many=True)
