"""Moderation over the API: the same acts as on the pages."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from discussions.summaries.models import Summary
from discussions.threads.models import Comment, Thread
from registry.accounts.models import User
from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.core.rules import require
from registry.core.subjects import Subject

from . import actions
from .models import Decision, Report
from .serializers import (
    AppealInput,
    DecisionInput,
    DecisionSerializer,
    JudgementInput,
    NothingInput,
    ReportInput,
    ReportSerializer,
    RestorationInput,
)
from .targets import TEXTS

ID = "[0-9]{1,18}"
DECIDED = {201: DecisionSerializer}


class ReportViewSet(ApiViewSet):
    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    lookup_value_regex = ID
    filters = {"state": "state", "rule": "rule"}

    def reports(self):
        """One's own, for moderators too: what others reported is on the pages of the queue."""
        user = self.request.user
        rows = Report.objects.filter(reporter=user) if user.is_authenticated else Report.objects.none()
        return rows.with_places()

    @extend_schema(
        summary="One's own reports, and what became of them",
        parameters=[
            OpenApiParameter("state", str, enum=Report.State.values),
            OpenApiParameter("rule", str, description="Such as R1."),
        ],
    )
    def list(self, request):
        return self.listed(self.reports(), ReportSerializer)

    @extend_schema(summary="One of one's own reports")
    def retrieve(self, request, pk):
        return Response(ReportSerializer(get_object_or_404(self.reports(), pk=int(pk))).data)

    @extend_schema(summary="Report something to moderators", request=ReportInput, responses={201: ReportSerializer})
    def create(self, request):
        given = self.read(ReportInput)
        target, text = _seen(request.user, given), given.get("text", "")
        made = actions.report(target, rule=given["rule"], text=text, by=request.user)
        headers = {"Location": f"{request.path}/{made.pk}"}
        return Response(ReportSerializer(made).data, status=201, headers=headers)


class LogViewSet(ApiViewSet):
    queryset = Decision.objects.none()
    serializer_class = DecisionSerializer
    lookup_value_regex = ID
    filters = {"kind": "kind", "rule": "rule", "by": "by__handle", "state": "state"}

    def decisions(self):
        return Decision.objects.decided().with_places()

    @extend_schema(
        summary="Every decision of moderators, the newest first",
        parameters=[
            OpenApiParameter("kind", str, enum=Decision.Kind.values),
            OpenApiParameter("rule", str, description="Such as R1."),
            OpenApiParameter("by", str, description="A moderator's handle."),
            OpenApiParameter("state", str, enum=Decision.State.values),
        ],
    )
    def list(self, request):
        return self.listed(self.decisions(), DecisionSerializer)

    @extend_schema(summary="One decision")
    def retrieve(self, request, pk):
        return Response(DecisionSerializer(get_object_or_404(self.decisions(), pk=int(pk))).data)


class DecisionViewSet(ApiViewSet):
    queryset = Decision.objects.none()
    serializer_class = DecisionSerializer
    lookup_value_regex = ID

    def found(self, pk):
        return get_object_or_404(Decision.objects.visible_to(self.request.user).with_places(), pk=int(pk))

    @extend_schema(
        summary="Decide, as a moderator; erasing, or hiding an entry, is proposed",
        request=DecisionInput,
        responses=DECIDED,
    )
    def create(self, request):
        require(request.user, "moderation.see")
        given = self.read(DecisionInput)
        target = _target(given)
        to = None
        if "to" in given and (to := Subject.objects.filter(ref=given["to"], public=True).first()) is None:
            raise Invalid("There is nothing public of this name.", "to")
        to_thread = None
        if "to_thread" in given:
            to_thread = Thread.objects.visible_to(request.user).filter(pk=given["to_thread"]).first()
            if to_thread is None:
                raise Invalid("There is no such discussion to be seen.", "to_thread")
        made = actions.decide(
            given["kind"], target, rule=given["rule"], reason=given["reason"], by=request.user,
            until=given.get("until"), minutes=given.get("minutes"), to=to, to_thread=to_thread,
            title=given.get("title", ""),
        )  # fmt: skip
        return _answer(made, 201)

    @extend_schema(summary="Confirm what another moderator proposed", request=NothingInput, responses=DECIDED)
    @action(detail=True, methods=["post"])
    def confirmation(self, request, pk):
        require(request.user, "moderation.see")
        self.read(NothingInput)
        return _answer(actions.confirm(self.found(pk), by=request.user), 201)

    @extend_schema(summary="Refuse what was proposed", request=NothingInput, responses=DECIDED)
    @action(detail=True, methods=["post"])
    def refusal(self, request, pk):
        require(request.user, "moderation.see")
        self.read(NothingInput)
        return _answer(actions.refuse(self.found(pk), by=request.user), 201)

    @extend_schema(summary="Take a decision back", request=RestorationInput, responses=DECIDED)
    @action(detail=True, methods=["post"])
    def restoration(self, request, pk):
        require(request.user, "moderation.see")
        given = self.read(RestorationInput)
        return _answer(actions.restore(self.found(pk), reason=given["reason"], by=request.user), 201)

    @extend_schema(summary="Appeal, as whoever the decision concerns", request=AppealInput, responses=DECIDED)
    @action(detail=True, methods=["post"])
    def appeal(self, request, pk):
        given = self.read(AppealInput)
        actions.appeal(self.found(pk), text=given["text"], by=request.user)
        return _answer(self.found(pk), 201)

    @extend_schema(summary="Answer an appeal, as another moderator", request=JudgementInput, responses=DECIDED)
    @action(detail=True, methods=["post"])
    def judgement(self, request, pk):
        require(request.user, "moderation.see")
        given, found = self.read(JudgementInput), self.found(pk)
        if not hasattr(found, "appeal"):
            raise Http404
        actions.judge(found.appeal, outcome=given["outcome"], answer=given["answer"], by=request.user)
        return _answer(self.found(pk), 201)


def _answer(decision, status):
    headers = {"Location": f"/api/v1/moderation-log/{decision.pk}"}
    return Response(DecisionSerializer(decision).data, status=status, headers=headers)


def _seen(user, given):
    """What is named, if this person may see it."""
    if "comment" in given:
        comments = Comment.objects.visible_to(user).select_related("author", "thread")
        return get_object_or_404(comments, pk=given["comment"])
    if "thread" in given:
        return get_object_or_404(Thread.objects.visible_to(user).with_people(), pk=given["thread"])
    if "summary" in given:
        return get_object_or_404(Summary.objects.visible_to(user).with_people(), pk=given["summary"])
    if "subject" in given:
        return get_object_or_404(Subject.objects.visible_to(user), ref=given["subject"], kind__in=TEXTS, hidden=False)
    return get_object_or_404(User.objects.visible_to(user).select_related("subject"), handle=given["person"])


def _target(given):
    """What is named, seen or not: moderators decide about what was taken from view, too."""
    if "comment" in given:
        comments = Comment.objects.filter(thread__about__public=True)
        return get_object_or_404(comments.select_related("author", "thread__about"), pk=given["comment"])
    if "thread" in given:
        threads = Thread.objects.filter(about__public=True)
        return get_object_or_404(threads.select_related("about", "started_by"), pk=given["thread"])
    if "summary" in given:
        summaries = Summary.objects.filter(thread__about__public=True)
        return get_object_or_404(summaries.select_related("by", "thread__about"), pk=given["summary"])
    if "subject" in given:
        return get_object_or_404(Subject.objects.filter(public=True, kind__in=TEXTS), ref=given["subject"])
    return get_object_or_404(User.objects.select_related("subject"), handle=given["person"])
