"""Labs over the API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from registry.core.api import ApiViewSet

from . import actions
from .models import Lab
from .serializers import ApprovalSetting, LabInput, LabSerializer


class LabViewSet(ApiViewSet):
    queryset = Lab.objects.none()
    serializer_class = LabSerializer
    lookup_field = "slug"
    lookup_value_regex = "[a-z0-9-]+"
    filters = {"verified_domain": "verified_domain"}

    def labs(self):
        return Lab.objects.visible_to(self.request.user).prefetch_related("memberships__user")

    @extend_schema(summary="Labs", parameters=[OpenApiParameter("verified_domain", str)])
    def list(self, request):
        return self.listed(self.labs(), LabSerializer)

    @extend_schema(summary="One lab")
    def retrieve(self, request, slug):
        return Response(LabSerializer(get_object_or_404(self.labs(), slug=slug)).data)

    @extend_schema(summary="Register a lab", request=LabInput, responses={201: LabSerializer})
    def create(self, request):
        lab = actions.register_lab(**self.read(LabInput), by=request.user)
        headers = {"Location": f"{request.path}/{lab.slug}"}
        return Response(LabSerializer(lab).data, status=201, headers=headers)

    @extend_schema(
        summary="Say whether a second member must approve what the lab publishes", request=ApprovalSetting,
        responses=LabSerializer,
    )  # fmt: skip
    @action(detail=True, methods=["put"])
    def approval(self, request, slug):
        lab = get_object_or_404(self.labs(), slug=slug)
        actions.set_approval(lab, self.read(ApprovalSetting)["needed"], by=request.user)
        return Response(LabSerializer(self.labs().get(slug=slug)).data)
