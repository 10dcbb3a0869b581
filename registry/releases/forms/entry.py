"""Beginning an entry, and the sheet that holds everything of it but its stages."""

from django import forms
from django.utils.text import slugify

from registry.core.errors import Conflict, Invalid, Refused
from registry.core.forms import show_refusal
from registry.labs.models import Lab

from ..actions import begin_entry
from ..models import Entry
from ..vocabulary import ArtefactKind, EventKind, LinkKind, Selection
from .sheet import FormerField, ListField, Row, Sheet, chance, keys, line, number, one_of, prose, rows_of
from .stage import BY_FAMILY


class LabField(forms.ModelChoiceField):
    """Labs by name; those that somebody would write about as a third party say so."""

    ours = frozenset()

    def label_from_instance(self, lab):
        return lab.name if lab.pk in self.ours else f"{lab.name} (you curate)"


class NewEntryForm(forms.Form):
    lab = LabField(
        Lab.objects.none(), to_field_name="slug", empty_label=None,
        help_text="Whose decision it is. Where it says that you curate, you write as a third party.",
    )  # fmt: skip
    title = forms.CharField(max_length=200, help_text="What people call it, such as GPT-2.")
    slug = forms.CharField(
        label="Short name", max_length=60, required=False,
        help_text="Part of the address, for good. Left empty, it is made from the title.",
    )  # fmt: skip
    kind = forms.ChoiceField(label="What it is", choices=ArtefactKind.choices)

    def __init__(self, data=None, *, user, labs, **kwargs):
        super().__init__(data, **kwargs)
        self.user = user
        self.fields["lab"].queryset = labs
        self.fields["lab"].ours = frozenset(user.memberships.values_list("lab", flat=True))

    def clean(self):
        cleaned = super().clean()
        cleaned["slug"] = cleaned.get("slug") or slugify(cleaned.get("title", ""))[:60].strip("-_").replace("_", "-")
        if cleaned.get("title") and not cleaned["slug"] and "slug" not in self.errors:
            self.add_error(
                "slug", "No short name can be made from this title. Write one in small letters and digits."
            )
        return cleaned

    def save(self):
        """The draft, or None where the form now says what stands in the way."""
        lab, said = self.cleaned_data["lab"], self.cleaned_data
        content = {"title": said["title"], "artefact": {"kind": said["kind"]}}
        ours = lab.pk in self.fields["lab"].ours
        origin = Entry.Origin.SELF_REGISTERED if ours else Entry.Origin.THIRD_PARTY
        try:
            return begin_entry(lab, said["slug"], by=self.user, content=content, origin=origin)
        except (Invalid, Conflict, Refused) as problem:
            show_refusal(self, problem)
        return None


class Basics(forms.Form):
    title = line("Title", "What people call it, such as GPT-2.")
    kind = one_of("What it is", ArtefactKind)
    former = FormerField(
        label="Names it had before", required=False,
        help_text="With the date until which each was used, such as: Glow until 2024-02-08. Commas part several.",
    )  # fmt: skip
    summary = prose("Summary", "What was decided, in at most 600 characters of plain text.", rows=3)
    rationale = prose(
        "Why this was decided",
        "Markdown. The first sentence stands at the top of the page as the “why”, so let it be the reason, or say that "
        "none was given.",
        rows=8,
    )


class VariantRow(Row):
    name = line("Name", placeholder="such as 1.5B")
    aliases = ListField(
        label="Other names", required=False, widget=forms.TextInput(attrs={"placeholder": "such as 1542M, 1558M"})
    )  # fmt: skip
    former = FormerField(
        label="Called before", required=False,
        widget=forms.TextInput(attrs={"placeholder": "such as 1542M until 2019-08-20"}),
    )  # fmt: skip
    note = line("Note")


class ConcernRow(Row):
    concern = prose("What could go wrong", rows=2)
    likelihood = chance("How likely")
    severity = chance("How bad")
    mitigation = prose("What was done about it", rows=2)
    sources = keys()


class AlternativeRow(Row):
    alternative = prose("What else was considered", rows=2)
    why_not = prose("Why it was not chosen", rows=2)
    sources = keys()


class EventRow(Row):
    beside = ("kind",)
    date = line("Date", placeholder="2019-08-22")
    kind = one_of("Kind", EventKind)
    text = prose("What happened", rows=2)
    variant = line("Variant")
    sources = keys()


class CorrectionRow(Row):
    old = prose("What stood there", rows=2)
    new = prose("What is right", rows=2)
    reason = prose("Why it was wrong", rows=2)
    date = line("Date", placeholder="2019-08-20")
    field = line("What was corrected", placeholder="such as: number of parameters")
    variant = line("Variant")
    sources = keys()


class LicenceRow(Row):
    date = line("Date", placeholder="2020-01-03")
    component = forms.ChoiceField(label="Component", required=False, choices=[("", "All of it"), *BY_FAMILY[1:]])
    variant = line("Variant", placeholder="all")
    old = line("Licence before", placeholder="MIT")
    new = line("Licence after", placeholder="custom")
    reason = prose("Why it changed", rows=2)
    sources = keys()


class SampleRow(Row):
    """A set of samples; whatever is left empty is shown as not stated."""

    title = line("Title", placeholder="such as: samples in the paper")
    variant = line("Variant")
    prompts_tried = number("Prompts tried")
    prompts_shown = number("Prompts shown")
    samples_per_prompt = number("Samples made for each prompt")
    samples_shown = number("Samples shown in all")
    selection = one_of("How they were chosen", Selection, blank="Not stated")
    rule = prose("By which rule", rows=2)
    temperature = number("Temperature", decimal=True)
    top_k = number("Top-k")
    top_p = number("Top-p", decimal=True)
    truncation = line("Where texts were cut off")
    decoding = line("Other settings")
    seed = line("Seed", placeholder="empty where it is not stated")
    raw_dump_url = line("Address of all outputs", placeholder="https://", inputmode="url")
    raw_dump_count = number("Number of all outputs")
    raw_dump_sha256 = line("SHA-256 of all outputs")
    content_warning = prose("What readers should be warned of", rows=2)
    file = line("SHA-256 of the samples kept here", placeholder="filled in by an upload")
    sources = keys()


class LinkRow(Row):
    beside = ("kind",)
    kind = one_of("Kind", LinkKind)
    title = line("Title")
    url = line("Address", placeholder="https://", inputmode="url")


class SourceRow(Row):
    key = line("Key", placeholder="such as post")
    title = line("Title")
    url = line("Address", placeholder="https://", inputmode="url")
    note = line("What it supports")


class EntrySheet(Sheet):
    """Everything of a draft but its stages and its model card."""

    head_class = Basics
    groups = {
        "variants": rows_of(VariantRow, 100), "concerns": rows_of(ConcernRow, 50),
        "alternatives": rows_of(AlternativeRow, 50), "events": rows_of(EventRow, 100),
        "corrections": rows_of(CorrectionRow, 100), "licence_changes": rows_of(LicenceRow, 100),
        "samples": rows_of(SampleRow, 20),
        "links": rows_of(LinkRow, 100), "sources": rows_of(SourceRow, 200),
    }  # fmt: skip
    pointers = {name: f"/{name}" for name in groups} | {"variants": "/artefact/variants"}
    head_pointers = {
        "title": "/title", "summary": "/summary", "rationale": "/rationale", "kind": "/artefact/kind",
        "former": "/artefact/former",
    }  # fmt: skip

    @staticmethod
    def part(content):
        """The part of a content that this sheet edits."""
        return {name: value for name, value in content.items() if name not in {"stages", "model_card", "schema"}}

    @staticmethod
    def fields_of(part):
        artefact = {"kind": part["artefact"]["kind"], "former": part["artefact"].get("former", [])}
        return {name: part[name] for name in ("title", "summary", "rationale")} | artefact

    @staticmethod
    def items_of(part, name):
        if name == "samples":
            return [_flat(item) for item in part.get(name, [])]
        return part["artefact"]["variants"] if name == "variants" else part.get(name, [])

    def written_into(self, content):
        """The content with what this sheet says in place of what it said before."""
        head = self.head.cleaned_data
        said = {name: self.items(name) for name in self.groups}
        # A date's precision is that of the text, so nobody has to state it.
        events = [event | {"date_precision": "unknown"} for event in said["events"]]
        return content | {
            "title": head["title"], "summary": head["summary"], "rationale": head["rationale"],
            "artefact": {"kind": head["kind"], "former": head["former"], "variants": said["variants"]},
            "corrections": said["corrections"], "licence_changes": said["licence_changes"],
            "samples": [_nested(item) for item in said["samples"]],
            "concerns": said["concerns"], "alternatives": said["alternatives"], "events": events,
            "links": said["links"], "sources": _with_keys(said["sources"]),
        }  # fmt: skip


def _flat(item):
    """A set of samples as the fields of its row."""
    dump = item["raw_dump"] or {}
    fields = {name: value for name, value in item.items() if name != "raw_dump"}
    return fields | {f"raw_dump_{name}": dump.get(name) for name in DUMP}


def _nested(row):
    """The fields of a row as a set of samples."""
    dump = {name: row[f"raw_dump_{name}"] for name in DUMP}
    return {name: value for name, value in row.items() if not name.startswith("raw_dump_")} | {"raw_dump": dump}


DUMP = ("url", "count", "sha256")


def _with_keys(sources):
    """Give each source that was left without a key one made from its title."""
    taken = {source["key"] for source in sources}
    for place, source in enumerate(sources, 1):
        if not source["key"]:
            base = slugify(source["title"])[:24].strip("-_") or f"source-{place}"
            source["key"] = base if base not in taken else f"{base}-{place}"
            taken.add(source["key"])
    return sources
