"""Samples as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer

from .models import SampleFile


class SampleFileSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="file.name")
    size = serializers.IntegerField(source="file.size")
    published = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url")
    download = serializers.CharField(source="file.get_absolute_url")

    class Meta:
        model = SampleFile
        fields = ["sha256", "name", "size", "lines", "published", "attached_at", "url", "download"]

    def get_published(self, kept) -> bool:
        return kept.published_at is not None


class SampleFilesSerializer(serializers.Serializer):
    results = SampleFileSerializer(many=True)


class SamplesInput(StrictSerializer):
    file = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, help_text="The id of a file of kind samples."
    )  # fmt: skip


class SampleSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="The line of the file.")
    id = serializers.CharField(allow_blank=True)
    prompt = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    words = serializers.IntegerField()
    cut = serializers.BooleanField(help_text="There is more of it in the file.")
    problem = serializers.CharField(allow_blank=True, help_text="Why the line has no text.")


class SamplePageSerializer(serializers.Serializer):
    lines = serializers.IntegerField()
    first = serializers.IntegerField()
    searched = serializers.IntegerField(help_text="The last line that was looked at.")
    next = serializers.IntegerField(allow_null=True, help_text="Go on with ?from= this line; null at the end.")
    content_warning = serializers.CharField(allow_blank=True)
    results = SampleSerializer(many=True)
