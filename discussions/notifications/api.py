"""Following and notices over the API: each person's own."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from registry.core.api import OwnViewSet
from registry.core.errors import Invalid
from registry.core.subjects import Subject

from . import actions
from .models import Cadence, Notice, Subscription
from .serializers import (
    CadenceInput,
    NoticeSerializer,
    ReadingInput,
    ReadingSerializer,
    SubscriptionInput,
    SubscriptionSerializer,
)

ID = "[0-9]{1,18}"


def _unread(rows, value):
    if value not in {"true", "false"}:
        raise Invalid("unread is true or false.", "unread")
    return rows.unread() if value == "true" else rows.read()


class SubscriptionViewSet(OwnViewSet):
    queryset = Subscription.objects.none()
    serializer_class = SubscriptionSerializer
    filters = {"subject": "subject__ref", "cadence": "cadence"}

    def subscriptions(self):
        return Subscription.objects.visible_to(self.request.user).select_related("subject")

    @extend_schema(
        summary="What one follows",
        parameters=[
            OpenApiParameter("subject", str, description="Such as release:openai/gpt-2."),
            OpenApiParameter("cadence", str, enum=Cadence.values),
        ],
    )
    def list(self, request):
        return self.listed(self.subscriptions(), SubscriptionSerializer)

    @extend_schema(summary="One subscription")
    def retrieve(self, request, pk):
        return Response(SubscriptionSerializer(self.found(pk)).data)

    @extend_schema(
        summary="Follow a subject or the words of a search", request=SubscriptionInput,
        responses={201: SubscriptionSerializer},
    )  # fmt: skip
    def create(self, request):
        given = self.read(SubscriptionInput)
        if ("subject" in given) == ("words" in given):
            raise Invalid("Name a subject or words, one of the two.", "subject")
        subject = self.subject(given["subject"]) if "subject" in given else None
        words, cadence = given.get("words", ""), given.get("cadence", Cadence.USUAL)
        made = actions.follow(by=request.user, subject=subject, words=words, cadence=cadence)
        headers = {"Location": f"{request.path}/{made.pk}"}
        return Response(SubscriptionSerializer(made).data, status=201, headers=headers)

    @extend_schema(summary="Change how mail comes", request=CadenceInput, responses={200: SubscriptionSerializer})
    def partial_update(self, request, pk):
        found, cadence = self.found(pk), self.read(CadenceInput)["cadence"]
        changed = actions.follow(by=request.user, subject=found.subject, words=found.words, cadence=cadence)
        return Response(SubscriptionSerializer(changed).data)

    @extend_schema(summary="Stop following", responses={204: None})
    def destroy(self, request, pk):
        actions.stop_following(self.found(pk), by=request.user)
        return Response(status=204)

    def found(self, pk):
        return get_object_or_404(self.subscriptions(), pk=int(pk))

    def subject(self, ref):
        return get_object_or_404(Subject.objects.visible_to(self.request.user).filter(hidden=False), ref=ref)


class NoticeViewSet(OwnViewSet):
    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    filters = {"reason": "reason", "about": "about__ref", "unread": _unread}

    def notices(self):
        return Notice.objects.visible_to(self.request.user).with_event()

    @extend_schema(
        summary="What one was told, newest first",
        parameters=[
            OpenApiParameter("reason", str, enum=Notice.Reason.values),
            OpenApiParameter("about", str, description="What it stands under, such as thread:12."),
            OpenApiParameter("unread", str, enum=["true", "false"]),
        ],
    )
    def list(self, request):
        return self.listed(self.notices(), NoticeSerializer)

    @extend_schema(summary="One notice")
    def retrieve(self, request, pk):
        return Response(NoticeSerializer(get_object_or_404(self.notices(), pk=int(pk))).data)

    @extend_schema(summary="Mark notices as read", request=ReadingInput, responses={200: ReadingSerializer})
    @action(detail=False, methods=["post"])
    def reading(self, request):
        given = self.read(ReadingInput)
        if ("notices" in given) == ("up_to" in given):
            raise Invalid("Name notices or the last of them, one of the two.", "notices")
        named = {"pk__in": given["notices"]} if "notices" in given else {"pk__lte": given["up_to"]}
        marked = actions.mark_read(request.user, Notice.objects.filter(user=request.user, **named))
        return Response({"marked": marked})
