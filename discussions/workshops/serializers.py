"""Workshops and sessions as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer
from registry.core.days import OUTSIDE
from registry.core.time_zones import time_zones

from .models import Session


class WorkshopInput(StrictSerializer):
    slug = serializers.CharField(max_length=60)
    title = serializers.CharField(max_length=200)
    summary = serializers.CharField(max_length=600, required=False, allow_blank=True)
    colocated_with = serializers.CharField(max_length=200, required=False, allow_blank=True)
    venue = serializers.CharField(max_length=200, required=False, allow_blank=True)
    time_zone = serializers.ChoiceField(choices=time_zones(), required=False)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    pseudonyms = serializers.BooleanField(required=False, help_text="Whether people may discuss it under pseudonyms.")


class WorkshopSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    colocated_with = serializers.CharField()
    venue = serializers.CharField()
    time_zone = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    pseudonyms = serializers.BooleanField(source="subject.pseudonyms")
    chairs = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url")

    def get_chairs(self, workshop) -> list[str]:
        return [person.handle for person in workshop.chairs.all()]


class SessionInput(StrictSerializer):
    workshop = serializers.CharField(max_length=60, help_text="The workshop's short name.")
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=Session.Kind.choices, required=False)
    starts_at = serializers.DateTimeField(error_messages={"overflow": OUTSIDE})
    ends_at = serializers.DateTimeField(error_messages={"overflow": OUTSIDE})
    room = serializers.CharField(max_length=80, required=False, allow_blank=True)
    abstract = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    speakers = serializers.ListField(child=serializers.CharField(max_length=39), max_length=30, required=False)
    topics = serializers.ListField(child=serializers.CharField(max_length=200), max_length=20, required=False)


class SessionSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    workshop = serializers.CharField(source="workshop.slug")
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=Session.Kind.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    room = serializers.CharField()
    abstract = serializers.CharField()
    speakers = serializers.SerializerMethodField()
    topics = serializers.SerializerMethodField(help_text="References to what it discusses, such as norm:N-7.")
    subject = serializers.CharField(source="subject.ref", help_text="What its threads are about.")
    url = serializers.CharField(source="get_absolute_url")

    def get_speakers(self, session) -> list[str]:
        return [person.handle for person in session.speakers.all()]

    def get_topics(self, session) -> list[str]:
        return [subject.ref for subject in session.topics.all()]
