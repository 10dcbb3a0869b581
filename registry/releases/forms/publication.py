"""The last step before everyone can see it."""

from django import forms
from django.core import signing

from registry.core.errors import Conflict, Invalid
from registry.core.forms import show_refusal

from ..actions import publish

SALT = "releases.publication.seen"


class PublicationForm(forms.Form):
    justification = forms.CharField(
        label="Why this revision is needed",
        help_text="A sentence or two that readers see beside the revision, such as: the licence was corrected.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    # The draft that was on screen, so that what somebody changed meanwhile can be shown; signed, so that it is ours.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, entry, user):
        super().__init__(data, initial={"version": entry.draft_version, "seen": _sealed(entry)})
        self.entry, self.user = entry, user
        if entry.current_id is None:
            del self.fields["justification"]

    def save(self):
        """The new revision, or None where the form now says what stands in the way; may raise `Stale`."""
        said = self.cleaned_data
        justification = said.get("justification", "")
        try:
            return publish(self.entry, by=self.user, justification=justification, version=said["version"])
        except (Invalid, Conflict) as problem:
            show_refusal(self, problem)
        return None

    def content_seen(self):
        """The draft as it was on the page that was sent, or None where the page does not say."""
        try:
            return signing.loads(self.data.get("seen", ""), salt=SALT)
        except signing.BadSignature:
            return None

    def look_again(self):
        """The same form for the draft as it is now, with what was typed."""
        data = self.data.copy()
        data["version"], data["seen"] = str(self.entry.draft_version), _sealed(self.entry)
        return PublicationForm(data, entry=self.entry, user=self.user)


def _sealed(entry):
    return signing.dumps(entry.draft, salt=SALT, compress=True)
