"""Norms, clauses and declarations as JSON."""

import re

from rest_framework import serializers

from registry.core.api import StrictSerializer

from .models import Declaration, NormVersion, Wording


class ClauseInput(StrictSerializer):
    number = serializers.IntegerField(min_value=1, max_value=9999, required=False, help_text="Left out: a new clause.")
    heading = serializers.CharField(max_length=160)
    strength = serializers.ChoiceField(choices=Wording.Strength.choices)
    text = serializers.CharField(max_length=4000)
    rationale = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    how_checked = serializers.ChoiceField(choices=Wording.HowChecked.choices, required=False)
    applies_when = serializers.CharField(max_length=300, required=False, allow_blank=True)


class NormInput(StrictSerializer):
    title = serializers.CharField(max_length=200)
    summary = serializers.CharField(max_length=600, required=False, allow_blank=True, default="")
    purpose = serializers.CharField(max_length=20_000, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    clauses = ClauseInput(many=True, max_length=200)


class ClauseOfVersion(ClauseInput):
    """A clause of the next version: which one it is must be said, so that none is made anew by oversight."""

    clause = serializers.CharField(
        max_length=20, required=False, help_text="Such as N-7/3, as it is given back; “new” for a new one."
    )

    def validate(self, given):
        key, number = given.pop("clause", ""), given.get("number")
        if not key and number is None:
            said = "Say which clause this is: its key, such as N-7/3, or “new” for a new one."
            raise serializers.ValidationError({"clause": said}, code="required")
        if key and key != "new":
            found = re.fullmatch(r"(?:clause:)?N-([1-9][0-9]{0,8})/([1-9][0-9]{0,3})", key)
            if not found or number not in (None, int(found[2])):
                said = "This must be a key such as N-7/3, and fit the number if there is one; or “new”."
                raise serializers.ValidationError({"clause": said})
            given |= {"norm": f"N-{found[1]}", "number": int(found[2])}
        elif key and number is not None:
            raise serializers.ValidationError({"clause": "A new clause is given its number by the site."})
        return given


class VersionInput(StrictSerializer):
    norm = serializers.RegexField(r"^N-[1-9][0-9]{0,8}$", help_text="Such as N-7.")
    purpose = serializers.CharField(max_length=20_000, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    clauses = ClauseOfVersion(many=True, max_length=200)


class NormSerializer(serializers.Serializer):
    id = serializers.CharField(source="key", help_text="Such as N-7.")
    title = serializers.CharField()
    summary = serializers.CharField()
    version = serializers.IntegerField(source="current.number")
    status = serializers.ChoiceField(source="current.status", choices=NormVersion.Status.choices)
    url = serializers.CharField(source="get_absolute_url")


class WordingSerializer(serializers.Serializer):
    clause = serializers.CharField(source="clause.key", help_text="Such as N-7/3.")
    heading = serializers.CharField()
    strength = serializers.ChoiceField(choices=Wording.Strength.choices)
    text = serializers.CharField()
    html = serializers.CharField()
    rationale = serializers.CharField()
    how_checked = serializers.ChoiceField(choices=Wording.HowChecked.choices)
    applies_when = serializers.CharField()
    url = serializers.CharField(source="clause.get_absolute_url")


class VersionSerializer(serializers.Serializer):
    norm = serializers.CharField(source="norm.key")
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=NormVersion.Status.choices)
    purpose = serializers.CharField()
    note = serializers.CharField()
    digest = serializers.CharField()
    published_at = serializers.DateTimeField()
    clauses = WordingSerializer(source="wordings.all", many=True)
    url = serializers.CharField(source="get_absolute_url")


class EvidenceField(serializers.Serializer):
    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    url = serializers.CharField(max_length=500)


class DeclarationInput(StrictSerializer):
    release = serializers.RegexField(r"^(release:)?[a-z0-9-]+/[a-z0-9-]+$", help_text="LAB/SLUG, such as openai/gpt-2.")
    clause = serializers.RegexField(r"^(clause:)?N-[1-9][0-9]{0,8}/[1-9][0-9]{0,3}$", help_text="Such as N-7/3.")
    stance = serializers.ChoiceField(choices=Declaration.Stance.choices)
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    evidence = EvidenceField(many=True, required=False, default=list, max_length=20)


class DeclarationSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    release = serializers.CharField(source="entry.key")
    clause = serializers.CharField(source="clause.key")
    version = serializers.IntegerField(source="version.number", help_text="The norm's version that it speaks of.")
    as_of = serializers.IntegerField(help_text="The entry's revision that it speaks of; 0 for a draft.")
    stance = serializers.ChoiceField(choices=Declaration.Stance.choices)
    reason = serializers.CharField()
    evidence = EvidenceField(many=True)
    made_by = serializers.CharField(source="made_by.handle")
    made_at = serializers.DateTimeField()
    superseded_at = serializers.DateTimeField(allow_null=True)
