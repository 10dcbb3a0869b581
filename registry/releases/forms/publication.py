"""The last step before everyone can see it."""

from django import forms

from registry.core.errors import Conflict, Invalid

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
        except Invalid as problem:
            fields = problem.error_dict if hasattr(problem, "error_dict") else {}
            for field, errors in (fields or {"": problem.error_list}).items():
                self.add_error(field if field in self.fields else None, errors)
        except Conflict as problem:
            self.add_error(None, str(problem))
        return None
