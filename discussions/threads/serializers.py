"""Discussions as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer
from registry.core.markdown import MAX_CHARACTERS
from registry.labs.models import SLUG

from .models import MAX_RETRACTION
from .passages import MOST as MAX_PASSAGE
from .validators import MAX_TITLE

LARGEST = 2**63 - 1
PASSAGE = "Words of the subject's current text that the comment speaks of; they must stand there."
OFFICIAL = "Short name of the lab for which this is an official response; only those who speak for it may set it."


class OfficialField(serializers.RegexField):
    def __init__(self, **options):
        super().__init__(f"^{SLUG}$", max_length=60, required=False, allow_null=True, help_text=OFFICIAL, **options)


class PassageInput(serializers.CharField):
    def __init__(self, **options):
        super().__init__(required=False, allow_blank=True, max_length=MAX_PASSAGE, help_text=PASSAGE, **options)


class PseudonymField(serializers.CharField):
    def __init__(self, **options):
        said = "One of your own pseudonyms to write under, where they are allowed."
        super().__init__(max_length=39, required=False, allow_null=True, help_text=said, **options)


class ThreadInput(StrictSerializer):
    subject = serializers.CharField(max_length=200, help_text="What it is about, such as release:openai/gpt-2.")
    title = serializers.CharField(max_length=MAX_TITLE)
    body = serializers.CharField(
        max_length=MAX_CHARACTERS, trim_whitespace=False, help_text="The first comment, in Markdown."
    )
    official_for = OfficialField()
    passage = PassageInput()
    pseudonym = PseudonymField()


class CommentInput(StrictSerializer):
    thread = serializers.IntegerField(min_value=1, max_value=LARGEST)
    parent = serializers.IntegerField(
        min_value=1, max_value=LARGEST, required=False, allow_null=True, help_text="The comment that is answered."
    )
    body = serializers.CharField(max_length=MAX_CHARACTERS, trim_whitespace=False, help_text="Markdown.")
    official_for = OfficialField()
    passage = PassageInput()
    pseudonym = PseudonymField()


class EditInput(StrictSerializer):
    body = serializers.CharField(max_length=MAX_CHARACTERS, trim_whitespace=False, help_text="Markdown.")


class RetractionInput(StrictSerializer):
    reason = serializers.CharField(max_length=MAX_RETRACTION, help_text="One sentence; it stands beside the comment.")


class PassageSerializer(serializers.Serializer):
    exact = serializers.CharField(source="passage")
    state = serializers.CharField(help_text="Of the subject's text of now: same, reworded or gone.")
    url = serializers.CharField(source="path", help_text="The text that holds it, of now or of when it was quoted.")


class ThreadSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    subject = serializers.CharField(source="about.ref", help_text="Such as release:openai/gpt-2.")
    title = serializers.CharField()
    started_by = serializers.CharField(source="started_by.handle")
    started_at = serializers.DateTimeField()
    last_comment_at = serializers.DateTimeField()
    comment_count = serializers.IntegerField()
    locked = serializers.BooleanField(source="is_closed")
    url = serializers.CharField(source="get_absolute_url")


class OrganisationTally(serializers.Serializer):
    agree = serializers.IntegerField(source="agree_organisations")
    disagree = serializers.IntegerField(source="disagree_organisations")


class TallySerializer(serializers.Serializer):
    helpful = serializers.IntegerField()
    agree = serializers.IntegerField()
    disagree = serializers.IntegerField()
    organisations = OrganisationTally(source="*", help_text="Each counts once, for the side of most of its people.")


class CommentSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    thread = serializers.IntegerField(source="thread_id")
    parent = serializers.IntegerField(source="parent_id", allow_null=True)
    number = serializers.IntegerField(help_text="Its place in the thread by time, from 1.")
    depth = serializers.IntegerField(help_text="1 for a comment that answers none.")
    body = serializers.CharField(help_text="Markdown, as written.")
    html = serializers.CharField(help_text="The same, rendered and sanitised.")
    author = serializers.CharField(source="author.handle")
    disclosure = serializers.DictField(help_text="Name, affiliations, interests and ties when this was written.")
    official_for = serializers.CharField(source="official_for.slug", default=None, allow_null=True)
    as_of = serializers.CharField(help_text="What of the subject was current, such as revision 4.")
    tally = TallySerializer(source="*", help_text="Votes; by class under comments/ID/votes.")
    created_at = serializers.DateTimeField()
    passage = PassageSerializer(allow_null=True, help_text="What of the subject's text it speaks of.")
    edited_at = serializers.DateTimeField(
        allow_null=True, help_text="Null where all edits came within minutes, before anybody had answered."
    )
    edits = serializers.IntegerField(help_text="How often it was edited; the earlier texts are on its history page.")
    retracted_at = serializers.DateTimeField(allow_null=True, help_text="When its author took it back.")
    retraction = serializers.CharField(help_text="Why its author took it back; empty where it stands.")
    url = serializers.CharField(source="get_absolute_url")
