"""Events as JSON."""

from rest_framework import serializers


class EventSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    verb = serializers.CharField()
    subject = serializers.CharField(source="subject.ref", help_text="Such as release:openai/gpt-2.")
    title = serializers.CharField(source="subject.title")
    url = serializers.CharField(source="subject.path")
    actor = serializers.SerializerMethodField()
    data = serializers.DictField(help_text="What the act said; its keys depend on the verb.")
    at = serializers.DateTimeField()

    def get_actor(self, event) -> str | None:
        return event.actor.handle if event.actor else None
