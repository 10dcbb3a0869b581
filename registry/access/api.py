"""Programmes and requests over the API: the same acts as on the pages."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from registry.core.api import ApiViewSet, OwnViewSet, StrictSerializer
from registry.core.rules import allows
from registry.releases.api import by_release
from registry.releases.models import Entry

from . import actions
from .figures import figures
from .models import AccessRequest, Programme
from .serializers import (
    AccessRequestInput,
    AccessRequestSerializer,
    ProgrammeChangeInput,
    ProgrammeClosingInput,
    ProgrammeDetailSerializer,
    ProgrammeInput,
    ProgrammeSerializer,
    StepInput,
)


class ProgrammeViewSet(ApiViewSet):
    queryset = Programme.objects.none()
    serializer_class = ProgrammeDetailSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filters = {"release": by_release, "lab": "entry__lab__slug"}

    def programmes(self):
        return Programme.objects.visible_to(self.request.user).with_entry()

    def found(self, pk):
        return get_object_or_404(self.programmes().select_related("entry__current"), pk=int(pk))

    def _answer(self, programme, status=200):
        programme.told = figures(programme)
        return Response(ProgrammeDetailSerializer(programme).data, status=status)

    @extend_schema(
        summary="Access programmes", responses=ProgrammeSerializer(many=True),
        parameters=[OpenApiParameter(name, str) for name in filters],
    )  # fmt: skip
    def list(self, request):
        return self.listed(self.programmes(), ProgrammeSerializer)

    @extend_schema(summary="One access programme, with counts and waits of its requests")
    def retrieve(self, request, pk):
        return self._answer(self.found(pk))

    @extend_schema(summary="Offer access", request=ProgrammeInput, responses={201: ProgrammeDetailSerializer})
    def create(self, request):
        given = self.read(ProgrammeInput)
        lab, _, slug = given["release"].partition("/")
        entry = get_object_or_404(Entry.objects.with_current(), lab__slug=lab, slug=slug)
        if not allows(request.user, "releases.see", entry):
            raise Http404
        given["fields"] = given.pop("questions", [])
        return self._answer(actions.open_programme(entry, given, by=request.user), 201)

    @extend_schema(
        summary="Say it anew: what is left out is empty", request=ProgrammeChangeInput,
        responses={201: ProgrammeDetailSerializer},
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def changes(self, request, pk):
        given = self.read(ProgrammeChangeInput)
        given["fields"], version = given.pop("questions", []), given.pop("version", None)
        actions.change_programme(self.found(pk), given, by=request.user, version=version)
        return self._answer(self.found(pk), 201)

    @extend_schema(summary="Take requests again", request=None, responses={201: ProgrammeDetailSerializer})
    @action(detail=True, methods=["post"])
    def reopening(self, request, pk):
        self.read(StrictSerializer)
        actions.reopen_programme(self.found(pk), by=request.user)
        return self._answer(self.found(pk), 201)

    @extend_schema(
        summary="Take no further requests", request=ProgrammeClosingInput, responses={201: ProgrammeDetailSerializer}
    )
    @action(detail=True, methods=["post"])
    def closing(self, request, pk):
        said = self.read(ProgrammeClosingInput)
        actions.close_programme(self.found(pk), said["words"], by=request.user)
        return self._answer(self.found(pk), 201)


class AccessRequestViewSet(OwnViewSet):
    """One's own requests, and those to one's labs; nobody else's."""

    queryset = AccessRequest.objects.none()
    serializer_class = AccessRequestSerializer
    filters = {"programme": "programme", "state": "state"}

    def requests(self):
        found = AccessRequest.objects.readable_by(self.request.user).with_programme()
        return found.prefetch_related("steps__by")

    def found(self, pk):
        return get_object_or_404(self.requests(), pk=int(pk))

    @extend_schema(
        summary="One's own requests for access, and those to one's labs",
        parameters=[OpenApiParameter(name, str) for name in filters],
    )
    def list(self, request):
        return self.listed(self.requests(), AccessRequestSerializer)

    @extend_schema(summary="One request for access")
    def retrieve(self, request, pk):
        return Response(AccessRequestSerializer(self.found(pk)).data)

    @extend_schema(summary="Ask for access", request=AccessRequestInput, responses={201: AccessRequestSerializer})
    def create(self, request):
        given = self.read(AccessRequestInput)
        programmes = Programme.objects.visible_to(request.user).with_entry()
        programme = get_object_or_404(programmes, pk=given.pop("programme"))
        made = actions.ask(programme, given, by=request.user)
        return Response(AccessRequestSerializer(self.found(made.pk)).data, status=201)

    @extend_schema(
        summary="Ask for more, answer, accept, reject, revoke, withdraw or appeal", request=StepInput,
        responses={201: AccessRequestSerializer},
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def steps(self, request, pk):
        given = self.read(StepInput)
        actions.ACTS[given["act"]](self.found(pk), given.get("words", ""), by=request.user)
        return Response(AccessRequestSerializer(self.found(pk)).data, status=201)
