"""The last step before everyone can see it."""

from datetime import UTC
from zoneinfo import ZoneInfo

from django import forms
from django.core import signing

from registry.core.errors import Conflict, Invalid
from registry.core.forms import show_refusal
from registry.core.time_zones import grouped

from ..actions import publish
from ..planning import plan_publication
from ..withdrawing import withdraw

SALT = "releases.publication.seen"


class PublicationForm(forms.Form):
    justification = forms.CharField(
        label="Why this revision is needed",
        help_text="A sentence or two that readers see beside the revision, such as: the licence was corrected.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    at = forms.DateTimeField(
        label="Publish at", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="Empty publishes at once. Until then nobody outside sees that anything is planned; what is typed "
        "into the draft afterwards is not part of it.",
    )  # fmt: skip
    time_zone = forms.ChoiceField(label="Time zone of that time", choices=grouped, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    # The draft that was on screen, so that what somebody changed meanwhile can be shown; signed, so that it is ours.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, entry, user):
        initial = {"version": entry.draft_version, "seen": lambda: _sealed(self.entry), "time_zone": user.time_zone}
        super().__init__(data, initial=initial)
        self.entry, self.user = entry, user
        if entry.current_id is None:
            del self.fields["justification"]

    def clean(self):
        said = super().clean()
        if said.get("at"):
            zone = ZoneInfo(said.get("time_zone") or self.user.time_zone)
            local = said["at"].replace(tzinfo=None)
            said["at"] = local.replace(tzinfo=zone)
            # Where clocks are put forward an hour is missing.
            if said["at"].astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
                self.add_error("at", "There is no such time on that day: clocks are put forward. Choose another.")
        return said

    def save(self):
        """The new revision or the plan, or None where the form says what stands in the way; may raise `Stale`."""
        said = self.cleaned_data
        what = {"by": self.user, "justification": said.get("justification", ""), "version": said["version"]}
        try:
            if said.get("at"):
                zone = said.get("time_zone") or self.user.time_zone
                return plan_publication(self.entry, at=said["at"], time_zone=zone, **what)
            return publish(self.entry, **what)
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


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label="Why it is withdrawn", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Readers see it in place of the entry.",
    )  # fmt: skip

    def save(self, entry, revision, by):
        """The address of what now says that it was withdrawn."""
        withdraw(entry, self.cleaned_data["reason"], by=by, revision=revision)
        return (revision or entry).get_absolute_url()
