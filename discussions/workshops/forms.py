"""Forms for workshops and sessions."""

from django import forms

from registry.accounts.models import User
from registry.core.subjects import Subject
from registry.core.time_zones import grouped

from . import actions
from .models import Session

DAY = {"type": "date"}
MOST_TOPICS = 20
TOPIC_KINDS = ("release", "norm", "clause")


class WorkshopForm(forms.Form):
    title = forms.CharField(max_length=200)
    slug = forms.SlugField(max_length=60, label="Short name", help_text="Part of the address, for ever.")
    summary = forms.CharField(max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    colocated_with = forms.CharField(max_length=200, required=False, label="Co-located with")
    venue = forms.CharField(max_length=200, required=False)
    time_zone = forms.ChoiceField(choices=grouped, initial="UTC")
    starts_on = forms.DateField(widget=forms.DateInput(attrs=DAY), label="First day")
    ends_on = forms.DateField(widget=forms.DateInput(attrs=DAY), label="Last day")
    pseudonyms = forms.BooleanField(required=False, label="Let people discuss it and its sessions under pseudonyms")

    def save(self, by):
        return actions.open_workshop(**self.cleaned_data, by=by)


class SessionForm(forms.Form):
    """Times are the workshop's own, as on its printed programme."""

    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=Session.Kind.choices, initial=Session.Kind.DISCUSSION)
    starts_at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), label="Begins")
    ends_at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), label="Ends")
    room = forms.CharField(max_length=80, required=False)
    abstract = forms.CharField(
        max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6}), help_text="Markdown."
    )
    speakers = forms.CharField(max_length=600, required=False, help_text="Handles, separated by blanks or commas.")
    topics = forms.CharField(
        max_length=2000, required=False, label="Discusses", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Norms, clauses and entries, one a line, such as N-7, N-7/3 or openai/gpt-2.",
    )  # fmt: skip

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def clean_speakers(self):
        handles = set(self.cleaned_data["speakers"].replace(",", " ").split())
        found = list(User.objects.filter(handle__in=handles))
        missing = handles - {u.handle for u in found}
        if missing:
            raise forms.ValidationError(f"There is nobody called {', '.join(sorted(missing))}.")
        return found

    def clean_topics(self):
        lines = [line.strip() for line in self.cleaned_data["topics"].splitlines() if line.strip()]
        return find_topics(lines)

    def save(self, workshop, by):
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return actions.add_session(workshop, **said, by=by)

    def change(self, session, by):
        return actions.change_session(session, **self.cleaned_data, by=by)


def find_topics(names):
    """Subjects by the names people write (`N-7`, `N-7/3`, `openai/gpt-2`) or by full reference."""
    if len(names) > MOST_TOPICS:
        raise forms.ValidationError(f"Name at most {MOST_TOPICS}.")
    refs = [full_reference(name) for name in names]
    found = {s.ref: s for s in Subject.objects.filter(ref__in=refs, public=True, kind__in=TOPIC_KINDS)}
    missing = [name for name, ref in zip(names, refs, strict=True) if ref not in found]
    if missing:
        raise forms.ValidationError(f"There is nothing public called {', '.join(missing)}.")
    return [found[ref] for ref in dict.fromkeys(refs)]


def full_reference(name):
    if ":" in name:
        return name
    if name.startswith("N-"):
        return f"clause:{name}" if "/" in name else f"norm:{name}"
    return f"release:{name}"


def short_reference(subject):
    return subject.ref.partition(":")[2]
