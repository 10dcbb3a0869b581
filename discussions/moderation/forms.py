"""Forms of moderation; each calls the action that the API calls."""

import re
from datetime import timedelta

from django import forms
from django.utils import timezone

from discussions.moderation import actions
from discussions.threads.models import Thread
from registry.core.errors import Invalid
from registry.core.subjects import Subject

from . import rulebook
from .models import REASON, Appeal, Decision

Kind = Decision.Kind
DAYS = [(1, "1 day"), (3, "3 days"), (7, "7 days"), (14, "14 days"), (30, "30 days")]
LONGER = [*DAYS, (90, "90 days"), (365, "a year")]
MINUTES = [
    (5, "5 minutes"), (10, "10 minutes"), (30, "half an hour"), (60, "an hour"), (360, "six hours"), (1440, "a day"),
]  # fmt: skip

NAMES_THREAD = re.compile(r"^(?:\S*/t/)?([1-9][0-9]{0,17})(?:/\S*)?$")


def words_field(label, most=REASON, rows=3, **options):
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


def rule_field(**options):
    return forms.ChoiceField(choices=rulebook.CHOICES, label="Rule", **options)


class ReportForm(forms.Form):
    rule = rule_field(help_text="Which rule it breaks, as far as you can tell.")
    text = words_field("What a moderator should know", 2000, required=False,
                       help_text="Only moderators read this, and only they learn who reported.")  # fmt: skip

    def save(self, target, by):
        said = self.cleaned_data
        return actions.report(target, rule=said["rule"], text=said["text"], by=by)


class NumberedReportForm(ReportForm):
    """For a whole discussion: the report may name one comment of it."""

    number = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, label="Number of the comment",
        help_text="Such as 12 for #12. Leave it empty to report the discussion as a whole.",
    )  # fmt: skip
    field_order = ["number", "rule", "text"]

    def save(self, target, by):
        if number := self.cleaned_data["number"]:
            comment = target.comments.filter(number=number, hidden=False).select_related("author", "thread").first()
            if comment is None:
                raise Invalid(f"There is no comment #{number} to be seen in this discussion.", "number")
            target = comment
        return super().save(target, by)


class DecisionForm(forms.Form):
    """One for each kind of decision; the button says which."""

    rule = rule_field()
    reason = words_field(
        "Reason", help_text="Public, for good. Do not quote what you take from view: the log never shows it."
    )

    def __init__(self, kind, *args, of="thread", initial=None, **kwargs):
        super().__init__(*args, initial=initial, prefix=kind, **kwargs)
        self.kind = kind
        if kind in {Kind.LOCK, Kind.SUSPEND, Kind.SLOW}:
            choices = DAYS if kind == Kind.SLOW else LONGER
            self.fields["days"] = forms.TypedChoiceField(coerce=int, choices=choices, label="For", initial=7)
        if kind == Kind.SLOW:
            self.fields["minutes"] = forms.TypedChoiceField(
                coerce=int, choices=MINUTES, label="Between two comments of one person", initial=10
            )
        if kind == Kind.MOVE:
            self._ask_where(of)

    def _ask_where(self, of):
        named = "Such as release:openai/gpt-2 or norm:N-7."
        if of == "thread":
            self.fields["to"] = forms.CharField(max_length=200, label="Where it belongs", help_text=named)
            return
        self.fields["to_thread"] = forms.CharField(
            max_length=200, required=False, label="Discussion that it goes to", help_text="Its address, such as /t/12/."
        )
        self.fields["title"] = forms.CharField(
            max_length=200, required=False, label="Or the title of a new discussion",
            help_text="It begins with this comment.",
        )  # fmt: skip
        self.fields["to"] = forms.CharField(
            max_length=200, required=False, label="What the new discussion is about",
            help_text=f"{named} Leave it empty where that stays the same.",
        )  # fmt: skip

    def clean_to(self):
        ref = self.cleaned_data["to"].strip()
        found = Subject.objects.filter(ref=ref, public=True).first() if ref else None
        if ref and found is None:
            raise forms.ValidationError("There is nothing public of this name.")
        return found

    def clean_to_thread(self):
        given = self.cleaned_data["to_thread"].strip()
        named = NAMES_THREAD.search(given)
        found = Thread.objects.visible_to(None).filter(pk=int(named[1])).first() if named else None
        if given and found is None:
            raise forms.ValidationError("There is no such discussion to be seen. Copy its address, such as /t/12/.")
        return found

    def save(self, target, by):
        said = dict(self.cleaned_data)
        days = said.pop("days", None)
        until = timezone.now() + timedelta(days=days) if days else None
        return actions.decide(self.kind, target, by=by, until=until, **said)


class AnswerForm(forms.Form):
    answer = words_field("Answer")


class DeclineForm(AnswerForm):
    answer = words_field("Why nothing is done", help_text="Everybody who reported it reads this.")

    def save(self, target, by):
        return actions.decline(target, answer=self.cleaned_data["answer"], by=by)


class RestoreForm(forms.Form):
    reason = words_field("Why it is taken back", help_text="Public, for good.")

    def save(self, decision, by):
        return actions.restore(decision, reason=self.cleaned_data["reason"], by=by)


class AppealForm(forms.Form):
    text = words_field("Why the decision is wrong", 4000, rows=6, help_text="Another moderator reads and answers it.")

    def save(self, decision, by):
        return actions.appeal(decision, text=self.cleaned_data["text"], by=by)


class JudgementForm(AnswerForm):
    outcome = forms.ChoiceField(
        choices=[(Appeal.State.UPHELD, "The decision stands"), (Appeal.State.OVERTURNED, "Overturn it, and undo it")],
        widget=forms.RadioSelect,
    )
    answer = words_field("Answer", help_text="Sent to whoever appealed, and public.")
    field_order = ["outcome", "answer"]

    def save(self, decision, by):
        said = self.cleaned_data
        return actions.judge(decision.appeal, outcome=said["outcome"], answer=said["answer"], by=by)


class HeldForm(AnswerForm):
    answer = words_field("Why it is not posted", help_text="Its author reads this.")

    def save(self, held, by):
        return actions.decline_held(held, answer=self.cleaned_data["answer"], by=by)
