"""Search over the API."""

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.core.subjects import Subject

from .queries import find


class HitSerializer(serializers.Serializer):
    subject = serializers.CharField(source="ref")
    kind = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(source="path")


class SearchAnswer(serializers.Serializer):
    results = HitSerializer(many=True)


class SearchViewSet(ApiViewSet):
    queryset = Subject.objects.none()
    serializer_class = HitSerializer
    filters = {"q": None}

    @extend_schema(
        summary="Search everything public, best first (at most 50)",
        parameters=[
            OpenApiParameter("q", str, required=True, description="As in a web search; at most 200 characters.")
        ],
        responses=forced_singular_serializer(SearchAnswer),
        filters=False,
    )
    def list(self, request):
        unknown = set(request.query_params) - {"q"}
        query = request.query_params.get("q", "").strip()
        if unknown or not query or len(query) > 200 or "\0" in query:
            raise Invalid("Give q, a text of 1 to 200 characters, and nothing else.", "q")
        return Response({"results": HitSerializer(find(query, request.user), many=True).data})
