"""Forms of letters; what is wrong is said beside the field, and what was typed stays in it."""

from datetime import datetime

from django import forms

from discussions.moderation.forms import ReportForm as ModerationReportForm
from discussions.threads import drafts
from discussions.threads.actions import hold
from discussions.threads.doubles import held_before, thread_before
from discussions.threads.forms import WritingForm
from registry.accounts.models import User
from registry.core.errors import Refused

from . import consent
from .actions import answer, change_date, send_letter
from .dates import MORNING
from .doubles import letter_before, message_before
from .models import MAX_REASON, Category, LabLetter, LetterProposal, Visibility
from .reporting import MOST, report

HELD = "A new account without JavaScript writes in public, where a moderator reads it first. Your text is kept."


def place_of_new(subject):
    return f"letter:{subject.ref}"


def place_of_old(subject):
    return f"old-letter:{subject.ref}"


def place_of_answer(letter):
    return f"letter:{letter.pk}"


class DayAndTime(forms.Form):
    """The moment at which a letter becomes public, in the time zone of whoever types it."""

    public_on = forms.DateField(
        required=False, label="Public on", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Write the day as 2027-01-31."},
    )  # fmt: skip
    public_at = forms.TimeField(
        required=False, label="At", initial=MORNING, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Write the time as 09:00."},
    )  # fmt: skip

    def name_zone(self, user):
        self.fields["public_on"].help_text = "Within a year from now."
        self.fields["public_at"].help_text = f"By the clock of {user.time_zone}, your time zone."

    @property
    def moment(self):
        day = self.cleaned_data.get("public_on")
        return datetime.combine(day, self.cleaned_data.get("public_at") or MORNING) if day else None


class LetterForm(DayAndTime, WritingForm):
    title = forms.CharField(max_length=200, label="Title", help_text="What the letter is about, in one line.")
    category = forms.ChoiceField(
        choices=Category.choices, initial=Category.FEEDBACK, help_text="Of a dated letter, everybody sees this at once."
    )
    visibility = forms.ChoiceField(
        choices=Visibility.choices, label="Who reads it", widget=forms.RadioSelect,
        error_messages={"required": "Choose who is to read it."},
    )  # fmt: skip
    named = forms.BooleanField(
        required=False, label="Name me as its sender while it waits",
        help_text="Otherwise nobody but its readers learns who wrote before it becomes public.",
    )  # fmt: skip
    field_order = ["title", "body", "category", "visibility", "public_on", "public_at", "named"]

    def __init__(self, *args, subject, readers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = "The letter"
        self.fields["title"].error_messages["required"] = "Give the letter a title that says what it is about."
        self.fields["visibility"].choices = readers.choices
        self.subject = subject
        self.name_zone(self.user)

    def clean(self):
        said = super().clean()
        if said.get("visibility") == Visibility.DATED and not said.get("public_on") and "public_on" not in self.errors:
            self.add_error("public_on", "Choose the day on which the letter becomes public.")
        return said

    def save(self):
        said = self.cleaned_data
        made = self._save_public() if said["visibility"] == Visibility.PUBLIC else self._save_private()
        drafts.forget(self.user, place_of_new(self.subject))
        return made

    def _save_public(self):
        said = self.cleaned_data
        if self._is_held():
            before = held_before(self.user, said["body"], self.subject, title=said["title"])
            return before or hold(self.subject, said["body"], self.user, title=said["title"])
        return thread_before(self.user, said["title"], said["body"], self.subject) or self._send().thread

    def _save_private(self):
        said = self.cleaned_data
        if self._is_held():
            raise Refused(HELD)
        same = {name: said[name] for name in ("title", "body", "visibility")}
        return letter_before(self.user, self.subject, **same) or self._send()

    def _send(self):
        said = self.cleaned_data
        dated = said["visibility"] == Visibility.DATED
        return send_letter(
            self.subject, title=said["title"], body=said["body"], by=self.user, visibility=said["visibility"],
            public_on=self.moment if dated else None, category=said["category"], named=said["named"],
        )  # fmt: skip


class OldLetterForm(WritingForm):
    title = forms.CharField(max_length=200, label="Title", help_text="Its subject line, or what it is about.")
    category = forms.ChoiceField(choices=Category.choices, initial=Category.FEEDBACK)
    written_on = forms.DateField(
        label="Written on", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Write the day as 2019-02-28."},
    )  # fmt: skip
    written_by = forms.ChoiceField(choices=[], label="Who wrote it", widget=forms.RadioSelect)
    person = forms.CharField(
        max_length=39, label="The person on the other side",
        help_text="Their handle here, such as ada-example. They must agree before anybody else reads it.",
    )  # fmt: skip
    field_order = ["title", "body", "written_on", "written_by", "person", "category"]

    def __init__(self, *args, subject, lab, speaks, **kwargs):
        super().__init__(*args, **kwargs)
        self.subject = subject
        self.fields["body"].label = "What it says"
        person = "The person" if speaks else "I did"
        sides = LabLetter.Side
        self.fields["written_by"].choices = [(sides.SENDER, person), (sides.LAB, f"{lab.name}")]
        if not speaks:
            del self.fields["person"]

    def clean_person(self):
        handle = self.cleaned_data["person"].strip().lower().removeprefix("@")
        found = User.objects.filter(handle=handle, is_active=True).exclude(email="").first()
        if found is None:
            raise forms.ValidationError(f"There is nobody called {handle} here.")
        if found == self.user:
            raise forms.ValidationError("You cannot be both sides of a letter.")
        return found

    def save(self):
        said = self.cleaned_data
        if self._is_held():
            raise Refused(HELD)
        letter = consent.enter_old_letter(
            self.subject, title=said["title"], body=said["body"], by=self.user, written_on=said["written_on"],
            written_by=said["written_by"], person=said.get("person"), category=said["category"],
        )  # fmt: skip
        drafts.forget(self.user, place_of_old(self.subject))
        return letter


class AnswerForm(WritingForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = "Your answer"

    def save(self, letter):
        said = self.cleaned_data
        if self._is_held():
            raise Refused(HELD)
        if message_before(self.user, letter, said["body"]) is None:
            answer(letter, said["body"], self.user, official=bool(said.get("official")))
        drafts.forget(self.user, place_of_answer(letter))
        return letter


class DateForm(DayAndTime):
    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.name_zone(user)
        self.fields["public_on"].required = True

    def save(self, letter, by):
        return change_date(letter, self.moment, by)


class ProposalForm(forms.Form):
    scope = forms.ChoiceField(
        choices=LetterProposal.Scope.choices, initial=LetterProposal.Scope.EXCHANGE, label="What becomes public",
        widget=forms.RadioSelect,
    )  # fmt: skip

    def save(self, letter, by):
        consent.propose(letter, by, scope=self.cleaned_data["scope"])
        return letter


class RefusalForm(forms.Form):
    reason = forms.CharField(
        max_length=MAX_REASON, label="Why it stays private", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Those who read the letter read this.",
    )  # fmt: skip

    def save(self, proposal, by):
        return consent.decline(proposal, self.cleaned_data["reason"], by).letter


class ReportForm(ModerationReportForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].max_length = MOST

    def save(self, letter, by):
        report(letter, rule=self.cleaned_data["rule"], text=self.cleaned_data["text"], by=by)
        return letter
