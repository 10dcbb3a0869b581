"""Approvals, planned publications, reviews and withdrawals over the API: the same acts as on the pages."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from registry.core.api import StrictSerializer
from registry.core.canonical import digest
from registry.core.rules import allows, require

from . import controls, planning, withdrawing
from .api import ENTRY, IF_MATCH, EntryViewSet
from .content import normalise
from .models import Entry, PlannedPublication


class ApprovalInput(StrictSerializer):
    draft_version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The version that was read; 412 where another one is there now."
    )


class ApprovalSerializer(serializers.Serializer):
    by = serializers.CharField(source="by.handle")
    draft_version = serializers.IntegerField(source="version")
    digest = serializers.CharField(help_text="Of the content that was approved.")
    at = serializers.DateTimeField()


class ApprovalsSerializer(serializers.Serializer):
    needed = serializers.BooleanField(help_text="Whether the draft cannot be published without one.")
    approvals = ApprovalSerializer(many=True, help_text="Of exactly the draft as it is now.")


class PlanInput(StrictSerializer):
    at = serializers.DateTimeField(help_text="Such as 2030-05-01T09:00:00+02:00; without an offset it is UTC.")
    time_zone = serializers.CharField(
        max_length=50, required=False, help_text="In which people see it; one's own where it is left out."
    )
    justification = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, help_text="Required from the second revision on."
    )


class PlanSerializer(serializers.Serializer):
    """Seen by those who may edit the draft, and by nobody else."""

    at = serializers.DateTimeField()
    local = serializers.CharField(help_text="The same moment in its author's zone.")
    time_zone = serializers.CharField()
    digest = serializers.CharField(help_text="Of the content that will be published.")
    justification = serializers.CharField(allow_blank=True)
    planned_by = serializers.CharField(source="by.handle")
    planned_at = serializers.DateTimeField()
    state = serializers.ChoiceField(PlannedPublication.State.choices)
    problem = serializers.CharField(allow_blank=True)


class EntryWithdrawalInput(StrictSerializer):
    reason = serializers.CharField(max_length=2000, help_text="Readers see it.")
    revision = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, help_text="One revision; left out, the whole entry."
    )


class EntryWithdrawalSerializer(serializers.Serializer):
    release = serializers.CharField(source="entry.key")
    revision = serializers.IntegerField(source="revision.number", default=None, allow_null=True)
    reason = serializers.CharField()
    by = serializers.CharField(source="by.handle")
    at = serializers.DateTimeField()


class ControlsViewSet(EntryViewSet):
    """What stands around publishing an entry."""

    queryset = Entry.objects.none()
    filters = {}
    parameters = frozenset()

    def editable(self, lab, slug):
        entry = self.entry(lab, slug)
        require(self.request.user, "releases.edit", entry)
        return entry

    def with_draft(self, lab, slug):
        """An entry whose draft the reader may see; to others there is no such thing."""
        entry = self.entry(lab, slug)
        user = self.request.user
        if not (allows(user, "releases.edit", entry) or allows(user, "releases.approve", entry)):
            raise Http404
        return entry

    @extend_schema(summary="Who approved the draft as it is now", responses=ApprovalsSerializer)
    def approvals(self, request, lab, slug):
        entry = self.with_draft(lab, slug)
        found = controls.approvals_of(entry, digest(normalise(entry.draft)))
        body = {"needed": controls.approval_needed(entry), "approvals": found}
        return Response(ApprovalsSerializer(body).data)

    @extend_schema(
        summary="Approve exactly this draft", request=ApprovalInput, responses={201: ApprovalSerializer}
    )
    def approve(self, request, lab, slug):
        entry = self.entry(lab, slug)
        require(request.user, "releases.approve", entry)
        approval = controls.approve(entry, by=request.user, version=self.read(ApprovalInput)["draft_version"])
        return Response(ApprovalSerializer(approval).data, status=201)

    @extend_schema(summary="Ask moderators to read a curated draft", request=None, responses={204: None})
    def review(self, request, lab, slug):
        entry = self.editable(lab, slug)
        self.read(StrictSerializer)
        controls.ask_for_review(entry, by=request.user)
        return Response(status=204)

    @extend_schema(
        summary="The planned publication of the draft; 204 where none is planned",
        responses={200: PlanSerializer, 204: None},
    )
    def plan(self, request, lab, slug):
        plan = planning.waiting_plan(self.editable(lab, slug))
        return Response(PlanSerializer(plan).data) if plan else Response(status=204)

    @extend_schema(
        summary="Publish the draft, as it is now, at a moment to come",
        request=PlanInput,
        responses={201: PlanSerializer},
        parameters=[IF_MATCH],
        description="What is written into the draft afterwards is not part of it. Nobody else learns of it before.",
    )
    def make_plan(self, request, lab, slug):
        entry = self.editable(lab, slug)
        said = self.read(PlanInput)
        plan = planning.plan_publication(entry, by=request.user, version=self._version(entry), **said)
        return Response(PlanSerializer(plan).data, status=201)

    @extend_schema(summary="Cancel the planned publication", responses={204: None})
    def cancel_plan(self, request, lab, slug):
        planning.cancel_plan(self.editable(lab, slug), by=request.user)
        return Response(status=204)

    @extend_schema(
        summary="Withdraw the entry, or one revision of it", request=EntryWithdrawalInput,
        responses={201: EntryWithdrawalSerializer},
        description="The page stays, with reason, name and date; the text stays as history.",
    )  # fmt: skip
    def withdraw(self, request, lab, slug):
        entry = self.editable(lab, slug)
        if entry.published_at is None:
            raise Http404
        said = self.read(EntryWithdrawalInput)
        revision = None
        if "revision" in said:
            revision = get_object_or_404(entry.revisions.only("pk", "number", "entry"), number=said["revision"])
        made = withdrawing.withdraw(entry, said["reason"], by=request.user, revision=revision)
        return Response(EntryWithdrawalSerializer(made).data, status=201)


def _path(name, address, **methods):
    return path(f"{ENTRY}/{address}", ControlsViewSet.as_view(methods), name=name)


paths = [
    _path("api-approvals", "approvals", get="approvals", post="approve"),
    _path("api-review", "review", post="review"),
    _path("api-plan", "planned-publication", get="plan", post="make_plan", delete="cancel_plan"),
    _path("api-withdrawal", "withdrawal", post="withdraw"),
]
