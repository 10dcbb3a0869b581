"""Reports and verdicts as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer
from registry.releases.vocabulary import Component

from .models import CHOICES, Kind, Replication, Verdict
from .validators import LENGTHS

KINDS = [(kind.value, kind.label) for kind in Kind]


def text(name, help_text="", **more):
    more = {"required": False, "allow_blank": True, **more}
    return serializers.CharField(max_length=LENGTHS[name], trim_whitespace=False, help_text=help_text, **more)


class SourceInput(StrictSerializer):
    source_title = text("source_title", "What the source is called.")
    source_url = text("source_url", "Its address.")
    source_quote = text("source_quote", "The sentence of the source that says it.")


class ReplicationInput(SourceInput):
    release = serializers.CharField(max_length=130, help_text="The entry, such as openai/gpt-2.")
    kind = serializers.ChoiceField(choices=KINDS)
    component = serializers.ChoiceField(choices=CHOICES)
    variant = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="A variant of the entry by name or alias."
    )
    date = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="2019-08-22, 2019-08, 2019, or empty where unknown."
    )
    who = text("who", "Who did it, as the source names them.")
    fidelity = text("fidelity", "How close it comes: the metric, both figures.")
    cost_amount = serializers.DecimalField(
        max_digits=16, decimal_places=2, min_value=0, required=False, allow_null=True, help_text="The cost claimed."
    )
    cost_currency = serializers.CharField(
        max_length=3, required=False, allow_blank=True, help_text="Its currency, by the three letters of ISO 4217."
    )
    cost_text = text("cost_text", "The cost in words.")
    availability = text("availability", "Whether others can get it, and on what terms.")


class VerdictInput(SourceInput):
    stance = serializers.ChoiceField(choices=Verdict.Stance.choices)
    reason = text("reason", "What was checked, or what is wrong with it.", required=True, allow_blank=False)


class WithdrawalInput(StrictSerializer):
    reason = text("withdrawal", "Why it is withdrawn.", required=True, allow_blank=False)


class ReplicationSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    release = serializers.CharField(source="entry.key")
    as_of = serializers.IntegerField(help_text="The entry's revision when it was reported.")
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    component = serializers.ChoiceField(choices=[(c.value, c.label) for c in Component])
    variant = serializers.CharField()
    date = serializers.CharField(help_text="As long as it is known; empty where it is unknown.")
    who = serializers.CharField()
    fidelity = serializers.CharField()
    cost_amount = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    cost_currency = serializers.CharField()
    cost_text = serializers.CharField()
    availability = serializers.CharField()
    source_title = serializers.CharField()
    source_url = serializers.CharField()
    source_quote = serializers.CharField()
    state = serializers.ChoiceField(choices=Replication.State.choices)
    confirmations = serializers.IntegerField(help_text="Standing ones by independent people.")
    disputes = serializers.IntegerField(help_text="Standing ones.")
    counts = serializers.BooleanField(help_text="Whether the decision clock takes it into account.")
    reporter = serializers.CharField(source="reporter.handle")
    disclosure = serializers.DictField(help_text="Name, affiliations, interests and ties when it was reported.")
    reported_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawal = serializers.CharField(help_text="Why it was withdrawn.")
    url = serializers.CharField(source="get_absolute_url")


class VerdictSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    replication = serializers.IntegerField(source="replication_id")
    stance = serializers.ChoiceField(choices=Verdict.Stance.choices)
    reason = serializers.CharField()
    source_title = serializers.CharField()
    source_url = serializers.CharField()
    source_quote = serializers.CharField()
    person = serializers.CharField(source="user.handle")
    disclosure = serializers.DictField(help_text="Name, affiliations, interests and ties when it was given.")
    set_aside = serializers.CharField(help_text="Why a confirmation does not count; empty where it does.")
    given_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
