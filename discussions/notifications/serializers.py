"""Subscriptions and notices as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer

from .models import MOST_WORDS, Cadence, Notice, Subscription

CADENCE = "How soon mail comes; `usual` is what is set for everything, `inbox` no mail, `none` muted."


class SubscriptionInput(StrictSerializer):
    subject = serializers.CharField(
        max_length=200, required=False, help_text="What to follow, such as release:openai/gpt-2, person:ada, thread:12."
    )
    words = serializers.CharField(
        max_length=MOST_WORDS, required=False, help_text="Words to look for, as in the search; instead of a subject."
    )
    cadence = serializers.ChoiceField(choices=Cadence.choices, required=False, help_text=CADENCE)


class CadenceInput(StrictSerializer):
    cadence = serializers.ChoiceField(choices=Cadence.choices, help_text=CADENCE)


class SubscriptionSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    subject = serializers.CharField(source="subject.ref", default=None, allow_null=True)
    words = serializers.CharField(help_text="What is looked for, where it is a search that is followed.")
    cadence = serializers.ChoiceField(choices=Cadence.choices, help_text=CADENCE)
    made_by = serializers.ChoiceField(choices=Subscription.MadeBy.choices)
    created_at = serializers.DateTimeField()


class ReadingInput(StrictSerializer):
    notices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=200, required=False
    )
    up_to = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, help_text="All notices up to this one, instead of a list."
    )


class ReadingSerializer(serializers.Serializer):
    marked = serializers.IntegerField(help_text="How many were unread before.")


class NoticeSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    verb = serializers.CharField(source="event.verb", help_text="Such as comment.posted.")
    about = serializers.CharField(source="about.ref", help_text="What it stands under, such as thread:12.")
    title = serializers.CharField(source="about.title")
    comment = serializers.IntegerField(source="comment_id", allow_null=True)
    reason = serializers.ChoiceField(choices=Notice.Reason.choices)
    because = serializers.CharField(source="words", help_text="The reason in words.")
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()

    def get_url(self, notice) -> str:
        return notice.comment.get_absolute_url() if notice.comment else notice.about.path
