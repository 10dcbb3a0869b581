"""Handing in a file, and where it goes."""

from django import forms
from django.core.files.base import ContentFile
from django.utils.text import slugify

from registry.analyses.errors import Unusable
from registry.core.errors import Invalid
from registry.core.files import store_file
from registry.core.forms import show_refusal
from registry.labs.models import Lab
from registry.releases.forms.entry import LabField
from registry.releases.models import Entry

from .proposal import MOST_BYTES, text_of
from .reading.apart import FORMATS, format_of

ENDINGS = {"model-card": "README.md", "citation-cff": "CITATION.cff", "cyclonedx": "bom.cdx.json"}


class EntryField(forms.ModelChoiceField):
    def label_from_instance(self, entry):
        return f"{entry} ({entry.key})"


class ImportForm(forms.Form):
    file = forms.FileField(
        required=False, allow_empty_file=True,
        help_text="A model card (Markdown), a CITATION.cff, or CycloneDX JSON 1.5 to 1.7; at most 2 MB.",
    )  # fmt: skip
    text = forms.CharField(
        label="Or paste its text", required=False, max_length=MOST_BYTES, strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "code"}),
    )  # fmt: skip
    format = forms.ChoiceField(
        label="What it is", required=False, choices=[("", "Find out from the text"), *FORMATS.items()],
    )  # fmt: skip
    draft = EntryField(
        Entry.objects.none(), label="Where it goes", required=False, empty_label="A new draft",
        help_text="Nothing is changed yet: the next page shows what was understood.",
    )  # fmt: skip

    def __init__(self, data=None, files=None, *, user, drafts, **kwargs):
        super().__init__(data, files, **kwargs)
        self.user = user
        self.fields["draft"].queryset = drafts

    def clean(self):
        said = super().clean()
        upload, text = said.get("file"), said.get("text", "")
        if upload is not None and text.strip():
            raise forms.ValidationError("There is a file and a text. Give one of the two.")
        if upload is None and not text.strip():
            raise forms.ValidationError("Choose a file or paste its text.")
        data = text.replace("\r\n", "\n").encode("utf-8", "replace") if upload is None else upload.read(MOST_BYTES + 1)
        try:
            if upload is not None and upload.size > MOST_BYTES:
                raise Unusable(f"The file is {upload.size:,} bytes long; at most {MOST_BYTES:,} are read.")
            read = text_of(data)
        except Unusable as problem:
            self.add_error("text" if upload is None else "file", str(problem))
            return said
        said["format"] = said.get("format") or format_of(read)
        name = upload.name if upload is not None else ENDINGS[said["format"]]
        # A card is kept as what it is, so that it can be put on the draft.
        said["stored"] = ContentFile(data, name=name)
        return said

    def save(self):
        """The stored file, or None where the form now says why it could not be kept."""
        kind = "model_card" if self.cleaned_data["format"] == "model-card" else "attachment"
        try:
            return store_file(self.cleaned_data["stored"], kind=kind, by=self.user)
        except Invalid as problem:
            show_refusal(self, problem)
        return None


class PlaceForm(forms.Form):
    """For a new draft: whose it is and what it is called."""

    lab = LabField(
        Lab.objects.none(), to_field_name="slug", empty_label=None,
        help_text="Whose decision it is. Where it says that you curate, you write as a third party.",
    )  # fmt: skip
    slug = forms.CharField(
        label="Short name", max_length=60, required=False,
        help_text="Part of the address, for good. Left empty, it is made from the title.",
    )  # fmt: skip

    def __init__(self, data=None, *, user, labs, title, **kwargs):
        super().__init__(data, **kwargs)
        self.title = title
        self.fields["lab"].queryset = labs
        self.fields["lab"].ours = frozenset(user.memberships.values_list("lab", flat=True))

    @property
    def origin(self):
        ours = self.cleaned_data["lab"].pk in self.fields["lab"].ours
        return Entry.Origin.SELF_REGISTERED if ours else Entry.Origin.THIRD_PARTY

    def clean(self):
        said = super().clean()
        said["slug"] = said.get("slug") or slugify(self.title)[:60].strip("-_").replace("_", "-")
        if not said["slug"] and "slug" not in self.errors:
            self.add_error("slug", "No short name can be made from the title. Write one in small letters and digits.")
        return said
