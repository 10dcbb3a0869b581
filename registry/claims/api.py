"""Claims over the API: the same acts as on the pages."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.rules import allows
from registry.releases.api import by_release
from registry.releases.models import Entry

from . import actions
from .models import Claim
from .serializers import ClaimDecisionInput, ClaimInput, ClaimReasonInput, ClaimSerializer


class ClaimViewSet(ApiViewSet):
    queryset = Claim.objects.none()
    serializer_class = ClaimSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filters = {"release": by_release, "lab": "lab__slug", "state": "state"}

    def claims(self):
        return Claim.objects.visible_to(self.request.user).with_all()

    def found(self, pk):
        return get_object_or_404(self.claims(), pk=int(pk))

    def _answer(self, pk, status=201):
        return Response(ClaimSerializer(self.found(pk)).data, status=status)

    @extend_schema(
        summary="Claims of labs to curated entries, newest first",
        parameters=[OpenApiParameter(name, str) for name in filters],
    )
    def list(self, request):
        return self.listed(self.claims(), ClaimSerializer)

    @extend_schema(summary="One claim")
    def retrieve(self, request, pk):
        return self._answer(pk, 200)

    @extend_schema(
        summary="Claim an entry that was curated about one's lab", request=ClaimInput, responses={201: ClaimSerializer}
    )
    def create(self, request):
        lab, _, slug = self.read(ClaimInput)["release"].partition("/")
        entry = get_object_or_404(Entry.objects.with_current(), lab__slug=lab, slug=slug)
        if not allows(request.user, "releases.see", entry):
            raise Http404
        return self._answer(actions.claim_entry(entry, by=request.user).pk)

    @extend_schema(summary="Dispute a claim", request=ClaimReasonInput, responses={201: ClaimSerializer})
    @action(detail=True, methods=["post"])
    def dispute(self, request, pk):
        said = self.read(ClaimReasonInput)
        return self._answer(actions.dispute_claim(self.found(pk), said["reason"], by=request.user).pk)

    @extend_schema(summary="Refuse or uphold a claim", request=ClaimDecisionInput, responses={201: ClaimSerializer})
    @action(detail=True, methods=["post"])
    def decision(self, request, pk):
        said = self.read(ClaimDecisionInput)
        act = actions.refuse_claim if said["outcome"] == "refused" else actions.uphold_claim
        return self._answer(act(self.found(pk), said["reason"], by=request.user).pk)
