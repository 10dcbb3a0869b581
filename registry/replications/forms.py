"""Forms about replications: a report, a verdict, a withdrawal, and the filters of the list."""

from django import forms

from registry.releases.content import variants_of
from registry.releases.vocabulary import Component, Family

from . import actions
from .models import Kind, Replication
from .validators import LENGTHS

COMPONENTS = [("", "Choose …")] + [
    (family.label, [(c.value, c.label) for c in Component if c.family == family]) for family in Family
]
KINDS = [(kind.value, f"{kind.label}: {kind.explanation[0].lower()}{kind.explanation[1:]}") for kind in Kind]


def line(label, name, help_text="", **more):
    return forms.CharField(label=label, required=False, max_length=LENGTHS[name], help_text=help_text, **more)


def lines(label, name, help_text="", rows=4, **more):
    return line(label, name, help_text, widget=forms.Textarea(attrs={"rows": rows}), **more)


class SourceFields(forms.Form):
    source_title = line("Source", "source_title", "What it is called, such as the title of the post or paper.")
    source_url = line("Address of the source", "source_url")
    source_quote = lines("Its own words", "source_quote", "The sentence of the source that says it.", rows=2)


class ReportForm(SourceFields):
    kind = forms.ChoiceField(label="What happened", choices=KINDS, widget=forms.RadioSelect)
    component = forms.ChoiceField(label="Of which component", choices=COMPONENTS)
    variant = forms.ChoiceField(label="Of which variant", required=False)
    date = forms.CharField(
        label="When", required=False, max_length=40,
        help_text="As precise as it is known: 2019-08-22, 2019-08 or 2019. Without a date the clock cannot count it.",
    )  # fmt: skip
    who = line("Who did it", "who", "As the source names them.")
    fidelity = lines(
        "How close it comes", "fidelity",
        "What was measured against the original, and with what result: the metric, both figures.",
    )  # fmt: skip
    cost_amount = forms.CharField(label="Cost claimed", required=False, max_length=20, help_text="A number.")
    cost_currency = forms.CharField(label="Currency", required=False, max_length=3, help_text="Such as USD.")
    cost_text = line("Cost in words", "cost_text", "Such as: about a week on 512 accelerators.")
    availability = line("Where it can be had", "availability", "Whether others can get it, and on what terms.")
    field_order = [
        "kind", "component", "variant", "date", "who", "fidelity", "cost_amount", "cost_currency", "cost_text",
        "availability", "source_title", "source_url", "source_quote",
    ]  # fmt: skip

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, **kwargs)
        self.entry = entry
        names = [variant["name"] for variant in variants_of(entry.current.content)]
        self.fields["variant"].choices = [("", "All, or not stated"), *((name, name) for name in names)]
        if not names:
            del self.fields["variant"]

    def save(self, by):
        return actions.report_replication(self.entry, self.cleaned_data, by=by)


class VerdictForm(SourceFields):
    reason = lines("Why", "reason", "What you checked, or what is wrong with it.")
    field_order = ["reason", "source_title", "source_url", "source_quote"]

    def __init__(self, *args, stance, **kwargs):
        super().__init__(*args, **kwargs)
        self.stance = stance
        self.fields["reason"].required = True

    def save(self, report, by):
        return actions.assess(report, self.stance, self.cleaned_data, by=by)


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label="Why you withdraw it", max_length=LENGTHS["withdrawal"], widget=forms.Textarea(attrs={"rows": 3})
    )

    def save(self, report, by):
        return actions.withdraw(report, self.cleaned_data["reason"], by=by)


class FilterForm(forms.Form):
    """What the list can be narrowed to; withdrawn reports are shown where they are asked for."""

    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any"), *((k.value, k.label) for k in Kind)])
    state = forms.ChoiceField(required=False, choices=[("", "Any"), *Replication.State.choices])
    component = forms.ChoiceField(required=False, choices=[("", "Any"), *COMPONENTS[1:]])
    release = forms.CharField(required=False, max_length=130, widget=forms.HiddenInput)

    def narrow(self, reports):
        if not self.is_valid():
            return reports.none()
        asked = dict(self.cleaned_data)
        release = asked.pop("release")
        if release:
            lab, _, slug = release.partition("/")
            reports = reports.filter(entry__lab__slug=lab, entry__slug=slug)
        reports = reports if asked["state"] else reports.standing()
        return reports.filter(**{name: value for name, value in asked.items() if value})

    @property
    def narrows(self):
        return any(self.data.get(name) for name in self.fields)
