"""Intents over the API: the same acts as on the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.releases.models import Entry

from . import actions
from .forms import PHASES, in_phase
from .models import Intent
from .serializers import (
    ChangeInput,
    FinalInput,
    IntentChangeSerializer,
    IntentInput,
    IntentSerializer,
    IntentWithdrawalInput,
    LookBackInput,
)

STATES = [phase for phase, _ in PHASES if phase]


def by_state(queryset, value):
    if value not in STATES:
        raise Invalid(f"state is one of: {', '.join(STATES)}.", "state")
    return in_phase(queryset, value)


def by_release(queryset, value):
    lab, _, slug = value.removeprefix("release:").partition("/")
    return queryset.of_public_entry(lab, slug)


class IntentViewSet(ApiViewSet):
    queryset = Intent.objects.none()
    serializer_class = IntentSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filters = {"state": by_state, "lab": "lab__slug", "release": by_release}

    def intents(self):
        return Intent.objects.visible_to(self.request.user).with_all()

    def found(self, pk):
        return get_object_or_404(self.intents(), pk=int(pk))

    @extend_schema(
        summary="Intents to release, newest first",
        parameters=[
            OpenApiParameter("state", str, enum=STATES),
            OpenApiParameter("lab", str, description="A lab's short name."),
            OpenApiParameter("release", str, description="Such as openai/gpt-2."),
        ],
    )
    def list(self, request):
        return self.listed(self.intents(), IntentSerializer)

    @extend_schema(summary="One intent")
    def retrieve(self, request, pk):
        return Response(IntentSerializer(self.found(pk)).data)

    @extend_schema(
        summary="Announce a planned decision; it is public at once", request=IntentInput,
        responses={201: IntentSerializer},
    )  # fmt: skip
    def create(self, request):
        given = dict(self.read(IntentInput))
        lab, _, slug = given.pop("release").removeprefix("release:").partition("/")
        entries = Entry.objects.visible_to(request.user).filter(subject__hidden=False).with_current()
        entry = get_object_or_404(entries, lab__slug=lab, slug=slug)
        intent = actions.announce(entry, given, by=request.user)
        return self._answer(intent.pk, Location=f"{request.path}/{intent.pk}")

    @extend_schema(
        summary="What was changed of an intent, and why, newest first", responses=IntentChangeSerializer(many=True)
    )
    @action(detail=True, methods=["get"], filters={})
    def changes(self, request, pk):
        return self.listed(self.found(pk).changes.select_related("by"), IntentChangeSerializer)

    @extend_schema(
        summary="Change or put off what is announced; fields that are not given stay", request=ChangeInput,
        responses={201: IntentSerializer},
    )  # fmt: skip
    @changes.mapping.post
    def change(self, request, pk):
        given = dict(self.read(ChangeInput))
        actions.change(self.found(pk), given, by=request.user, version=given.pop("version", None))
        return self._answer(pk)

    @extend_schema(
        summary="Make an intent final, once its window has closed and every open concern has an answer",
        request=FinalInput, responses={201: IntentSerializer},
    )  # fmt: skip
    @action(detail=True, methods=["post"])
    def decision(self, request, pk):
        actions.make_final(self.found(pk), self.read(FinalInput), by=request.user)
        return self._answer(pk)

    @extend_schema(
        summary="Withdraw an intent for good", request=IntentWithdrawalInput, responses={201: IntentSerializer}
    )
    @action(detail=True, methods=["post"])
    def withdrawal(self, request, pk):
        actions.withdraw(self.found(pk), self.read(IntentWithdrawalInput)["reason"], by=request.user)
        return self._answer(pk)

    @extend_schema(
        summary="Say whether the reasons still hold, once the day for it has come", request=LookBackInput,
        responses={201: IntentSerializer},
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="look-back", url_name="look-back")
    def look_back(self, request, pk):
        actions.look_back(self.found(pk), self.read(LookBackInput), by=request.user)
        return self._answer(pk)

    def _answer(self, pk, **headers):
        return Response(IntentSerializer(self.found(pk)).data, status=201, headers=headers)
