"""Replications over the API: the same acts as on the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.releases.models import Entry
from registry.releases.vocabulary import Component

from . import actions
from .models import Kind, Replication
from .serializers import (
    ReplicationInput,
    ReplicationSerializer,
    VerdictInput,
    VerdictSerializer,
    WithdrawalInput,
)


def _by_release(queryset, value):
    lab, _, slug = value.removeprefix("release:").partition("/")
    return queryset.filter(entry__lab__slug=lab, entry__slug=slug)


def _by_counts(queryset, value):
    if value not in {"true", "false"}:
        raise Invalid("Write true or false.", "counts")
    return queryset.filter(counts=value == "true")


class ReplicationViewSet(ApiViewSet):
    queryset = Replication.objects.none()
    serializer_class = ReplicationSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filters = {
        "release": _by_release,
        "lab": "entry__lab__slug",
        "kind": "kind",
        "component": "component",
        "state": "state",
        "reporter": "reporter__handle",
        "counts": _by_counts,
    }

    def reports(self):
        return Replication.objects.visible_to(self.request.user).with_all()

    def found(self, pk):
        return get_object_or_404(self.reports(), pk=int(pk))

    @extend_schema(
        summary="Reports of replications and leaks, newest first; withdrawn ones too",
        parameters=[
            OpenApiParameter("release", str, description="Such as openai/gpt-2."),
            OpenApiParameter("lab", str, description="A lab's short name."),
            OpenApiParameter("kind", str, enum=Kind.values),
            OpenApiParameter("component", str, enum=Component.values),
            OpenApiParameter("state", str, enum=Replication.State.values),
            OpenApiParameter("reporter", str, description="A person's handle."),
            OpenApiParameter("counts", str, enum=["true", "false"]),
        ],
    )
    def list(self, request):
        return self.listed(self.reports(), ReplicationSerializer)

    @extend_schema(summary="One report")
    def retrieve(self, request, pk):
        return Response(ReplicationSerializer(self.found(pk)).data)

    @extend_schema(
        summary="Report a replication or a leak", request=ReplicationInput, responses={201: ReplicationSerializer}
    )
    def create(self, request):
        given = dict(self.read(ReplicationInput))
        lab, _, slug = given.pop("release").removeprefix("release:").partition("/")
        entries = Entry.objects.visible_to(request.user).filter(subject__hidden=False).with_lab()
        entry = get_object_or_404(entries, lab__slug=lab, slug=slug)
        report = actions.report_replication(entry, given, by=request.user)
        return Response(
            ReplicationSerializer(report).data, status=201, headers={"Location": f"{request.path}/{report.pk}"}
        )

    @extend_schema(
        summary="What others say of a report, newest first; what was taken back too",
        responses=VerdictSerializer(many=True),
    )
    @action(detail=True, methods=["get"], filters={})
    def verdicts(self, request, pk):
        return self.listed(self.found(pk).verdicts.select_related("user"), VerdictSerializer)

    @extend_schema(summary="Confirm or dispute a report", request=VerdictInput, responses={201: VerdictSerializer})
    @verdicts.mapping.post
    def assess(self, request, pk):
        given = dict(self.read(VerdictInput))
        verdict = actions.assess(self.found(pk), given.pop("stance"), given, by=request.user)
        return Response(VerdictSerializer(verdict).data, status=201)

    @extend_schema(summary="Take back what one said of a report", responses={204: None})
    @verdicts.mapping.delete
    def take_back(self, request, pk):
        actions.take_back_verdict(self.found(pk), by=request.user)
        return Response(status=204)

    @extend_schema(
        summary="Withdraw one's own report for good", request=WithdrawalInput, responses={201: ReplicationSerializer}
    )
    @action(detail=True, methods=["post"])
    def withdrawal(self, request, pk):
        report = actions.withdraw(self.found(pk), self.read(WithdrawalInput)["reason"], by=request.user)
        return Response(ReplicationSerializer(report).data, status=201)
