"""Entries, revisions, stages and files over the API."""

from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.bodies import takes_files
from registry.core.errors import Invalid, Stale
from registry.core.files import LARGEST, StoredFile, store_file
from registry.core.rules import allows, require
from registry.labs.models import Lab

from . import actions, dates
from .content import normalise
from .facets import PARTS, narrow
from .forms import FilterForm
from .ledger import ledger
from .models import Entry, Revision
from .serializers import (
    CardInput,
    DraftInput,
    EntryInput,
    EntryRow,
    EntrySerializer,
    FileInput,
    FileSerializer,
    LedgerSerializer,
    NumberedStageSerializer,
    PublicationInput,
    RevisionRow,
    RevisionSerializer,
    cell_document,
    entry_document,
    stages_of,
)
from .summary import summarise

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description='The ETag of the draft, such as "v3".'
)


def by_release(queryset, value, prefix="entry__"):
    lab, _, slug = value.partition("/")
    return queryset.filter(**{f"{prefix}lab__slug": lab, f"{prefix}slug": slug})


def by_state(queryset, value):
    if value not in {"draft", "published", "withdrawn"}:
        raise Invalid("state is draft, published or withdrawn.", "state")
    found = queryset.filter(published_at__isnull=value == "draft")
    return found if value == "draft" else found.filter(withdrawn_at__isnull=value == "published")


def by_disputed(queryset, value):
    if value not in {"true", "false"}:
        raise Invalid("Write true or false.", "disputed")
    return queryset.filter(disputed__gt=0) if value == "true" else queryset.filter(disputed=0)


def by_facet(name):
    """A part of `facets.narrow`; a word that is none of its vocabulary is an error."""

    def by(queryset, value):
        form = FilterForm({name: value})
        if not form.is_valid():
            raise Invalid(" ".join(form.errors[name]), name)
        # What is asked of one line must stand in one line: `list` asks for these three together.
        return queryset if name in PARTS else narrow(queryset, form.cleaned_data)

    return by


class EntryViewSet(ApiViewSet):
    """Release entries: drafts are seen by those who may see them on the site, and by nobody else."""

    queryset = Entry.objects.none()
    serializer_class = EntrySerializer
    filters = {
        "lab": "lab__slug", "kind": "kind", "word": "word", "origin": "origin", "decided_on": "decided_on",
        "state": by_state, "disputed": by_disputed,
        **{name: by_facet(name) for name in (*PARTS, "year", "norm", "overdue")},
    }  # fmt: skip
    parameters = frozenset({"draft"})

    def entry(self, lab, slug):
        entry = get_object_or_404(Entry.objects.with_current(), lab__slug=lab, slug=slug)
        if not allows(self.request.user, "releases.see", entry):
            raise Http404
        return entry

    @extend_schema(
        summary="Release entries", responses=EntryRow(many=True),
        parameters=[OpenApiParameter(name, str) for name in filters],
    )  # fmt: skip
    def list(self, request):
        lines = {name: request.query_params.get(name, "") for name in PARTS}
        return self.listed(narrow(Entry.objects.visible_to(request.user).as_rows(), lines), EntryRow)

    @extend_schema(
        summary="One entry: its current revision, or its draft",
        parameters=[OpenApiParameter("draft", bool, description="true shows the draft to those who may see it.")],
        responses=EntrySerializer,
    )  # fmt: skip
    def retrieve(self, request, lab, slug):
        return self._document(self.entry(lab, slug), draft=request.query_params.get("draft") == "true")

    @extend_schema(summary="Begin a draft", request=EntryInput, responses={201: EntrySerializer})
    def create(self, request):
        given = self._object(EntryInput)
        lab, slug = given.pop("lab", None), given.pop("slug", None)
        origin = given.pop("origin", Entry.Origin.SELF_REGISTERED)
        if origin not in Entry.Origin.values:
            raise Invalid(f"origin is one of: {', '.join(Entry.Origin.values)}.", "/origin")
        found = Lab.objects.visible_to(request.user).filter(slug=_text(lab, "lab")).first()
        if found is None:
            raise Invalid("There is no lab with this short name.", "/lab", "unknown")
        entry = actions.begin_entry(found, _text(slug, "slug"), by=request.user, content=given, origin=origin)
        response = self._document(entry, draft=True, status=201)
        response["Location"] = reverse("api-release", args=[found.slug, entry.slug])
        return response

    @extend_schema(
        summary="Change the draft",
        request=DraftInput,
        responses=EntrySerializer,
        parameters=[IF_MATCH],
        description="Fields that are given replace those of the draft; the others stay. 412 if If-Match is outdated.",
    )
    def partial_update(self, request, lab, slug):
        entry = self.entry(lab, slug)
        require(request.user, "releases.edit", entry)
        actions.change_draft(entry, self._object(DraftInput), by=request.user, version=self._version(entry))
        return self._document(entry, draft=True)

    @extend_schema(
        summary="Publish the draft as the next revision",
        request=PublicationInput,
        responses={201: RevisionSerializer},
        parameters=[IF_MATCH],
        description="412 if If-Match is outdated: nothing is published that was not read.",
    )
    def publication(self, request, lab, slug):
        entry = self.entry(lab, slug)
        said = self.read(PublicationInput)
        require(request.user, "releases.edit", entry)
        revision = actions.publish(
            entry, by=request.user, justification=said.get("justification", ""), version=self._version(entry)
        )
        revision.entry = entry
        location = reverse("api-revision", args=[lab, slug, revision.number])
        return Response(RevisionSerializer(revision).data, status=201, headers={"Location": location})

    @extend_schema(
        summary="Put a model card on the draft", request=CardInput, responses=EntrySerializer, parameters=[IF_MATCH]
    )
    def card(self, request, lab, slug):
        entry = self.entry(lab, slug)
        require(request.user, "releases.edit", entry)
        number = self.read(CardInput)["file"]
        card = StoredFile.objects.visible_to(request.user).filter(pk=number).first()
        if number is not None and card is None:
            raise Invalid("There is no such file of yours. Upload it with POST files first.", "/file", "unknown")
        actions.attach_card(entry, card, by=request.user, version=self._version(entry))
        return self._document(entry, draft=True)

    @extend_schema(summary="One revision with its content", responses=RevisionSerializer)
    def revision(self, request, lab, slug, number):
        revisions = Revision.objects.visible_to(request.user).with_entry()
        found = get_object_or_404(revisions, entry__lab__slug=lab, entry__slug=slug, number=min(number, 2**31 - 1))
        return Response(RevisionSerializer(found).data, headers={"ETag": f'"{found.digest}"'})

    @extend_schema(
        summary="The decision ledger: who may do what with which component, from when until when",
        parameters=[OpenApiParameter("on", str, description="A date, such as 2019-08-20: what stood on that day.")],
        responses=LedgerSerializer,
    )
    def ledger(self, request, lab, slug):
        entry = self.entry(lab, slug)
        content = entry.current.content if entry.current else normalise(entry.draft)
        on = request.query_params.get("on", "")
        day = dates.period(on)
        if on and not day:
            raise Invalid(dates.problem_with(on[:40]) or "Write a date such as 2019-08-20.", "on", "date")
        cells = [cell for cell in ledger(content) if not day or cell.stands_on(day[1])]
        body = {"release": entry.key, "revision": entry.current.number if entry.current else None, "on": on}
        body["cells"] = [cell_document(cell) for cell in cells]
        summary = summarise(content, dates.latest_today())
        return Response(body | {"word": str(summary.label), "because": summary.because})

    def _object(self, serializer_class):
        """The body with only known fields; what they hold is judged by `content`, which names JSON pointers."""
        if not isinstance(self.request.data, dict):
            raise Invalid("Send a JSON object.", "")
        known = serializer_class().fields
        unknown = [name for name in self.request.data if name not in known]
        if unknown:
            name = str(unknown[0])[:60].replace("~", "~0").replace("/", "~1")
            raise Invalid("There is no such field.", f"/{name}", "unknown")
        return dict(self.request.data)

    def _version(self, entry):
        """The draft version that the request names, checked; None where it names none."""
        given = self.request.headers.get("If-Match", "").strip()
        if given in {"", "*"}:
            return None
        if given != f'"v{entry.draft_version}"':
            current = f'"v{entry.draft_version}"'
            said = f"The draft is at {current} now. Read it again and repeat your change."
            raise Stale(said, current=current, given=given[:100])
        return entry.draft_version

    def _document(self, entry, *, draft=False, status=200):
        """The entry as JSON: its draft only to those who may see drafts of it, with an ETag to edit it by."""
        user = self.request.user
        editable = allows(user, "releases.edit", entry)
        if draft and entry.current_id and not editable:
            draft = False
        revision = None if draft else entry.current
        content = normalise(entry.draft) if revision is None else revision.content
        because = summarise(content, dates.latest_today()).because
        version = entry.draft_version if editable or revision is None else None
        body = entry_document(entry, content, revision=revision, because=because, draft_version=version)
        headers = {"ETag": f'"v{version}"' if version is not None else f'"{revision.digest}"'}
        return Response(body, status=status, headers=headers)


def _text(value, name):
    if not isinstance(value, str) or not value:
        raise Invalid(f"{name} is missing, or is not a text.", f"/{name}", "required")
    return value[:200]


class LedgerViewSet(EntryViewSet):
    parameters = frozenset({"on"})


class RevisionViewSet(ApiViewSet):
    queryset = Revision.objects.none()
    serializer_class = RevisionRow
    filters = {"release": by_release, "author": "author__handle", "number": "number", "digest": "digest"}

    @extend_schema(
        summary="Revisions of all entries, the newest first",
        parameters=[OpenApiParameter(name, str) for name in filters],
    )  # fmt: skip
    def list(self, request):
        return self.listed(
            Revision.objects.visible_to(request.user).with_entry().defer("content", "html"), RevisionRow
        )


class StageViewSet(ApiViewSet):
    queryset = Revision.objects.none()
    serializer_class = NumberedStageSerializer
    filters = {"release": by_release, "lab": "entry__lab__slug"}

    @extend_schema(
        summary="Stages of the current revisions; `limit` counts entries",
        parameters=[OpenApiParameter(name, str) for name in filters],
    )  # fmt: skip
    def list(self, request):
        current = Revision.objects.visible_to(request.user).with_entry().filter(entry__current=F("pk"))
        rows = self.paginate_queryset(self.narrowed(current))
        stages = [stage for revision in rows for stage in stages_of(revision)]
        return self.get_paginated_response(NumberedStageSerializer(stages, many=True).data)


class FileViewSet(ApiViewSet):
    queryset = StoredFile.objects.none()
    serializer_class = FileSerializer
    parser_classes = [MultiPartParser]

    @extend_schema(
        summary="Upload a file", request={"multipart/form-data": FileInput}, responses={201: FileSerializer}
    )
    def create(self, request):
        said = self.read(FileInput)
        stored = store_file(said["file"], kind=said["kind"], by=request.user)
        location = reverse("api-file", args=[stored.pk])
        return Response(FileSerializer(stored).data, status=201, headers={"Location": location})

    @extend_schema(summary="What is known of a file", responses=FileSerializer)
    def retrieve(self, request, pk):
        files = StoredFile.objects.visible_to(request.user)
        return Response(FileSerializer(get_object_or_404(files, pk=min(pk, 2**63 - 1))).data)


ENTRY = "releases/<slug:lab>/<slug:slug>"
paths = [
    path("releases", EntryViewSet.as_view({"get": "list", "post": "create"}), name="api-releases"),
    path(ENTRY, EntryViewSet.as_view({"get": "retrieve", "patch": "partial_update"}), name="api-release"),
    path(f"{ENTRY}/publication", EntryViewSet.as_view({"post": "publication"}), name="api-publication"),
    path(f"{ENTRY}/ledger", LedgerViewSet.as_view({"get": "ledger"}), name="api-ledger"),
    path(f"{ENTRY}/model-card", EntryViewSet.as_view({"put": "card"}), name="api-card"),
    path(f"{ENTRY}/revisions/<int:number>", EntryViewSet.as_view({"get": "revision"}), name="api-revision"),
    path("revisions", RevisionViewSet.as_view({"get": "list"}), name="api-revisions"),
    path("stages", StageViewSet.as_view({"get": "list"}), name="api-stages"),
    path("files", takes_files(LARGEST)(FileViewSet.as_view({"post": "create"})), name="api-files"),
    path("files/<int:pk>", FileViewSet.as_view({"get": "retrieve"}), name="api-file"),
]
