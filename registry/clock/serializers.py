"""Curves, observations and the times of an entry as JSON."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .models import Curve, Withholding
from .wording import finding


class FigureSerializer(serializers.Serializer):
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class PointSerializer(serializers.Serializer):
    days = serializers.IntegerField()
    at_risk = serializers.IntegerField(help_text="Observations that had lasted so long.")
    events = serializers.IntegerField(help_text="Those of them that ended on this day.")
    censored = serializers.IntegerField(help_text="Those that were observed no longer than this.")
    share = serializers.SerializerMethodField(help_text="The share still withheld, with its 95% band.")

    @extend_schema_field(FigureSerializer)
    def get_share(self, point):
        return {"value": point["share"], "low": point["low"], "high": point["high"]}


class CurveSerializer(serializers.ModelSerializer):
    finding = serializers.SerializerMethodField(help_text="The result as a sentence.")
    censored = serializers.IntegerField(help_text="Observations that did not end by the event.")
    median = serializers.SerializerMethodField(help_text="Days until half had ended, with its 95% interval.")
    kind = serializers.CharField(help_text="The kind of artefact; empty for all.")
    year = serializers.IntegerField(help_text="The year in which the withholding began; 0 for all.")
    inputs = serializers.CharField(help_text="Digest of the observations, see docs/clock.md.")
    points = PointSerializer(many=True)

    class Meta:
        model = Curve
        fields = [
            "measure", "mode", "kind", "year", "finding", "observations", "entries", "events", "censored", "left_out",
            "imprecise", "median", "median_shortest", "median_longest", "points", "inputs", "computed_at",
        ]  # fmt: skip

    def get_finding(self, curve) -> str:
        return finding(curve)

    @extend_schema_field(FigureSerializer)
    def get_median(self, curve):
        return {"value": curve.median, "low": curve.median_low, "high": curve.median_high}


class DaysSerializer(serializers.Serializer):
    low = serializers.IntegerField(help_text="The fewest that the dates allow.")
    high = serializers.IntegerField(help_text="The most.")


class WithholdingSerializer(serializers.ModelSerializer):
    release = serializers.CharField(source="entry.key")
    variants = serializers.ListField(child=serializers.CharField())
    days = serializers.IntegerField(help_text="Until it ended or until today: the middle of what its dates allow.")
    until_replication = serializers.SerializerMethodField(help_text="In days; null where nobody replicated it.")
    url = serializers.CharField(source="address")

    class Meta:
        model = Withholding
        fields = [
            "id", "release", "component", "variants", "mode", "kind", "year", "since", "until", "lasting", "released",
            "days", "days_low", "days_high", "replicated", "until_replication", "url",
        ]  # fmt: skip

    @extend_schema_field(DaysSerializer(allow_null=True))
    def get_until_replication(self, row):
        return {"low": row.reached_low, "high": row.reached_high} if row.replicated else None


class HappeningSerializer(serializers.Serializer):
    what = serializers.ChoiceField(choices=[("replication",) * 2, ("leak",) * 2, ("check",) * 2])
    words = serializers.CharField()
    date = serializers.CharField()
    days = serializers.SerializerMethodField(help_text="Since the withholding began.")
    state = serializers.CharField(help_text="That of the report; empty for what the entry itself records.")
    counts = serializers.BooleanField()
    path = serializers.CharField()

    @extend_schema_field(DaysSerializer(allow_null=True))
    def get_days(self, one):
        return dict(zip(("low", "high"), one.days, strict=True)) if one.days else None


class TimeSerializer(serializers.Serializer):
    """One time of withholding, of all variants of a component with the same dates."""

    component = serializers.CharField()
    variants = serializers.ListField(child=serializers.CharField())
    level = serializers.ChoiceField(choices=[("closed", "Closed"), ("restricted", "Restricted")])
    since = serializers.CharField()
    until = serializers.CharField()
    days = serializers.SerializerMethodField(help_text="How long it lasted, or has lasted up to today.")
    ended_by = serializers.CharField(allow_null=True, help_text="The level that followed; null while it lasts.")
    again = serializers.BooleanField(help_text="Whether it had been out before.")
    happenings = HappeningSerializer(many=True)

    @extend_schema_field(DaysSerializer(allow_null=True))
    def get_days(self, time):
        return dict(zip(("low", "high"), time.days, strict=True)) if time.days else None


class EntryClockSerializer(serializers.Serializer):
    release = serializers.CharField()
    revision = serializers.IntegerField()
    times = TimeSerializer(many=True)
