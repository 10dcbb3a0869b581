"""Runs and findings as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer

from . import catalogue
from .models import Run


class RunInputSerializer(serializers.Serializer):
    role = serializers.CharField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()


class SpanSerializer(serializers.Serializer):
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class FindingSerializer(serializers.Serializer):
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["info", "notice", "warning", "problem"])
    message = serializers.CharField()
    span = SpanSerializer(allow_null=True)


class RunListed(serializers.Serializer):
    """A run as lists show it; its result and findings are asked for by its id."""

    id = serializers.IntegerField(source="pk")
    release = serializers.CharField(source="entry.key")
    analysis = serializers.CharField()
    analysis_version = serializers.CharField()
    params = serializers.DictField()
    seed = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Run.Status.choices)
    progress = serializers.FloatField(help_text="From 0 to 1.")
    message = serializers.CharField()
    inputs = serializers.SerializerMethodField()
    attempts = serializers.IntegerField()
    error = serializers.CharField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)
    url = serializers.CharField(source="get_absolute_url")

    def get_inputs(self, run) -> RunInputSerializer(many=True):
        return RunInputSerializer(run.inputs.all(), many=True).data


class RunSerializer(RunListed):
    result = serializers.DictField(
        allow_null=True, help_text="Its keys depend on the analysis; null until it is done."
    )
    findings = FindingSerializer(many=True)


class RunQueued(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    status = serializers.ChoiceField(choices=Run.Status.choices)
    url = serializers.CharField(source="get_absolute_url")


class RunRequest(StrictSerializer):
    analysis = serializers.ChoiceField(choices=[(n, n) for n in catalogue.NAMES])
    inputs = serializers.DictField(child=serializers.IntegerField(min_value=1), help_text="Role → id of a file.")
    params = serializers.DictField(required=False, default=dict)
    seed = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**53 - 1)


class FindingOfRun(FindingSerializer):
    run = serializers.IntegerField()
    analysis = serializers.CharField()
