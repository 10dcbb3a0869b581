"""Disclosures over the API: the same acts as on the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from discussions.threads.models import Authorship, Comment
from registry.accounts.models import User
from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.core.subjects import Subject

from .actions import correct_disclosure
from .authorships import close_authorship, name_author
from .serializers import (
    AuthorshipInput,
    AuthorshipSerializer,
    ClosingInput,
    CommentDisclosureSerializer,
    CorrectionInput,
)


class CommentDisclosure(ApiViewSet):
    """What is disclosed about the author of one comment."""

    queryset = Comment.objects.none()
    serializer_class = CommentDisclosureSerializer

    def comment(self, pk):
        return get_object_or_404(Comment.objects.visible_to(self.request.user).with_thread(), pk=pk)

    @extend_schema(summary="What was disclosed when a comment was written, and its corrections")
    def retrieve(self, request, pk):
        return Response(CommentDisclosureSerializer(self.comment(pk)).data)

    @extend_schema(
        summary="Correct what is disclosed beside one's own comment; the original stays", request=CorrectionInput,
        responses={201: CommentDisclosureSerializer},
    )  # fmt: skip
    def create(self, request, pk):
        given, comment = self.read(CorrectionInput), self.comment(pk)
        correct_disclosure(comment, given["text"], request.user)
        return Response(CommentDisclosureSerializer(comment).data, status=201)


class AuthorshipViewSet(ApiViewSet):
    queryset = Authorship.objects.none()
    serializer_class = AuthorshipSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filters = {"subject": "subject__ref", "person": "user__handle"}

    def authorships(self):
        return Authorship.objects.visible_to(self.request.user).with_people()

    @extend_schema(
        summary="Who wrote what entries are about, as stated; newest first",
        parameters=[
            OpenApiParameter("subject", str, description="An entry, such as release:openai/gpt-2."),
            OpenApiParameter("person", str, description="A handle."),
        ],
    )
    def list(self, request):
        return self.listed(self.authorships(), AuthorshipSerializer)

    @extend_schema(
        summary="Say that one, or as its lab that somebody, wrote what an entry is about",
        request=AuthorshipInput,
        responses={201: AuthorshipSerializer},
    )
    def create(self, request):
        given = self.read(AuthorshipInput)
        subject = get_object_or_404(Subject.objects.visible_to(request.user), ref=given["subject"])
        person = request.user
        if "person" in given:
            person = User.objects.visible_to(request.user).filter(handle=given["person"]).first()
            if person is None:
                raise Invalid("Nobody here has this handle.", "person")
        return Response(AuthorshipSerializer(name_author(subject, person, by=request.user)).data, status=201)

    @extend_schema(
        summary="Take a statement back, or call it wrong as the other side; both stay on record",
        request=ClosingInput,
        responses={201: AuthorshipSerializer},
    )
    @action(detail=True, methods=["post"])
    def closing(self, request, pk):
        found = get_object_or_404(self.authorships(), pk=int(pk))
        words = self.read(ClosingInput)["words"]
        return Response(AuthorshipSerializer(close_authorship(found, words, by=request.user)).data, status=201)
