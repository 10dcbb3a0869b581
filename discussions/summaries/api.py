"""Summaries over the API: the same acts as on the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from discussions.threads.models import Thread
from registry.core.api import ApiViewSet

from .actions import mark_fair, take_back_fair, write_summary
from .models import Summary
from .serializers import FairInput, SummaryInput, SummarySerializer


class SummaryViewSet(ApiViewSet):
    queryset = Summary.objects.none()
    serializer_class = SummarySerializer
    lookup_value_regex = "[0-9]{1,18}"
    filters = {"thread": "thread", "by": "by__handle"}

    def found(self, pk):
        return get_object_or_404(Summary.objects.visible_to(self.request.user).with_people(), pk=int(pk))

    @extend_schema(
        summary="Summaries of discussions, newest first; the first of a discussion is its current one",
        parameters=[
            OpenApiParameter("thread", int, description="A discussion's id."),
            OpenApiParameter("by", str, description="A person's handle."),
        ],
    )
    def list(self, request):
        return self.listed(Summary.objects.visible_to(request.user).with_people(), SummarySerializer)

    @extend_schema(summary="One summary")
    def retrieve(self, request, pk):
        return Response(SummarySerializer(self.found(pk)).data)

    @extend_schema(
        summary="Write the summary of a long discussion", request=SummaryInput, responses={201: SummarySerializer}
    )
    def create(self, request):
        given = self.read(SummaryInput)
        threads = Thread.objects.visible_to(request.user).with_people()
        thread = get_object_or_404(threads, pk=given.pop("thread"))
        summary = write_summary(thread, given.pop("body"), request.user, **given)
        headers = {"Location": f"{request.path}/{summary.pk}"}
        return Response(SummarySerializer(summary).data, status=201, headers=headers)

    @extend_schema(
        summary="Say that a summary is fair to a position of one's own",
        request=FairInput,
        responses={201: SummarySerializer},
    )
    @action(detail=True, methods=["post"])
    def fairness(self, request, pk):
        mark_fair(self.found(pk), self.read(FairInput)["position"], request.user)
        return Response(SummarySerializer(self.found(pk)).data, status=201)

    @extend_schema(summary="Take that back, for every position of the summary", responses={204: None})
    @fairness.mapping.delete
    def take_back(self, request, pk):
        take_back_fair(self.found(pk), request.user)
        return Response(status=204)
