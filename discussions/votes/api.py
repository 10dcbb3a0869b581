"""Votes over the API: the same acts as on the pages."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from discussions.threads.models import Comment
from registry.core.api import ApiViewSet

from . import actions
from .models import Vote
from .serializers import VoteInput, VoteSerializer, VotesSerializer
from .tallies import summary


class CommentVotes(ApiViewSet):
    """The votes on one comment, counted; whoever votes gets the new count."""

    queryset = Vote.objects.none()
    serializer_class = VotesSerializer

    def comment(self, pk):
        return get_object_or_404(Comment.objects.visible_to(self.request.user).with_thread(), pk=pk)

    @extend_schema(summary="Votes on a comment by person, organisation and class")
    def retrieve(self, request, pk):
        return Response(self.told(self.comment(pk)))

    @extend_schema(
        summary="Vote on a comment; replaces one's earlier vote on the same axis", request=VoteInput,
        responses={201: VotesSerializer},
    )  # fmt: skip
    def create(self, request, pk):
        given, comment = self.read(VoteInput), self.comment(pk)
        actions.vote(comment, given["axis"], given["value"], request.user)
        return Response(self.told(comment), status=201)

    @extend_schema(summary="Take back one's vote on an axis", responses={200: VotesSerializer})
    def destroy(self, request, pk, axis):
        if axis not in Vote.Axis.values:
            raise Http404
        comment = self.comment(pk)
        actions.withdraw_vote(comment, axis, request.user)
        return Response(self.told(comment))

    def told(self, comment):
        own = dict.fromkeys(Vote.Axis.values)
        if self.request.user.is_authenticated:
            own |= dict(comment.votes.filter(user=self.request.user).values_list("axis", "value"))
        url = reverse("votes:of_comment", args=[comment.pk])
        return VotesSerializer({"comment": comment.pk, "own": own, "url": url, **summary(comment)}).data


def _of_comment(queryset, value):
    known = value.isascii() and value.isdigit() and len(value) < 19
    return queryset.filter(comment=int(value)) if known else queryset.none()


class VoteViewSet(ApiViewSet):
    queryset = Vote.objects.none()
    serializer_class = VoteSerializer
    filters = {"comment": _of_comment, "person": "user__handle", "axis": "axis"}

    @extend_schema(
        summary="Votes, the newest first",
        parameters=[
            OpenApiParameter("comment", int, description="A comment's id."),
            OpenApiParameter("person", str, description="A person's handle."),
            OpenApiParameter("axis", str, enum=Vote.Axis.values),
        ],
    )
    def list(self, request):
        return self.listed(Vote.objects.visible_to(request.user).with_people(), VoteSerializer)
