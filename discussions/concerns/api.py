"""Concerns over the API: the same acts as on the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from discussions.threads.models import Comment
from discussions.threads.pseudonyms import named_pseudonym
from registry.core.api import ApiViewSet, StrictSerializer
from registry.core.errors import Invalid
from registry.core.subjects import Subject
from registry.norms.actions import find_clause

from . import actions, signing
from .models import Concern, Signature
from .serializers import AnswerInput, ConcernInput, ConcernSerializer, ResolutionInput, SignatureSerializer


def _by_open_call(queryset, value):
    if value not in {"true", "false"}:
        raise Invalid("Write true or false.", "open_call")
    return queryset.filter(open_call_at__isnull=value == "false")


def _by_clause(queryset, value):
    return queryset.filter(clause=find_clause(value)) if find_clause(value) else queryset.none()


class ConcernViewSet(ApiViewSet):
    queryset = Concern.objects.none()
    serializer_class = ConcernSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filters = {
        "subject": "about__ref",
        "lab": "lab__slug",
        "clause": _by_clause,
        "state": "state",
        "opener": "opened_by__handle",
        "open_call": _by_open_call,
    }

    def concerns(self):
        return Concern.objects.visible_to(self.request.user).with_all()

    def found(self, pk):
        return get_object_or_404(self.concerns().select_related("answer"), pk=int(pk))

    @extend_schema(
        summary="Concerns, newest first",
        parameters=[
            OpenApiParameter("subject", str, description="Such as release:openai/gpt-2."),
            OpenApiParameter("lab", str, description="A lab's short name: concerns that ask for its answer."),
            OpenApiParameter("clause", str, description="Such as N-7/3."),
            OpenApiParameter("state", str, enum=Concern.State.values),
            OpenApiParameter("opener", str, description="A person's handle."),
            OpenApiParameter("open_call", str, enum=["true", "false"]),
        ],
    )
    def list(self, request):
        return self.listed(self.concerns(), ConcernSerializer)

    @extend_schema(summary="One concern")
    def retrieve(self, request, pk):
        return Response(ConcernSerializer(self.found(pk)).data)

    @extend_schema(
        summary="Open a concern, with a discussion of its own or from a comment",
        request=ConcernInput,
        responses={201: ConcernSerializer},
    )
    def create(self, request):
        given = self.read(ConcernInput)
        more = {"clause": _clause(given.get("clause")), "follows": self._follows(given.get("follows"))}
        if "comment" in given:
            if {"subject", "body"} & set(given) or given.get("pseudonym"):
                raise Invalid("Give a comment, whose name is kept, or a subject and a body.", "comment")
            comments = Comment.objects.visible_to(request.user).with_thread()
            comment = get_object_or_404(comments, pk=given["comment"])
            concern = actions.raise_concern(comment, given["title"], request.user, **more)
        else:
            for name in ("subject", "body"):
                if name not in given:
                    raise Invalid("This field is needed, unless a comment is given.", name, "required")
            subjects = Subject.objects.visible_to(request.user).filter(hidden=False)
            subject = get_object_or_404(subjects, ref=given["subject"])
            more["pseudonym"] = named_pseudonym(request.user, given.get("pseudonym"))
            concern = actions.open_concern(subject, given["title"], given["body"], request.user, **more)
        return Response(
            ConcernSerializer(concern).data, status=201, headers={"Location": f"{request.path}/{concern.pk}"}
        )

    def _follows(self, pk):
        if pk is None:
            return None
        found = self.concerns().filter(pk=pk).first()
        if found is None:
            raise Invalid("There is no such concern.", "follows")
        return found

    @extend_schema(
        summary="Answer a concern, for the lab as its official response",
        request=AnswerInput,
        responses={201: ConcernSerializer},
    )
    @action(detail=True, methods=["post"])
    def answer(self, request, pk):
        concern = actions.answer(self.found(pk), self.read(AnswerInput)["body"], request.user)
        return Response(ConcernSerializer(concern).data, status=201)

    @extend_schema(
        summary="Say what came of a concern", request=ResolutionInput, responses={201: ConcernSerializer}
    )
    @action(detail=True, methods=["post"])
    def resolution(self, request, pk):
        given = self.read(ResolutionInput)
        concern = actions.resolve(self.found(pk), given["resolution"], request.user, given.get("body", ""))
        return Response(ConcernSerializer(concern).data, status=201)

    @extend_schema(summary="Who co-signed a concern, newest first", responses=SignatureSerializer(many=True))
    @action(detail=True, methods=["get"], filters={})
    def signatures(self, request, pk):
        signatures = Signature.objects.filter(concern=self.found(pk)).select_related("user")
        return self.listed(signatures, SignatureSerializer)

    @extend_schema(
        summary="Co-sign a concern, once", request=None, responses={200: SignatureSerializer, 201: SignatureSerializer}
    )
    @signatures.mapping.post
    def sign(self, request, pk):
        self.read(StrictSerializer)  # it says nothing but that one signs
        signature, new = signing.sign(self.found(pk), request.user)
        return Response(SignatureSerializer(signature).data, status=201 if new else 200)

    @extend_schema(summary="Take back one's signature", responses={204: None})
    @signatures.mapping.delete
    def withdraw_signature(self, request, pk):
        signing.withdraw_signature(self.found(pk), request.user)
        return Response(status=204)


def _clause(key):
    if not key:
        return None
    clause = find_clause(key)
    if clause is None:
        raise Invalid("There is no such clause. Write it as N-7/3.", "clause")
    return clause
