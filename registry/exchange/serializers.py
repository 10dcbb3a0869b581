"""Imports and exports as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer

from .formats import FORMATS
from .proposal import MOST_BYTES
from .reading.apart import FORMATS as READ
from .said import ABSENT, EXTENSION, LOOSE, MEANING, OWN

EXPORTED = [(made.name, made.label) for made in FORMATS.values()]
READABLE = list(READ.items())


class ImportInput(StrictSerializer):
    """A file and what to do with it; without `take` nothing is changed."""

    file = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, help_text="The id of a file of yours; or give `text`."
    )
    text = serializers.CharField(
        max_length=MOST_BYTES, required=False, trim_whitespace=False, help_text="The text itself, instead of `file`."
    )
    format = serializers.ChoiceField(
        READABLE, required=False, help_text="Found out from the text where it is not given."
    )
    release = serializers.CharField(
        max_length=130, required=False, help_text="LAB/SLUG of the draft to fill; it is begun where there is none."
    )
    take = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=50, required=False,
        help_text="Names of the fields to take over. Texts replace those of the draft, lists get what is new.",
    )  # fmt: skip
    attach = serializers.BooleanField(
        required=False, default=False, help_text="Put the file, a model card, on the draft as well."
    )


class UnderstoodSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="What `take` calls it.")
    label = serializers.CharField()
    value = serializers.JSONField(help_text="As the draft would hold it.")
    where = serializers.CharField(allow_blank=True, help_text="A line, or a JSON pointer.")
    says = serializers.CharField(allow_blank=True, help_text="The words of the file.")
    now = serializers.ListField(child=serializers.CharField(), help_text="What the draft says now.")
    suggested = serializers.BooleanField(help_text="Whether the draft says nothing there yet.")


class MissedSerializer(serializers.Serializer):
    what = serializers.CharField()
    where = serializers.CharField(allow_blank=True)
    why = serializers.CharField()
    says = serializers.CharField(allow_blank=True)


class ImportSerializer(serializers.Serializer):
    format = serializers.ChoiceField(READABLE)
    understood = UnderstoodSerializer(many=True)
    not_understood = MissedSerializer(many=True)
    taken = serializers.ListField(child=serializers.CharField())
    release = serializers.CharField(allow_null=True, help_text="The draft that was filled.")
    draft_version = serializers.IntegerField(allow_null=True)


class LossSerializer(serializers.Serializer):
    pointer = serializers.CharField(help_text="Where in the content it stands.")
    how = serializers.ChoiceField([(how, MEANING[how]) for how in (EXTENSION, LOOSE, ABSENT)])
    text = serializers.CharField()


class CountsSerializer(serializers.Serializer):
    own = serializers.IntegerField(help_text=MEANING[OWN])
    extension = serializers.IntegerField(help_text=MEANING[EXTENSION])
    loose = serializers.IntegerField(help_text=MEANING[LOOSE])
    absent = serializers.IntegerField(help_text=MEANING[ABSENT])


class ExportRow(serializers.Serializer):
    format = serializers.ChoiceField(EXPORTED)
    label = serializers.CharField()
    media_type = serializers.CharField()
    filename = serializers.CharField()
    url = serializers.CharField(help_text="Where the file is.")
    report = serializers.CharField(help_text="What it cannot say, for people.")
    stated = serializers.IntegerField(help_text="How many values the revision states.")
    counts = CountsSerializer()


class ExportSerializer(ExportRow):
    losses = LossSerializer(many=True)


class ExportList(serializers.Serializer):
    results = ExportRow(many=True)
