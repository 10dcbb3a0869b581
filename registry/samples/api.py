"""Files of samples over the API: attach one, and read it a page at a time."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from registry.core.api import ApiViewSet
from registry.core.errors import Invalid
from registry.core.files import StoredFile
from registry.core.rules import allows, require
from registry.releases.content import normalise
from registry.releases.models import Entry

from . import converters as converters
from .actions import attach_samples
from .forms import NarrowForm
from .models import SampleFile
from .reading import read_page
from .serializers import SampleFileSerializer, SampleFilesSerializer, SamplePageSerializer, SamplesInput
from .views import find_file, line_of

NARROW = [
    OpenApiParameter("from", int, description="The line at which the page begins."),
    OpenApiParameter("text", str, description="What the text holds, in any case."),
    OpenApiParameter("prompt", str, description="What the prompt holds, in any case."),
    OpenApiParameter("least", int, description="Words, at least."),
    OpenApiParameter("most", int, description="Words, at most."),
]


class SamplesViewSet(ApiViewSet):
    """Samples of an entry; those on a draft are seen by whoever may read the draft."""

    queryset = SampleFile.objects.none()
    serializer_class = SampleFileSerializer

    def entry(self, lab, slug):
        entry = get_object_or_404(Entry.objects.with_current(), lab__slug=lab, slug=slug)
        if not allows(self.request.user, "releases.see", entry):
            raise Http404
        return entry

    @extend_schema(
        summary="Files of samples on an entry", operation_id="releases_samples_list", responses=SampleFilesSerializer
    )
    def files(self, request, lab, slug):
        found = SampleFile.objects.on(self.entry(lab, slug), request.user).order_by("pk")
        return Response({"results": SampleFileSerializer(found, many=True).data})

    @extend_schema(
        summary="Put a file of samples on the draft", request=SamplesInput, responses={201: SampleFileSerializer},
        description="Unless a set of samples of the draft names the file, a new one is added that does.",
    )  # fmt: skip
    def attach(self, request, lab, slug):
        entry = self.entry(lab, slug)
        said = self.read(SamplesInput)
        require(request.user, "releases.edit", entry)
        file = StoredFile.objects.visible_to(request.user).filter(pk=said["file"]).first()
        if file is None:
            raise Invalid("There is no such file of yours. Upload it with POST files first.", "/file", "unknown")
        kept = attach_samples(entry, file, by=request.user)
        return Response(SampleFileSerializer(kept).data, status=201, headers={"Location": kept.get_absolute_url()})


class SamplePageViewSet(SamplesViewSet):
    parameters = frozenset({"from", *NarrowForm.base_fields})

    @extend_schema(summary="A page of samples", parameters=NARROW, responses=SamplePageSerializer)
    def page(self, request, lab, slug, digest):
        entry = self.entry(lab, slug)
        kept = find_file(entry, digest, request.user)
        form = NarrowForm(request.query_params)
        wanted = form.wanted()
        if wanted is None:
            field, errors = next(iter(form.errors.items()))
            raise Invalid(" ".join(errors), field)
        with kept.file.open() as stream:
            page = read_page(stream, kept.offsets, line_of(request.query_params.get("from", "")), wanted)
        content = entry.current.content if entry.current else normalise(entry.draft)
        said = next((item for item in content.get("samples", []) if item["file"] == kept.sha256), {})
        after = page.next if page.next and page.next <= kept.lines else None
        return Response({
            "lines": kept.lines, "first": page.first, "searched": page.searched, "next": after,
            "content_warning": said.get("content_warning", ""), "results": [one._asdict() for one in page.samples],
        })  # fmt: skip


ENTRY = "releases/<slug:lab>/<slug:slug>/samples"
paths = [
    path(ENTRY, SamplesViewSet.as_view({"get": "files", "post": "attach"}), name="api-sample-files"),
    path(f"{ENTRY}/<sample_digest:digest>", SamplePageViewSet.as_view({"get": "page"}), name="api-samples"),
]
