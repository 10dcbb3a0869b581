"""Events over the API: one list with a cursor, from which mirrors can follow."""

from drf_spectacular.utils import OpenApiParameter, extend_schema

from registry.core.api import ApiViewSet

from .models import Event
from .serializers import EventSerializer


class EventViewSet(ApiViewSet):
    queryset = Event.objects.none()
    serializer_class = EventSerializer
    filters = {"verb": "verb", "subject": "subject__ref", "actor": "actor__handle", "lab": "lab__ref"}

    @extend_schema(
        summary="Events, newest first",
        parameters=[
            OpenApiParameter("verb", str, description="Such as release.published."),
            OpenApiParameter("subject", str, description="Such as release:openai/gpt-2."),
            OpenApiParameter("actor", str, description="A person's handle."),
            OpenApiParameter("lab", str, description="Such as lab:openai."),
        ],
    )
    def list(self, request):
        return self.listed(Event.objects.visible_to(request.user).with_people(), EventSerializer)
