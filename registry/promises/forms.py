"""What the board can be narrowed to."""

from django import forms

from registry.releases import dates

STATES = [
    ("", "Open, the longest overdue first"), ("overdue", "Overdue"), ("due_soon", "Due within 90 days"),
    ("kept", "Kept in time"), ("kept_late", "Kept late"), ("broken", "Called off, replaced or dropped"), ("all", "All"),
]  # fmt: skip


class BoardForm(forms.Form):
    state = forms.ChoiceField(required=False, choices=STATES)
    lab = forms.SlugField(required=False, max_length=60)

    def narrow(self, promises, today=None):
        """The promises that fit; none where the address asks for what cannot be."""
        if not self.is_valid():
            return promises.none()
        today, state = today or dates.latest_today(), self.cleaned_data["state"]
        if self.cleaned_data["lab"]:
            promises = promises.filter(lab__slug=self.cleaned_data["lab"])
        if state in ("overdue", "due_soon"):
            return getattr(promises, state)(today)
        if state == "broken":
            return promises.broken()
        return promises if state == "all" else promises.filter(state=state or "open")

    @property
    def narrows(self):
        return any(self.data.get(name) for name in self.fields)

    @property
    def order(self):
        """What is open by when it falls due; what is over, the latest first."""
        open_ones = self.is_valid() and self.cleaned_data["state"] in ("", "overdue", "due_soon")
        return ("day", "pk") if open_ones else ("-day", "-pk")
