"""Letters over the API: the same acts as on the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from discussions.moderation.serializers import ReportSerializer
from registry.accounts.models import User
from registry.core.api import ApiViewSet, StrictSerializer
from registry.core.errors import Invalid
from registry.core.subjects import Subject

from . import actions, consent
from .models import Category, LabLetter, LetterProposal, Visibility
from .reporting import report
from .serializers import (
    DateInput,
    LetterInput,
    LetterReportInput,
    LetterSerializer,
    MessageInput,
    MessageSerializer,
    ProposalInput,
    ProposalSerializer,
    RefusalInput,
)

OF_OLD = ("written_by", "person")


def _only_mine(user):
    def narrow(queryset, value):
        if value != "true":
            raise Invalid("Write true, or leave it out.", "mine")
        return queryset.filter(sender=user) if user.is_authenticated else queryset.none()

    return narrow


class LetterViewSet(ApiViewSet):
    queryset = LabLetter.objects.none()
    serializer_class = LetterSerializer
    lookup_value_regex = "[0-9]{1,18}"

    @property
    def filters(self):
        return {
            "subject": "about__ref", "lab": "lab__slug", "state": "state", "category": "category",
            "mine": _only_mine(self.request.user),
        }  # fmt: skip

    def found(self, pk):
        """A letter that has a page for this reader."""
        letters = LabLetter.objects.visible_to(self.request.user).with_place().prefetch_related("date_changes")
        return get_object_or_404(letters, pk=self.number(pk))

    def readable(self, pk):
        """A letter that this reader may read."""
        return get_object_or_404(LabLetter.objects.readable_by(self.request.user).with_place(), pk=self.number(pk))

    def answered(self, letter, status=200, **headers):
        context = {"readable": self._readable_among([letter])}
        return Response(LetterSerializer(letter, context=context).data, status=status, headers=headers)

    def _readable_among(self, letters):
        readable = LabLetter.objects.readable_by(self.request.user).filter(pk__in=[letter.pk for letter in letters])
        return set(readable.values_list("pk", flat=True))

    @extend_schema(
        summary="Letters to labs, newest first: those that you read, and what everybody may know of others",
        parameters=[
            OpenApiParameter("subject", str, description="Such as release:openai/gpt-2."),
            OpenApiParameter("lab", str, description="A lab's short name."),
            OpenApiParameter("state", str, enum=LabLetter.State.values),
            OpenApiParameter("category", str, enum=Category.values),
            OpenApiParameter("mine", str, enum=["true"], description="Only those that you sent."),
        ],
    )
    def list(self, request):
        letters = LabLetter.objects.visible_to(request.user).with_place().prefetch_related("date_changes")
        rows = self.paginate_queryset(self.narrowed(letters))
        context = {"readable": self._readable_among(rows)}
        return self.get_paginated_response(LetterSerializer(rows, many=True, context=context).data)

    @extend_schema(summary="One letter")
    def retrieve(self, request, pk):
        return self.answered(self.found(pk))

    @extend_schema(
        summary="Write to a lab, or enter a letter that was written elsewhere",
        request=LetterInput,
        responses={201: LetterSerializer},
    )
    def create(self, request):
        given = self.read(LetterInput)
        subjects = Subject.objects.visible_to(request.user).filter(hidden=False)
        subject = get_object_or_404(subjects, ref=given.pop("subject"))
        letter = self._enter(subject, given) if "written_on" in given else self._send(subject, given)
        return self.answered(letter, 201, Location=f"{request.path}/{letter.pk}")

    def _send(self, subject, given):
        for name in OF_OLD:
            if name in given:
                raise Invalid("This is only of a letter that was written elsewhere: give written_on too.", name)
        given.setdefault("visibility", Visibility.PUBLIC)
        return actions.send_letter(subject, by=self.request.user, **given)

    def _enter(self, subject, given):
        given.pop("named")
        for name in ("visibility", "public_on"):
            if name in given:
                raise Invalid("A letter that was written elsewhere is private until the other side consents.", name)
        person = given.pop("person", None)
        if person is not None:
            person = User.objects.filter(handle=person, is_active=True).first()
            if person is None:
                raise Invalid("There is nobody of this handle.", "person")
        return consent.enter_old_letter(subject, by=self.request.user, person=person, **given)

    @extend_schema(summary="Change when a letter becomes public", request=DateInput, responses=LetterSerializer)
    def partial_update(self, request, pk):
        letter = self.readable(pk)
        actions.change_date(letter, self.read(DateInput)["public_on"], request.user)
        return self.answered(self.found(pk))

    @extend_schema(summary="The answers below a letter, newest first", responses=MessageSerializer(many=True))
    @action(detail=True, methods=["get"])
    def messages(self, request, pk):
        self._refuse_unknown({"cursor", "limit"})
        messages = self.readable(pk).messages.exclude(body="").select_related("author", "official_for")
        rows = self.paginate_queryset(messages)
        return self.get_paginated_response(MessageSerializer(rows, many=True).data)

    @extend_schema(summary="Answer a letter where it stands", request=MessageInput, responses={201: MessageSerializer})
    @messages.mapping.post
    def answer(self, request, pk):
        given = self.read(MessageInput)
        message = actions.answer(self.readable(pk), given["body"], request.user, official=given["official"])
        return Response(MessageSerializer(message).data, status=201)

    @extend_schema(summary="Make a dated letter public now", request=None, responses={201: LetterSerializer})
    @action(detail=True, methods=["post"])
    def opening(self, request, pk):
        self.read(StrictSerializer)
        return self.answered(actions.open_now(self.readable(pk), request.user), 201)

    @extend_schema(
        summary="Withdraw a dated letter before it is public", request=None, responses={201: LetterSerializer}
    )
    @action(detail=True, methods=["post"])
    def withdrawal(self, request, pk):
        self.read(StrictSerializer)
        return self.answered(actions.withdraw(self.readable(pk), request.user), 201)

    @extend_schema(
        summary="Propose to publish a private letter", request=ProposalInput, responses={201: ProposalSerializer}
    )
    @action(detail=True, methods=["post"])
    def proposal(self, request, pk):
        scope = self.read(ProposalInput)["scope"]
        made = consent.propose(self.readable(pk), request.user, scope=scope)
        return Response(ProposalSerializer(made).data, status=201)

    @extend_schema(summary="Take a proposal back", request=None, responses={201: ProposalSerializer})
    @action(detail=True, methods=["post"], url_path="proposal/withdrawal")
    def take_back(self, request, pk):
        self.read(StrictSerializer)
        made = consent.take_back_proposal(self._waiting(pk), request.user)
        return Response(ProposalSerializer(made).data, status=201)

    @extend_schema(
        summary="Agree to publish what the other side proposed", request=None, responses={201: LetterSerializer}
    )
    @action(detail=True, methods=["post"])
    def consent(self, request, pk):
        self.read(StrictSerializer)
        return self.answered(consent.consent(self._waiting(pk), request.user), 201)

    @extend_schema(summary="Decline to publish", request=RefusalInput, responses={201: ProposalSerializer})
    @action(detail=True, methods=["post"])
    def refusal(self, request, pk):
        waiting = self._waiting(pk)
        declined = consent.decline(waiting, self.read(RefusalInput)["reason"], request.user)
        return Response(ProposalSerializer(declined).data, status=201)

    @extend_schema(
        summary="Report a letter to moderators", request=LetterReportInput, responses={201: ReportSerializer}
    )
    @action(detail=True, methods=["post"], url_path="report")
    def report_letter(self, request, pk):
        given = self.read(LetterReportInput)
        made = report(self.readable(pk), rule=given["rule"], text=given["text"], by=request.user)
        return Response(ReportSerializer(made).data, status=201)

    def _waiting(self, pk):
        letter = self.readable(pk)
        return get_object_or_404(LetterProposal.objects.waiting().select_related("by"), letter=letter)
