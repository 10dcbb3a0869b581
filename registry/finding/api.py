"""Comparison and precedents over the API."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.core.rules import allows
from registry.releases.models import Entry

from .comparing import FEWEST, MOST, chosen, compare
from .precedents import precedents
from .serializers import ComparisonSerializer, PrecedentsSerializer


class ComparisonViewSet(ApiViewSet):
    """Up to four releases side by side."""

    queryset = Entry.objects.none()
    serializer_class = ComparisonSerializer
    parameters = frozenset({"release"})

    @extend_schema(
        summary="Releases side by side", responses=ComparisonSerializer,
        parameters=[OpenApiParameter("release", str, many=True, required=True, description="lab/slug, 2 to 4 times")],
    )  # fmt: skip
    def retrieve(self, request):
        entries = chosen(request.query_params.getlist("release")[:20], request.user)
        if len(entries) < FEWEST:
            said = f"Name {FEWEST} to {MOST} releases as lab/slug: ?release=a/b&release=c/d"
            raise Invalid(said, "release", "too_few")
        told = [{"release": e.key, "title": e.title, "url": e.get_absolute_url()} for e in entries]
        rows = [one._asdict() for one in compare(entries)]
        return Response(ComparisonSerializer({"releases": told, "rows": rows}).data)


class PrecedentViewSet(ApiViewSet):
    """Releases like one, and what happened next."""

    queryset = Entry.objects.none()
    serializer_class = PrecedentsSerializer

    @extend_schema(summary="Releases like one, and what happened next", responses=PrecedentsSerializer)
    def retrieve(self, request, lab, slug):
        entry = get_object_or_404(Entry.objects.with_current(), lab__slug=lab, slug=slug)
        if not allows(request.user, "releases.see", entry):
            raise Http404
        return Response(PrecedentsSerializer({"results": precedents(entry)}).data)


paths = [
    path("comparison", ComparisonViewSet.as_view({"get": "retrieve"}), name="api-comparison"),
    path(
        "releases/<slug:lab>/<slug:slug>/precedents", PrecedentViewSet.as_view({"get": "retrieve"}),
        name="api-precedents",
    ),
]  # fmt: skip
