"""Forms about norms: a lab's word on a clause."""

from django import forms

from . import actions
from .models import Declaration

EVIDENCE_HELP = "One address a line, such as a section of the paper. A word before the address becomes its title."


class DeclarationForm(forms.Form):
    stance = forms.ChoiceField(choices=Declaration.Stance.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Markdown. Needed where you follow in part, depart, or say that it does not apply.",
    )  # fmt: skip
    evidence = forms.CharField(
        required=False, max_length=12_000, widget=forms.Textarea(attrs={"rows": 3}), help_text=EVIDENCE_HELP
    )

    def clean_evidence(self):
        items = []
        for line in self.cleaned_data["evidence"].splitlines():
            title, _, url = line.strip().rpartition(" ")
            if line.strip():
                items.append({"title": title.strip(" :,"), "url": url})
        return items

    def save(self, entry, clause, by):
        return actions.declare(entry, clause, **self.cleaned_data, by=by)


def evidence_as_lines(evidence):
    return "\n".join(
        item["url"] if item["title"] == item["url"] else f"{item['title']} {item['url']}" for item in evidence
    )
