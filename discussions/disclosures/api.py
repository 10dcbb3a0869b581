"""Disclosures over the API: the same acts as on the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from discussions.threads.models import Comment
from registry.core.api import ApiViewSet

from .actions import correct_disclosure
from .serializers import CommentDisclosureSerializer, CorrectionInput


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
