"""Promises as JSON."""

from rest_framework import serializers

from registry.releases import dates

from .models import Promise


class PromiseSerializer(serializers.ModelSerializer):
    release = serializers.CharField(source="entry.key")
    lab = serializers.CharField(source="lab.slug")
    overdue = serializers.SerializerMethodField(help_text="Open, and its day has passed.")
    stage = serializers.IntegerField(allow_null=True, help_text="The number of the stage, from 1.")
    kept_by = serializers.IntegerField(allow_null=True, help_text="The number of the stage that kept it.")
    days_late = serializers.IntegerField(
        allow_null=True, help_text="The fewest days by which it was late; null where the dates do not tell."
    )
    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = Promise
        fields = [
            "id", "release", "lab", "stage", "what", "announced", "due", "first_due", "condition", "state", "overdue",
            "kept_on", "kept_by", "days_late", "reason", "revision", "changed_at", "url",
        ]  # fmt: skip

    def get_overdue(self, promise) -> bool:
        return promise.state == "open" and promise.day < dates.latest_today()
