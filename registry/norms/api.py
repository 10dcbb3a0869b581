"""Norms, versions, clauses and declarations over the API."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.releases.models import Entry

from . import actions
from .models import Clause, Declaration, Norm, NormVersion, Wording
from .serializers import (
    DeclarationInput,
    DeclarationSerializer,
    NormInput,
    NormSerializer,
    VersionInput,
    VersionSerializer,
    WordingSerializer,
)

NORM = OpenApiParameter("norm", str, description="Such as N-7.")


def _by_norm(field):
    def narrow(queryset, value):
        digits = value.removeprefix("N-")
        known = digits.isascii() and digits.isdigit() and len(digits) < 10
        return queryset.filter(**{field: int(digits)}) if known else queryset.none()

    return narrow


def find_norm(user, key):
    digits = key.removeprefix("N-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Http404
    return get_object_or_404(Norm.objects.visible_to(user).with_current(), number=int(digits))


class NormViewSet(ApiViewSet):
    queryset = Norm.objects.none()
    serializer_class = NormSerializer
    lookup_field = "key"
    lookup_value_regex = "N-[0-9]+"

    @extend_schema(summary="Norms")
    def list(self, request):
        return self.listed(Norm.objects.visible_to(request.user).with_current(), NormSerializer)

    @extend_schema(summary="One norm", parameters=[OpenApiParameter("key", str, "path", description="Such as N-7.")])
    def retrieve(self, request, key):
        return Response(NormSerializer(find_norm(request.user, key)).data)

    @extend_schema(summary="Publish a norm with its first version", request=NormInput, responses={201: NormSerializer})
    def create(self, request):
        norm = actions.publish_norm(**self.read(NormInput), by=request.user)
        norm.refresh_from_db()
        return Response(NormSerializer(norm).data, status=201, headers={"Location": f"{request.path}/{norm.key}"})


class VersionViewSet(ApiViewSet):
    queryset = NormVersion.objects.none()
    serializer_class = VersionSerializer
    filters = {"norm": _by_norm("norm__number")}

    @extend_schema(summary="Versions of norms, with their clauses as worded then", parameters=[NORM])
    def list(self, request):
        rows = NormVersion.objects.select_related("norm").prefetch_related("wordings__clause__norm")
        return self.listed(rows, VersionSerializer)

    @extend_schema(
        summary="Publish the next version of a norm", request=VersionInput, responses={201: VersionSerializer}
    )
    def create(self, request):
        given = self.read(VersionInput)
        norm = find_norm(request.user, given.pop("norm"))
        self._check_clauses(norm, given["clauses"])
        version = actions.publish_version(norm, **given, by=request.user)
        return Response(VersionSerializer(version).data, status=201)

    def _check_clauses(self, norm, clauses):
        """What names a clause names one of this norm: a slip of the pen must not make a new one."""
        known = set(norm.clauses.values_list("number", flat=True))
        for place, clause in enumerate(clauses):
            number = clause.get("number")
            if clause.pop("norm", norm.key) != norm.key or (number and number not in known):
                said = f"{norm.key} has no such clause. For a new one write “new” as its clause."
                raise Invalid(said, f"/clauses/{place}/clause", "unknown")


class ClauseViewSet(ApiViewSet):
    """The wording in force of every clause."""

    queryset = Clause.objects.none()
    serializer_class = WordingSerializer
    filters = {"norm": _by_norm("clause__norm__number"), "strength": "strength"}

    @extend_schema(summary="Clauses as they are worded now", parameters=[NORM, OpenApiParameter("strength", str)])
    def list(self, request):
        current = Norm.objects.visible_to(request.user).values("current")
        rows = Wording.objects.filter(version__in=current).select_related("clause__norm")
        return self.listed(rows, WordingSerializer)


class DeclarationViewSet(ApiViewSet):
    queryset = Declaration.objects.none()
    serializer_class = DeclarationSerializer
    lookup_value_regex = "[0-9]+"

    def _by_release(queryset, value):
        lab, _, slug = value.removeprefix("release:").partition("/")
        return queryset.filter(entry__lab__slug=lab, entry__slug=slug)

    def _by_clause(queryset, value):
        clause = actions.find_clause(value)
        return queryset.filter(clause=clause) if clause else queryset.none()

    filters = {"release": _by_release, "clause": _by_clause, "stance": "stance"}

    def declarations(self):
        return Declaration.objects.visible_to(self.request.user).with_clause()

    @extend_schema(
        summary="Declarations in force",
        parameters=[
            OpenApiParameter("release", str, description="LAB/SLUG."),
            OpenApiParameter("clause", str, description="Such as N-7/3."),
            OpenApiParameter("stance", str, enum=Declaration.Stance.values),
        ],
    )
    def list(self, request):
        return self.listed(self.declarations().current(), DeclarationSerializer)

    @extend_schema(summary="One declaration, in force or superseded")
    def retrieve(self, request, pk: int):
        return Response(DeclarationSerializer(get_object_or_404(self.declarations(), pk=self.number(pk))).data)

    @extend_schema(
        summary="Declare what a lab does about a clause", request=DeclarationInput,
        responses={201: DeclarationSerializer},
    )  # fmt: skip
    def create(self, request):
        given = self.read(DeclarationInput)
        lab, slug = given["release"].removeprefix("release:").split("/")
        entry = get_object_or_404(Entry.objects.visible_to(request.user).with_lab(), lab__slug=lab, slug=slug)
        clause = actions.find_clause(given["clause"])
        if clause is None:
            raise Http404
        made = actions.declare(
            entry, clause, stance=given["stance"], reason=given["reason"],
            evidence=[dict(item) for item in given["evidence"]], by=request.user,
        )  # fmt: skip
        return Response(DeclarationSerializer(made).data, status=201)
