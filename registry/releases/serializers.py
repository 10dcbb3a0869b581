"""Entries, revisions, stages and files as JSON. What a content may hold is said once, in `content.CONTENT`."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.core.api import StrictSerializer
from registry.core.files import FileKind, StoredFile

from .models import Entry
from .schema import COMPONENT, CONTENT, CORRECTION, EVENT, FORMER, LICENCE_CHANGE, SAMPLE_SET, STAGE, VARIANT
from .shape import Choice, Count, Listing, Number, Record, Text
from .vocabulary import (
    ArtefactKind,
    Audience,
    Basis,
    Component,
    Family,
    Gate,
    Level,
    Mode,
    StageStatus,
    SummaryWord,
)

NAMES = {
    id(COMPONENT): "ReleaseComponent",
    id(STAGE): "ReleaseStage",
    id(EVENT): "ReleaseEvent",
    id(VARIANT): "Variant",
    id(FORMER): "FormerName",
    id(CORRECTION): "ReleaseCorrection",
    id(LICENCE_CHANGE): "LicenceChange",
    id(SAMPLE_SET): "SampleSet",
}
ONE = {
    "concerns": "ReleaseConcern", "alternatives": "Alternative", "links": "ReleaseLink", "sources": "Source",
    "model_card": "ReleaseCard", "artefact": "Artefact",
    "raw_dump": "RawDump",
}  # fmt: skip
_made = {}


def field_of(shape, name, *, given, needed=True):
    """The serializer field of a shape; of what is given nothing is required, of what is shown what always stands."""
    needed = {"required": needed and not given}
    if isinstance(shape, Listing):
        if shape.item is VARIANT and given:
            return serializers.ListField(child=VariantOrName(), max_length=shape.limit, **needed)
        if isinstance(shape.item, Record):
            return record_of(shape.item, name, given=given)(many=True, max_length=shape.limit, **needed)
        return serializers.ListField(child=field_of(shape.item, name, given=False), max_length=shape.limit, **needed)
    if isinstance(shape, Record):
        return record_of(shape, name, given=given)(allow_null=shape.optional, **needed)
    if isinstance(shape, Choice):
        choices = [choice for choice in shape.choices.choices if choice[0]]
        return serializers.ChoiceField(choices, allow_blank=shape.blank, **needed)
    if isinstance(shape, Count):
        return serializers.IntegerField(min_value=0, max_value=shape.limit, **needed)
    if isinstance(shape, Number):
        kind = serializers.IntegerField if shape.whole else serializers.FloatField
        return kind(min_value=0, max_value=shape.limit, allow_null=True, **needed)
    assert isinstance(shape, Text)
    return serializers.CharField(max_length=shape.limit, allow_blank=True, **needed)


def record_of(record, name, *, given):
    """The serializer class of a record, made once so that the schema names it once."""
    title = NAMES.get(id(record)) or ONE.get(name, name.title())
    key = (title, given)
    if key not in _made:
        suffix = "Input" if given else ""
        fields = {name: field_of(shape, name, given=given) for name, shape in record.fields.items()}
        # What came later stands only where it says something.
        fields |= {name: field_of(shape, name, given=given, needed=False) for name, shape in record.later.items()}
        _made[key] = type(f"{title}{suffix}Serializer", (serializers.Serializer,), fields)
    return _made[key]


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "description": "The name alone.", "maxLength": 80},
            {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "maxLength": 80},
                    "aliases": {"type": "array", "items": {"type": "string", "maxLength": 80}, "maxItems": 20},
                    "note": {"type": "string", "maxLength": 2000},
                    "former": {
                        "type": "array",
                        "maxItems": 20,
                        "items": {
                            "type": "object",
                            "properties": {
                                "name": {"type": "string", "maxLength": 80},
                                "until": {"type": "string", "maxLength": 40},
                            },
                            "required": ["name"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["name"],
                "additionalProperties": False,
            },
        ]
    }
)
class VariantOrName(serializers.JSONField):
    """A variant, or its name alone."""


def content_fields(*, given, but=()):
    fields = {name: field_of(shape, name, given=given) for name, shape in CONTENT.fields.items() if name not in but}
    return fields | {name: field_of(shape, name, given=given, needed=False) for name, shape in CONTENT.later.items()}


class _Given(StrictSerializer):
    """Describes a body of content fields; `content.validate` judges them, by JSON pointer."""


DraftInput = type("DraftInput", (_Given,), content_fields(given=True, but={"schema", "model_card"}))


class EntryInput(DraftInput):
    lab = serializers.CharField(max_length=60, help_text="The lab's short name.")
    slug = serializers.CharField(max_length=60)
    origin = serializers.ChoiceField(
        Entry.Origin.choices, required=False, help_text="third_party for an entry about a lab that is not one's own."
    )


class LevelsField(serializers.DictField):
    child = serializers.ChoiceField(["open", "restricted", "closed", "mixed"])


class EntryRow(serializers.Serializer):
    """An entry in a list; its page and its own address have the rest."""

    lab = serializers.CharField(source="lab.slug")
    slug = serializers.CharField()
    subject = serializers.CharField(source="subject.ref")
    state = serializers.SerializerMethodField()
    origin = serializers.ChoiceField(Entry.Origin.choices)
    title = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(ArtefactKind.choices, allow_blank=True)
    word = serializers.ChoiceField(SummaryWord.choices, allow_blank=True)
    sentence = serializers.CharField(allow_blank=True)
    levels = serializers.SerializerMethodField()
    decided_on = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField(source="current.number", allow_null=True, default=None)
    comments = serializers.IntegerField(source="subject.comment_count")
    open_concerns = serializers.IntegerField(source="subject.open_concerns")
    disputed = serializers.IntegerField(help_text="How many of its facts are disputed.")
    claimed_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when the lab writes what third parties had curated."
    )
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    url = serializers.CharField(source="get_absolute_url")

    @extend_schema_field(serializers.ChoiceField(["draft", "published", "withdrawn"]))
    def get_state(self, entry):
        return entry.state

    def get_title(self, entry) -> str:
        return str(entry)

    @extend_schema_field(LevelsField(help_text=f"By family: {', '.join(Family.values)}."))
    def get_levels(self, entry):
        return entry.levels


class _EntryFacts(EntryRow):
    """What an entry says besides its content."""

    because = serializers.ListField(child=serializers.CharField(), help_text="Why the word is what it is.")
    digest = serializers.CharField(allow_null=True, help_text="Of the revision shown; null for a draft.")
    revised_at = serializers.DateTimeField(allow_null=True)
    draft_version = serializers.IntegerField(
        allow_null=True, help_text="Shown to those who may edit; ETag has it too."
    )
    showing = serializers.ChoiceField(["draft", "revision"], help_text="Which content stands in this document.")
    feed = serializers.CharField()


EntrySerializer = type("EntrySerializer", (_EntryFacts,), content_fields(given=False))


class PublicationInput(StrictSerializer):
    justification = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, help_text="Required from the second revision on."
    )


class CardInput(StrictSerializer):
    file = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        allow_null=True,
        help_text="The id of a file of kind model_card; null takes it off.",
    )


class StatedAffiliationSerializer(serializers.Serializer):
    kind = serializers.CharField()
    organisation = serializers.CharField()
    role = serializers.CharField()
    sector = serializers.CharField(default="")
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)


class DisclosureSerializer(serializers.Serializer):
    """Who the author was when it was written."""

    display_name = serializers.CharField()
    handle = serializers.CharField()
    orcid = serializers.CharField()
    affiliations = StatedAffiliationSerializer(many=True)


class ApproverSerializer(serializers.Serializer):
    """Somebody who approved exactly this before it was published."""

    handle = serializers.CharField()
    display_name = serializers.CharField()
    at = serializers.DateTimeField()


class RevisionRow(serializers.Serializer):
    release = serializers.CharField(source="entry.key")
    number = serializers.IntegerField()
    digest = serializers.CharField()
    justification = serializers.CharField(allow_blank=True)
    changed = serializers.ListField(child=serializers.CharField())
    author = serializers.CharField(source="author.handle")
    origin = serializers.ChoiceField(Entry.Origin.choices, help_text="Who spoke in it.")
    approvers = ApproverSerializer(many=True)
    disclosure = DisclosureSerializer()
    published_at = serializers.DateTimeField()
    url = serializers.CharField(source="get_absolute_url")


# The content that the digest is computed over, as canonical JSON.
ContentSerializer = type("ContentSerializer", (serializers.Serializer,), content_fields(given=False))


class RevisionSerializer(RevisionRow):
    content = ContentSerializer()


class NumberedStageSerializer(record_of(STAGE, "stages", given=False)):
    release = serializers.CharField()
    number = serializers.IntegerField()
    revision = serializers.IntegerField()
    url = serializers.CharField()


class CellSerializer(serializers.Serializer):
    """One assertion of the ledger; what has no cell is not stated, and never counts as closed."""

    component = serializers.ChoiceField(Component.choices)
    variant = serializers.CharField(allow_blank=True)
    audience = serializers.ChoiceField(Audience.choices, allow_blank=True)
    mode = serializers.ChoiceField(Mode.choices, allow_blank=True)
    gate = serializers.ChoiceField(Gate.choices, allow_blank=True)
    licence = serializers.CharField(allow_blank=True)
    terms_url = serializers.CharField(allow_blank=True)
    terms_sha256 = serializers.CharField(allow_blank=True)
    restrictions = serializers.CharField(allow_blank=True)
    level = serializers.ChoiceField(Level.choices)
    basis = serializers.ChoiceField(Basis.choices)
    status = serializers.ChoiceField(StageStatus.choices)
    since = serializers.CharField(allow_blank=True)
    until = serializers.CharField(allow_blank=True)
    stage = serializers.IntegerField(help_text="The number of the stage that says it, from 1.")
    ended_by = serializers.IntegerField(allow_null=True, help_text="The number of the stage that ended it.")
    reason = serializers.CharField(allow_blank=True)
    sources = serializers.ListField(child=serializers.CharField())


class LedgerSerializer(serializers.Serializer):
    release = serializers.CharField()
    revision = serializers.IntegerField(allow_null=True)
    on = serializers.CharField(allow_blank=True)
    word = serializers.ChoiceField(SummaryWord.choices)
    because = serializers.ListField(child=serializers.CharField())
    cells = CellSerializer(many=True)


class FileInput(StrictSerializer):
    file = serializers.FileField(allow_empty_file=True)
    kind = serializers.ChoiceField(FileKind.choices)


class FileSerializer(serializers.ModelSerializer):
    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = StoredFile
        fields = ["id", "kind", "name", "sha256", "size", "public", "created_at", "url"]


def cell_document(cell):
    """A cell of the ledger with stages counted from 1, as pages do."""
    ended_by = cell.ended_by + 1 if cell.ended_by is not None else None
    return cell._asdict() | {"level": str(cell.level), "stage": cell.stage + 1, "ended_by": ended_by}


def entry_document(entry, content, *, revision, because, draft_version):
    """The whole entry as one document."""
    shown = EntryRow(entry).data
    return shown | content | {
        "title": content["title"], "because": because, "digest": revision.digest if revision else None,
        "revised_at": revision.published_at if revision else None, "draft_version": draft_version,
        "showing": "revision" if revision else "draft", "feed": f"{entry.get_absolute_url()}feed/",
    }  # fmt: skip


def stages_of(revision):
    """The stages of an entry's current revision, numbered."""
    entry = revision.entry
    return [
        stage | {
            "release": entry.key, "number": number, "revision": revision.number,
            "url": f"{entry.get_absolute_url()}#stage-{number}",
        }
        for number, stage in enumerate(revision.content["stages"], 1)
    ]  # fmt: skip
