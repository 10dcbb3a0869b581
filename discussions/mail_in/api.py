"""One's own mails over the API: what waits, what became of the others, and one's word on them."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from discussions.notifications.api import OwnViewSet
from registry.core.api import StrictSerializer

from . import actions
from .models import IncomingMail
from .serializers import STATES, IncomingMailSerializer


class IncomingMailViewSet(OwnViewSet):
    queryset = IncomingMail.objects.none()
    serializer_class = IncomingMailSerializer
    filters = {"state": "state"}

    def mails(self):
        return IncomingMail.objects.visible_to(self.request.user).with_place()

    @extend_schema(
        summary="What came by mail in one's name, newest first",
        parameters=[OpenApiParameter("state", str, enum=[value for value, _ in STATES])],
    )
    def list(self, request):
        return self.listed(self.mails(), IncomingMailSerializer)

    @extend_schema(summary="One mail")
    def retrieve(self, request, pk):
        return Response(IncomingMailSerializer(self.found(pk)).data)

    @extend_schema(summary="Post a mail that waits, or that was refused before", request=None,
                   responses={201: IncomingMailSerializer})  # fmt: skip
    @action(detail=True, methods=["post"])
    def posting(self, request, pk):
        self.read(StrictSerializer)
        made = actions.confirm(self.found(pk), by=request.user)
        return Response(IncomingMailSerializer(made).data, status=201)

    @extend_schema(summary="Throw a mail away that was not posted", responses={204: None})
    def destroy(self, request, pk):
        actions.discard(self.found(pk), by=request.user)
        return Response(status=204)

    def found(self, pk):
        return get_object_or_404(self.mails(), pk=int(pk))
