"""People over the API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from registry.core.api import ApiViewSet

from .models import User
from .serializers import PersonSerializer


class PersonViewSet(ApiViewSet):
    queryset = User.objects.none()
    serializer_class = PersonSerializer
    lookup_field = "handle"
    lookup_value_regex = "[a-z0-9-]+"
    filters = {"orcid": "orcid"}

    def people(self):
        return User.objects.visible_to(self.request.user).prefetch_related("affiliations")

    @extend_schema(summary="People", parameters=[OpenApiParameter("orcid", str, description="An ORCID iD.")])
    def list(self, request):
        return self.listed(self.people(), PersonSerializer)

    @extend_schema(summary="One person")
    def retrieve(self, request, handle):
        return Response(PersonSerializer(get_object_or_404(self.people(), handle=handle)).data)
