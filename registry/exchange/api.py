"""Bringing files in and taking revisions out, for scripts."""

from django.urls import path, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.analyses.errors import Unusable
from registry.core.api import ApiViewSet, answer_once
from registry.core.errors import Invalid, Stale
from registry.core.files import StoredFile
from registry.core.limits import take
from registry.core.rules import require
from registry.labs.models import Lab
from registry.releases.content import normalise
from registry.releases.models import Entry, Revision

from .actions import begin_from, take_over
from .exporting import export, formats_for
from .proposal import propose, rows
from .serializers import ExportList, ExportSerializer, ImportInput, ImportSerializer
from .views import find_format, find_revision

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description='The ETag of the draft, such as "v3".'
)


class ImportView(APIView):
    """What a file says, and taking it over."""

    @extend_schema(
        summary="Read a model card, CITATION.cff or CycloneDX file; take chosen fields into a draft", tags=["imports"],
        request=ImportInput, responses={200: ImportSerializer, 201: ImportSerializer}, parameters=[IF_MATCH],
        description="Without `take` this is a preview and changes nothing (200). With it the draft is filled (201).",
    )  # fmt: skip
    def post(self, request):
        if "Idempotency-Key" in request.headers:
            return answer_once(self.bring, request)
        return self.bring(request)

    def bring(self, request):
        serializer = ImportInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        take("import", f"u{request.user.pk}", size=60, per_seconds=3600)
        stored = _file(given, request.user)
        try:
            data = given["text"].encode("utf-8", "replace") if stored is None else stored.read()
            proposal = propose(data, given.get("format", ""))
        except Unusable as problem:
            raise Invalid(str(problem), "/text" if stored is None else "/file", "unusable") from None
        lab, slug, entry = _place(given, request.user)
        shown = rows(proposal, normalise(entry.draft if entry else {}), new=entry is None)
        if "take" not in given:
            return Response(_document(proposal, shown, [], None))
        if lab is None:
            raise Invalid("Say with release which draft to fill: LAB/SLUG.", "/release", "required")
        card = _card(given, stored)
        if entry is None:
            curates = request.user.is_moderator and not lab.memberships.filter(user=request.user).exists()
            origin = Entry.Origin.THIRD_PARTY if curates else Entry.Origin.SELF_REGISTERED
            entry = begin_from(lab, slug, proposal, given["take"], by=request.user, card=card, origin=origin)
        else:
            require(request.user, "releases.edit", entry)
            version = _version(request, entry)
            take_over(entry, proposal, given["take"], by=request.user, version=version, card=card)
        location = reverse("api-release", args=[lab.slug, entry.slug])
        body = _document(proposal, shown, given["take"], entry)
        return Response(body, status=201, headers={"Location": location, "ETag": f'"v{entry.draft_version}"'})


def _file(given, user):
    if ("file" in given) == ("text" in given):
        raise Invalid("Give either file or text.", "/file", "required")
    if "text" in given:
        return None
    stored = StoredFile.objects.filter(owner=user, pk=given["file"]).first()
    if stored is None:
        raise Invalid("There is no such file of yours. Upload it with POST files first.", "/file", "unknown")
    return stored


def _place(given, user):
    """(lab, short name, entry or None) that the body names; nothing where it names none."""
    if "release" not in given:
        return None, "", None
    name, _, slug = given["release"].removeprefix("release:").partition("/")
    lab = Lab.objects.visible_to(user).filter(slug=name).first()
    if lab is None or not slug:
        raise Invalid("There is no such lab; release is LAB/SLUG.", "/release", "unknown")
    entry = Entry.objects.visible_to(user).with_lab().filter(lab=lab, slug=slug).first()
    if entry is not None:
        require(user, "releases.edit", entry)
    return lab, slug, entry


def _card(given, stored):
    if not given["attach"]:
        return None
    if stored is None or stored.kind != "model_card":
        raise Invalid("Only a file of kind model_card can be put on a draft.", "/attach", "invalid")
    return stored


def _version(request, entry):
    given = request.headers.get("If-Match", "").strip()
    if given in {"", "*"}:
        return None
    if given != f'"v{entry.draft_version}"':
        raise Stale(f'The draft is at "v{entry.draft_version}" now. Read it again and repeat your change.')
    return entry.draft_version


def _document(proposal, shown, taken, entry):
    values = {one["name"]: one for one in proposal["fields"]}
    understood = [
        {
            "name": row["name"], "label": row["label"], "value": values[row["name"]]["value"], "where": row["where"],
            "says": row["quote"], "now": row["now"], "suggested": row["suggested"],
        }
        for row in shown
    ]  # fmt: skip
    return {
        "format": proposal["format"], "understood": understood, "not_understood": proposal["missed"],
        "taken": list(taken), "release": entry.key if entry else None,
        "draft_version": entry.draft_version if entry else None,
    }  # fmt: skip


class ExportViewSet(ApiViewSet):
    """A revision in other formats, and what each of them cannot say."""

    queryset = Revision.objects.none()
    serializer_class = ExportSerializer
    pagination_class = None

    @extend_schema(
        operation_id="exports_list",
        summary="Formats of a revision, and how much each can say",
        tags=["revisions"],
        responses=ExportList,
    )
    def list(self, request, lab, slug, number):
        self.narrowed(self.queryset)
        revision = find_revision(lab, slug, number)
        done = [export(revision.entry, revision, made) for made in formats_for(revision.content)]
        return Response({"results": [_export_row(one, revision) for one in done]})

    @extend_schema(
        operation_id="exports_retrieve",
        summary="What one format of a revision cannot say, value by value", tags=["revisions"],
        responses=ExportSerializer,
    )  # fmt: skip
    def retrieve(self, request, lab, slug, number, name):
        revision = find_revision(lab, slug, number)
        done = export(revision.entry, revision, find_format(revision, name))
        losses = [loss._asdict() for loss in done.losses]
        return Response(_export_row(done, revision) | {"losses": losses}, headers={"ETag": done.etag})


def _export_row(done, revision):
    key = [revision.entry.lab.slug, revision.entry.slug, revision.number, done.format.name]
    return {
        "format": done.format.name, "label": done.format.label, "media_type": done.format.media_type,
        "filename": done.filename, "url": reverse("exchange:download", args=key),
        "report": reverse("exchange:losses", args=key), "stated": done.stated, "counts": done.counts,
    }  # fmt: skip


REVISION = "releases/<slug:lab>/<slug:slug>/revisions/<int:number>/exports"
paths = [
    path("imports", ImportView.as_view(), name="api-imports"),
    path(REVISION, ExportViewSet.as_view({"get": "list"}), name="api-exports"),
    path(f"{REVISION}/<slug:name>", ExportViewSet.as_view({"get": "retrieve"}), name="api-export"),
]
