"""Votes as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer

from .models import Vote

SECTOR = "Such as academia; empty where it was not stated, other for classes put together."


class VoteInput(StrictSerializer):
    axis = serializers.ChoiceField(choices=Vote.Axis.choices)
    value = serializers.ChoiceField(choices=[1, -1], help_text="-1 only on the axis of agreement.")


class VoteSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    comment = serializers.IntegerField(source="comment_id")
    person = serializers.CharField(source="user.handle")
    name = serializers.CharField(source="disclosure.display_name", help_text="The person's name when it was cast.")
    axis = serializers.ChoiceField(choices=Vote.Axis.choices)
    value = serializers.IntegerField()
    organisation = serializers.CharField(source="disclosure.organisation", help_text="For which it counts, if any.")
    ties = serializers.ListField(
        child=serializers.DictField(), source="disclosure.ties", help_text="To the lab that is discussed, at that time."
    )
    for_earlier_text = serializers.BooleanField(source="is_for_earlier_text")
    cast_at = serializers.DateTimeField()


class OrganisationSides(serializers.Serializer):
    agree = serializers.IntegerField()
    disagree = serializers.IntegerField()
    divided = serializers.IntegerField(help_text="As many of its people agree as disagree.")


class HelpfulOfClass(serializers.Serializer):
    sector = serializers.CharField(help_text=SECTOR)
    helpful = serializers.IntegerField()


class AgreementOfClass(serializers.Serializer):
    sector = serializers.CharField(help_text=SECTOR)
    agree = serializers.IntegerField()
    disagree = serializers.IntegerField()


class Classes(serializers.Serializer):
    helpful = HelpfulOfClass(many=True)
    agreement = AgreementOfClass(many=True)


class OwnVotes(serializers.Serializer):
    helpful = serializers.IntegerField(allow_null=True)
    agreement = serializers.IntegerField(allow_null=True)


class VotesSerializer(serializers.Serializer):
    comment = serializers.IntegerField()
    helpful = serializers.IntegerField()
    agree = serializers.IntegerField()
    disagree = serializers.IntegerField()
    organisations = OrganisationSides(help_text="Each counts once, for the side of most of its people.")
    without_organisation = serializers.IntegerField(help_text="People who agree or disagree and name none.")
    classes = Classes(help_text="Of at least five people each; smaller ones are put together.")
    for_earlier_text = serializers.IntegerField(help_text="Votes cast before the comment's last edit.")
    own = OwnVotes(help_text="The votes of whoever asks.")
    url = serializers.CharField(help_text="The page with each vote; as JSON under /api/v1/votes?comment=ID.")
