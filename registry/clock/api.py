"""The clock over the API: a curve, the observations behind the curves, and the times of one entry."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.releases.models import Entry
from registry.releases.vocabulary import ArtefactKind, Component

from .forms import ClockForm
from .models import Curve, Measure, Mode, Withholding
from .of_entry import times_of
from .serializers import CurveSerializer, EntryClockSerializer, WithholdingSerializer

MODE = OpenApiParameter("mode", str, enum=Mode.values)
KIND = OpenApiParameter("kind", str, enum=ArtefactKind.values, description="Of the artefact.")
YEAR = OpenApiParameter("year", int, description="In which the withholding began.")


def _by_release(queryset, value):
    lab, _, slug = value.removeprefix("release:").partition("/")
    return queryset.filter(entry__lab__slug=lab, entry__slug=slug)


class ClockViewSet(ApiViewSet):
    """One curve by its mode, kind, year and measure."""

    queryset = Curve.objects.none()
    serializer_class = CurveSerializer
    parameters = frozenset({"mode", "kind", "year", "measure"})

    @extend_schema(
        summary="The survival curve of withholding: closed, all kinds, all years, until release, unless asked else",
        parameters=[MODE, KIND, YEAR, OpenApiParameter("measure", str, enum=Measure.values)],
    )
    def retrieve(self, request):
        form = ClockForm(request.query_params)
        if form.stratum is None:
            field, said = next(iter(form.errors.items()))
            raise Invalid(said[0], field)
        return Response(CurveSerializer(get_object_or_404(Curve, **form.stratum)).data)


class WithholdingViewSet(ApiViewSet):
    """The observations that curves are made of."""

    queryset = Withholding.objects.none()
    serializer_class = WithholdingSerializer

    filters = {"release": _by_release, "mode": "mode", "kind": "kind", "year": "year", "component": "component"}

    @extend_schema(
        summary="Times for which components were withheld, as the curves count them",
        parameters=[
            OpenApiParameter("release", str, description="Such as openai/gpt-2."), MODE, KIND, YEAR,
            OpenApiParameter("component", str, enum=Component.values),
        ],
    )  # fmt: skip
    def list(self, request):
        return self.listed(Withholding.objects.shown().with_entry(), WithholdingSerializer)


class EntryClockViewSet(ApiViewSet):
    """The decision clock of one entry."""

    queryset = Entry.objects.none()
    serializer_class = EntryClockSerializer

    @extend_schema(summary="How long each component of an entry was withheld, and until others reached it")
    def retrieve(self, request, lab, slug):
        entries = Entry.objects.published().filter(subject__hidden=False).with_current()
        entry = get_object_or_404(entries, lab__slug=lab, slug=slug)
        times = times_of(entry)
        return Response(
            EntryClockSerializer({"release": entry.key, "revision": entry.current.number, "times": times}).data
        )
