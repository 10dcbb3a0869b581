"""People over the API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from registry.core.api import ApiViewSet, OwnViewSet

from .actions import take_pseudonym
from .models import Pseudonym, User
from .serializers import PersonSerializer, PseudonymInput, PseudonymSerializer


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


class PseudonymViewSet(OwnViewSet):
    """One's own; nobody else is told whose a pseudonym is."""

    queryset = Pseudonym.objects.none()
    serializer_class = PseudonymSerializer

    @extend_schema(summary="One's own pseudonyms")
    def list(self, request):
        return self.listed(request.user.pseudonyms.select_related("persona"), PseudonymSerializer)

    @extend_schema(
        summary="Take a pseudonym, to write under where that is allowed; it cannot be changed or given back",
        request=PseudonymInput,
        responses={201: PseudonymSerializer},
    )
    def create(self, request):
        made = take_pseudonym(request.user, self.read(PseudonymInput)["handle"])
        return Response(PseudonymSerializer(made).data, status=201)
