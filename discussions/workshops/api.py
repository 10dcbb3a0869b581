"""Workshops and sessions over the API."""

from django import forms
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from registry.accounts.models import User
from registry.core.api import ApiViewSet
from registry.core.errors import Invalid

from . import actions
from .forms import find_topics
from .models import Session, Workshop
from .serializers import SessionInput, SessionSerializer, WorkshopInput, WorkshopSerializer


class WorkshopViewSet(ApiViewSet):
    queryset = Workshop.objects.none()
    serializer_class = WorkshopSerializer
    lookup_field = "slug"
    lookup_value_regex = "[a-z0-9-]+"

    def workshops(self):
        return Workshop.objects.visible_to(self.request.user).select_related("subject").prefetch_related("chairs")

    @extend_schema(summary="Workshops")
    def list(self, request):
        return self.listed(self.workshops(), WorkshopSerializer)

    @extend_schema(summary="One workshop")
    def retrieve(self, request, slug):
        return Response(WorkshopSerializer(get_object_or_404(self.workshops(), slug=slug)).data)

    @extend_schema(summary="Open a workshop", request=WorkshopInput, responses={201: WorkshopSerializer})
    def create(self, request):
        workshop = actions.open_workshop(**self.read(WorkshopInput), by=request.user)
        headers = {"Location": f"{request.path}/{workshop.slug}"}
        return Response(WorkshopSerializer(workshop).data, status=201, headers=headers)


class SessionViewSet(ApiViewSet):
    queryset = Session.objects.none()
    serializer_class = SessionSerializer
    lookup_value_regex = "[0-9]+"
    filters = {"workshop": "workshop__slug", "topic": "topics__ref"}

    def sessions(self):
        rows = Session.objects.visible_to(self.request.user).select_related("workshop", "subject")
        return rows.prefetch_related("speakers", "topics")

    @extend_schema(
        summary="Sessions",
        parameters=[
            OpenApiParameter("workshop", str, description="A workshop's short name."),
            OpenApiParameter("topic", str, description="What is discussed, such as norm:N-7."),
        ],
    )
    def list(self, request):
        return self.listed(self.sessions(), SessionSerializer)

    @extend_schema(summary="One session")
    def retrieve(self, request, pk: int):
        return Response(SessionSerializer(get_object_or_404(self.sessions(), pk=self.number(pk))).data)

    @extend_schema(summary="Put a session on the programme", request=SessionInput, responses={201: SessionSerializer})
    def create(self, request):
        given = self.read(SessionInput)
        workshop = get_object_or_404(Workshop.objects.visible_to(request.user), slug=given.pop("workshop"))
        handles = given.pop("speakers", [])
        speakers = list(User.objects.filter(handle__in=handles))
        if len(speakers) != len(set(handles)):
            raise Invalid("Somebody named as a speaker has no account here.", "speakers")
        try:
            topics = find_topics(given.pop("topics", []))
        except forms.ValidationError as problem:
            raise Invalid(problem.messages[0], "topics") from None
        session = actions.add_session(workshop, **given, speakers=speakers, topics=topics, by=request.user)
        headers = {"Location": f"{request.path}/{session.pk}"}
        return Response(SessionSerializer(session).data, status=201, headers=headers)
