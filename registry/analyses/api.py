"""Runs and findings over the API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.core.api import ApiViewSet, answer_once
from registry.core.errors import Invalid
from registry.core.files import StoredFile
from registry.core.limits import take
from registry.releases.models import Entry

from . import actions, catalogue
from .models import Run
from .serializers import FindingOfRun, RunListed, RunQueued, RunRequest, RunSerializer

RELEASE = OpenApiParameter("release", str, description="LAB/SLUG.")


def _by_release(queryset, value):
    lab, _, slug = value.removeprefix("release:").partition("/")
    return queryset.filter(entry__lab__slug=lab, entry__slug=slug)


class RunViewSet(ApiViewSet):
    queryset = Run.objects.none()
    serializer_class = RunSerializer
    lookup_value_regex = "[0-9]+"
    filters = {"release": _by_release, "analysis": "analysis", "status": "status"}

    def runs(self):
        return Run.objects.visible_to(self.request.user).with_entry()

    @extend_schema(
        summary="Runs, newest first, without their results",
        responses=RunListed(many=True),
        parameters=[
            RELEASE,
            OpenApiParameter("analysis", str, enum=catalogue.NAMES),
            OpenApiParameter("status", str, enum=Run.Status.values),
        ],
    )
    def list(self, request):
        return self.listed(Run.objects.visible_to(self.request.user).listed(), RunListed)

    @extend_schema(summary="One run")
    def retrieve(self, request, pk: int):
        run = get_object_or_404(self.runs(), pk=self.number(pk))
        return Response(RunSerializer(run).data, headers={"Cache-Control": "no-store"})

    @extend_schema(summary="Cancel a run that is not finished", request=None, responses={204: None})
    def destroy(self, request, pk: int):
        actions.cancel_run(get_object_or_404(self.runs(), pk=self.number(pk)), by=request.user)
        return Response(status=204)


class EntryRuns(APIView):
    """Asking for an analysis of an entry."""

    @extend_schema(
        summary="Ask for an analysis; the run is queued, or the one with the same inputs is given",
        tags=["runs"], request=RunRequest, responses={202: RunQueued},
    )  # fmt: skip
    def post(self, request, lab, slug):
        if "Idempotency-Key" in request.headers:
            return answer_once(self.ask, request, lab, slug)
        return self.ask(request, lab, slug)

    def ask(self, request, lab, slug):
        serializer = RunRequest(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        entry = get_object_or_404(Entry.objects.visible_to(request.user).with_lab(), lab__slug=lab, slug=slug)
        take("run", f"u{request.user.pk}", size=30, per_seconds=3600)
        run = actions.request_run(
            entry, given["analysis"], _files(given["inputs"], request.user), params=dict(given["params"]),
            seed=given["seed"], by=request.user,
        )  # fmt: skip
        return Response(RunQueued(run).data, status=202, headers={"Location": f"/api/v1/runs/{run.pk}"})


def _files(inputs, user):
    """The files named by id, among those the person may see; an id is no way to probe for others."""
    found = StoredFile.objects.visible_to(user).in_bulk([pk for pk in inputs.values() if pk < 2**63])
    for role, pk in inputs.items():
        if pk not in found:
            said = "There is no such file that you may use. Upload it first."
            raise Invalid(said, f"/inputs/{role[:40]}", "not_found")
    return {role: found[pk] for role, pk in inputs.items()}


class FindingViewSet(ApiViewSet):
    """Findings of finished runs. A page holds the findings of `limit` runs."""

    queryset = Run.objects.none()
    serializer_class = FindingOfRun
    filters = {"release": _by_release, "analysis": "analysis", "run": "pk"}

    @extend_schema(
        summary="Findings, the newest runs first",
        parameters=[RELEASE, OpenApiParameter("analysis", str, enum=catalogue.NAMES), OpenApiParameter("run", int)],
    )
    def list(self, request):
        runs = Run.objects.visible_to(request.user).filter(status=Run.Status.SUCCEEDED)
        rows = self.paginate_queryset(self.narrowed(runs))
        found = [f | {"run": run.pk, "analysis": run.analysis} for run in rows for f in run.findings]
        return self.get_paginated_response(FindingOfRun(found, many=True).data)
