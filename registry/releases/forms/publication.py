"""The last step before everyone can see it."""

from django import forms

from registry.core.errors import Conflict, Invalid
from registry.core.forms import show_refusal

from ..actions import publish


class PublicationForm(forms.Form):
    justification = forms.CharField(
        label="Why this revision is needed",
        help_text="A sentence or two that readers see beside the revision, such as: the licence was corrected.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data=None, *, entry, user):
        super().__init__(data)
        self.entry, self.user = entry, user
        if entry.current_id is None:
            del self.fields["justification"]

    def save(self):
        """The new revision, or None where the form now says what stands in the way."""
        try:
            return publish(self.entry, by=self.user, justification=self.cleaned_data.get("justification", ""))
        except (Invalid, Conflict) as problem:
            show_refusal(self, problem)
        return None
