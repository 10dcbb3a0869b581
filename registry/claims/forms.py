"""Forms about claims."""

from django import forms

from . import actions


class ReasonForm(forms.Form):
    """Disputing a claim, refusing it, upholding it: each says why."""

    reason = forms.CharField(
        label="Why", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text="Readers see it."
    )

    def save(self, claim, act, by):
        acts = {"dispute": actions.dispute_claim, "refuse": actions.refuse_claim, "uphold": actions.uphold_claim}
        return acts[act](claim, self.cleaned_data["reason"], by=by)
