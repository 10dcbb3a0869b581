"""Forms of concerns: opening, answering, settling, and the filters of the board."""

from django import forms

from discussions.threads import drafts
from discussions.threads.forms import WritingForm
from registry.norms.actions import find_clause

from .actions import answer, open_concern, raise_concern, resolve
from .models import Concern

KINDS = [
    ("release", "Release decision"), ("norm", "Norm"), ("clause", "Clause"), ("run", "Analysis"),
    ("replication", "Replication or leak"),
    ("session", "Session"), ("lab", "Lab"),
]  # fmt: skip


class ConcernForm(WritingForm):
    title = forms.CharField(
        max_length=200, label="The concern in one line",
        help_text="As others would cite it, such as: The decoding script is missing.",
    )  # fmt: skip
    clause = forms.CharField(
        max_length=40, required=False, label="Clause",
        help_text="Where it is about a clause of a norm, its key, such as N-7/3.",
    )  # fmt: skip
    field_order = ["title", "body", "clause"]

    def __init__(self, *args, comment=None, names_clause=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.comment = comment
        self.fields["body"].label = "What is the matter, and what would settle it"
        self.fields["title"].error_messages["required"] = "Say in one line what the concern is."
        if comment is not None:
            del self.fields["body"]
        if not names_clause:
            del self.fields["clause"]

    def clean_clause(self):
        key = self.cleaned_data["clause"].strip()
        clause = find_clause(key) if key else None
        if key and clause is None:
            raise forms.ValidationError("There is no such clause. Write it as N-7/3, or leave this empty.")
        return clause

    def save(self, subject, follows=None):
        said = self.cleaned_data
        more = {"clause": said.get("clause"), "follows": follows}
        if self.comment is not None:
            return raise_concern(self.comment, said["title"], self.user, **more)
        self.check_work()
        concern = open_concern(subject, said["title"], said["body"], self.user, pseudonym=self.writes_as, **more)
        drafts.forget(self.user, place_of_new(subject))
        return concern


class AnswerForm(WritingForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = "The answer"

    def save(self, concern):
        answered = answer(concern, self.cleaned_data["body"], self.user)
        drafts.forget(self.user, place_of_answer(concern))
        return answered


class ResolutionForm(WritingForm):
    def __init__(self, *args, resolution, **kwargs):
        super().__init__(*args, **kwargs)
        self.resolution = resolution
        self.fields["body"].label = "Why"
        if resolution == Concern.State.ACCEPTED:
            self.fields["body"].label, self.fields["body"].required = "A word with it", False

    def save(self, concern):
        self.check_work()
        resolved = resolve(concern, self.resolution, self.user, self.cleaned_data["body"])
        drafts.forget(self.user, place_of_resolution(concern, self.resolution))
        return resolved


def place_of_new(subject):
    return f"concern:{subject.ref}"


def place_of_answer(concern):
    return f"concern:{concern.pk}/answer"


def place_of_resolution(concern, resolution):
    return f"concern:{concern.pk}/{resolution}"


class BoardForm(forms.Form):
    """The filters of the board; without any it shows what waits for an answer, the longest wait first."""

    STATES = [("open", "Waiting for an answer"), ("answered", "Answered, not settled"), ("accepted", "Answer accepted"),
              ("dissent_kept", "Dissent kept"), ("withdrawn", "Withdrawn"), ("all", "All")]  # fmt: skip

    state = forms.ChoiceField(required=False, choices=STATES)
    kind = forms.ChoiceField(required=False, label="About", choices=[("", "Anything"), *KINDS])
    lab = forms.CharField(required=False, max_length=60, widget=forms.Select)
    order = forms.ChoiceField(required=False, choices=[("oldest", "Waiting longest"), ("newest", "Newest")])
    open_call = forms.ChoiceField(required=False, choices=[("", "Any"), ("true", "Open calls only")])
    subject = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args, labs=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lab"].widget.choices = [("", "Any"), *((lab.slug, lab.name) for lab in labs)]

    def narrow(self, concerns, *, state="open"):
        """The concerns that fit; none where the address asks for what cannot be."""
        if not self.is_valid():
            return concerns.none()
        asked = self.cleaned_data
        state = asked["state"] or state
        exact = {"about__kind": asked["kind"], "lab__slug": asked["lab"], "about__ref": asked["subject"],
                 "state": "" if state == "all" else state}  # fmt: skip
        concerns = concerns.filter(**{name: value for name, value in exact.items() if value})
        return concerns.open_calls() if asked["open_call"] else concerns

    @property
    def narrows(self):
        return any(self.data.get(name) for name in self.fields)

    @property
    def ordering(self):
        return "-pk" if self.is_valid() and self.cleaned_data["order"] == "newest" else "pk"
