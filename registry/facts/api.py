"""Facts and statements over the API: the same acts as on the pages."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.rules import allows
from registry.releases.api import by_release
from registry.releases.cited import counts_of
from registry.releases.models import Entry

from . import actions
from .models import Statement
from .serializers import FactsSerializer, StatementInput, StatementSerializer, TakingBackInput
from .standing import lines_of


def _published(user, lab, slug):
    entry = get_object_or_404(Entry.objects.with_current(), lab__slug=lab, slug=slug)
    if not allows(user, "releases.see", entry) or entry.current is None:
        raise Http404
    return entry


class EntryFacts(ApiViewSet):
    queryset = Statement.objects.none()
    serializer_class = FactsSerializer

    @extend_schema(
        summary="The facts of an entry's current revision, each with what is said of it", responses=FactsSerializer
    )
    def retrieve(self, request, lab, slug):
        entry = _published(request.user, lab, slug)
        lines = lines_of(entry)
        body = {
            "release": entry.key, "revision": entry.current.number,
            "counts": counts_of(entry.current.content, entry.marks),
            "facts": [line for line in lines if line.fact],
            "no_longer_stated": [statement for line in lines if not line.fact for statement in line.said],
        }  # fmt: skip
        return Response(FactsSerializer(body).data)


class StatementViewSet(ApiViewSet):
    queryset = Statement.objects.none()
    serializer_class = StatementSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filters = {
        "release": lambda queryset, value: by_release(queryset, value, "fact__entry__"),
        "fact": "fact__key", "kind": "kind", "speaker": "speaker", "author": "made_by__handle",
    }  # fmt: skip

    def statements(self):
        return Statement.objects.visible_to(self.request.user).with_all()

    @extend_schema(
        summary="What is said of facts, newest first", parameters=[OpenApiParameter(name, str) for name in filters]
    )
    def list(self, request):
        return self.listed(self.statements(), StatementSerializer)

    @extend_schema(summary="One statement")
    def retrieve(self, request, pk):
        return Response(StatementSerializer(get_object_or_404(self.statements(), pk=int(pk))).data)

    @extend_schema(summary="Say something of a fact", request=StatementInput, responses={201: StatementSerializer})
    def create(self, request):
        said = dict(self.read(StatementInput))
        lab, _, slug = said.pop("release").partition("/")
        entry = _published(request.user, lab, slug)
        made = actions.state(entry, said.pop("fact"), said.pop("kind"), by=request.user, **said)
        found = self.statements().get(pk=made.pk)
        headers = {"Location": f"{request.path}/{found.pk}"}
        return Response(StatementSerializer(found).data, status=201, headers=headers)

    @extend_schema(
        summary="Take back one's own statement", request=TakingBackInput, responses={201: StatementSerializer}
    )
    @action(detail=True, methods=["post"])
    def withdrawal(self, request, pk):
        statement = get_object_or_404(self.statements(), pk=int(pk))
        found = actions.take_back(statement, self.read(TakingBackInput)["reason"], by=request.user)
        return Response(StatementSerializer(found).data, status=201)
