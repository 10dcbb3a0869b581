"""Discussions over the API: the same acts as on the pages."""

import re

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.core.subjects import Subject
from registry.labs.models import Lab
from registry.search.language import MOST

from . import actions
from .models import Comment, Thread
from .pseudonyms import named_pseudonym
from .search import ask, find
from .serializers import CommentInput, CommentSerializer, EditInput, RetractionInput, ThreadInput, ThreadSerializer

ID = "[0-9]{1,18}"
TAG = re.compile(r'"(\d{1,18})-(\d{1,9})"')


def _by_id(lookup):
    def narrow(queryset, value):
        known = value.isascii() and value.isdigit() and len(value) < 19
        return queryset.filter(**{lookup: int(value)}) if known else queryset.none()

    return narrow


class ThreadViewSet(ApiViewSet):
    queryset = Thread.objects.none()
    serializer_class = ThreadSerializer
    lookup_value_regex = ID
    filters = {"subject": "about__ref", "started_by": "started_by__handle"}

    def threads(self):
        return Thread.objects.visible_to(self.request.user).with_people()

    @extend_schema(
        summary="Discussions, newest first",
        parameters=[
            OpenApiParameter("subject", str, description="Such as release:openai/gpt-2."),
            OpenApiParameter("started_by", str, description="A person's handle."),
        ],
    )
    def list(self, request):
        return self.listed(self.threads(), ThreadSerializer)

    @extend_schema(summary="One discussion, without its comments")
    def retrieve(self, request, pk):
        return Response(ThreadSerializer(get_object_or_404(self.threads(), pk=int(pk))).data)

    @extend_schema(
        summary="Start a discussion with its first comment", request=ThreadInput, responses={201: ThreadSerializer}
    )
    def create(self, request):
        given = self.read(ThreadInput)
        subject = get_object_or_404(Subject.objects.visible_to(request.user), ref=given["subject"])
        thread = actions.start_thread(
            subject, given["title"], given["body"], request.user, official_for=_lab(given.get("official_for")),
            passage=given.get("passage", ""),
            pseudonym=named_pseudonym(request.user, given.get("pseudonym")),
        )  # fmt: skip
        headers = {"Location": f"{request.path}/{thread.pk}"}
        return Response(ThreadSerializer(thread).data, status=201, headers=headers)


class CommentViewSet(ApiViewSet):
    queryset = Comment.objects.none()
    serializer_class = CommentSerializer
    lookup_value_regex = ID
    ordering = "pk"
    filters = {
        "thread": _by_id("thread"),
        "parent": _by_id("parent"),
        "author": "author__handle",
        "official_for": "official_for__slug",
        "q": lambda comments, text: find(ask(text[:MOST]), None, comments),
    }

    def comments(self):
        return Comment.objects.visible_to(self.request.user).with_thread()

    def found(self, pk):
        return get_object_or_404(self.comments(), pk=int(pk))

    @extend_schema(
        summary="Comments, oldest first",
        parameters=[
            OpenApiParameter("thread", int, description="A discussion's id."),
            OpenApiParameter("parent", int, description="A comment's id: what answers it."),
            OpenApiParameter("author", str, description="A person's handle."),
            OpenApiParameter("official_for", str, description="A lab's short name: its official responses."),
            OpenApiParameter("q", str, description="Words and operators, as on the page /threads/search/."),
        ],
    )
    def list(self, request):
        return self.listed(self.comments(), CommentSerializer)

    @extend_schema(summary="One comment")
    def retrieve(self, request, pk):
        return _answer(self.found(pk))

    @extend_schema(
        summary="Post a comment, at the end or below another",
        request=CommentInput,
        responses={201: CommentSerializer},
    )
    def create(self, request):
        given = self.read(CommentInput)
        threads = Thread.objects.visible_to(request.user).with_people()
        thread = get_object_or_404(threads, pk=given["thread"])
        parent = None
        if given.get("parent"):
            parent = Comment.objects.visible_to(request.user).filter(thread=thread, pk=given["parent"]).first()
            if parent is None:
                raise Invalid("There is no such comment in this discussion.", "parent")
        comment = actions.post(
            thread, given["body"], request.user, parent=parent, official_for=_lab(given.get("official_for")),
            passage=given.get("passage", ""),
            pseudonym=named_pseudonym(request.user, given.get("pseudonym")),
        )  # fmt: skip
        return _answer(comment, 201, {"Location": f"{request.path}/{comment.pk}"})

    @extend_schema(
        summary="Edit one's own comment; the earlier text stays readable",
        request=EditInput,
        responses={200: CommentSerializer, 412: OpenApiResponse(description="Somebody was faster.")},
        parameters=[
            OpenApiParameter("If-Match", str, "header", description="The ETag of the text that the edit is based on.")
        ],
    )
    def partial_update(self, request, pk):
        comment = self.found(pk)
        given = self.read(EditInput)
        return _answer(actions.edit(comment, given["body"], request.user, _version(request, comment)))

    @extend_schema(
        summary="Retract one's own comment; its text stays, struck through",
        request=RetractionInput,
        responses={201: CommentSerializer},
    )
    @action(detail=True, methods=["post"])
    def retraction(self, request, pk):
        comment = self.found(pk)
        given = self.read(RetractionInput)
        return _answer(actions.retract(comment, request.user, given["reason"]), 201)


def _answer(comment, status=200, headers=None):
    headers = {"ETag": f'"{comment.pk}-{comment.edits}"', **(headers or {})}
    return Response(CommentSerializer(comment).data, status=status, headers=headers)


def _version(request, comment):
    """The number of edits that the header If-Match names: None without one, -1 (never current) for another's."""
    given = request.headers.get("If-Match", "").strip()
    if given in {"", "*"}:
        return None
    named = {(int(pk), int(edits)) for pk, edits in TAG.findall(given)}
    return comment.edits if (comment.pk, comment.edits) in named else -1


def _lab(slug):
    if not slug:
        return None
    lab = Lab.objects.filter(slug=slug).first()
    if lab is None:
        raise Invalid("There is no such lab.", "official_for")
    return lab
