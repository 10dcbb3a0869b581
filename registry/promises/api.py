"""Promises over the API."""

from drf_spectacular.utils import OpenApiParameter, extend_schema

from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.releases import dates
from registry.releases.api import by_release

from .models import Promise
from .serializers import PromiseSerializer


def by_state(queryset, value):
    today = dates.latest_today()
    if value in ("overdue", "due_soon"):
        return getattr(queryset, value)(today)
    if value == "broken":
        return queryset.broken()
    if value not in Promise.State.values:
        known = ", ".join(["overdue", "due_soon", "broken", *Promise.State.values])
        raise Invalid(f"state is one of: {known}.", "state")
    return queryset.filter(state=value)


class PromiseViewSet(ApiViewSet):
    """What was promised of releases, and what came of it."""

    queryset = Promise.objects.none()
    serializer_class = PromiseSerializer
    ordering = ("-day", "-pk")
    filters = {"state": by_state, "lab": "lab__slug", "release": by_release}

    @extend_schema(
        summary="Promises, the latest day first",
        parameters=[OpenApiParameter(name, str) for name in filters],
    )  # fmt: skip
    def list(self, request):
        return self.listed(Promise.objects.visible_to(request.user).with_entry(), PromiseSerializer)
