"""What the clock can be narrowed to; every combination has an address and a curve of its own."""

from django import forms

from registry.releases.vocabulary import ArtefactKind

from .models import Curve, Measure, Mode


class ClockForm(forms.Form):
    mode = forms.ChoiceField(required=False, choices=[(m.value, m.label) for m in Mode])
    kind = forms.ChoiceField(required=False, choices=[("", "Any"), *((k.value, k.label) for k in ArtefactKind)])
    year = forms.TypedChoiceField(required=False, coerce=int, empty_value=0)
    measure = forms.ChoiceField(required=False, choices=[(m.value, m.label) for m in Measure])
    days = forms.IntegerField(required=False, min_value=0, max_value=200_000, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = Curve.objects.filter(kind="", measure=Measure.RELEASE, year__gt=0).values_list("year", flat=True)
        self.fields["year"].choices = [("", "Any"), *((year, year) for year in sorted(set(years), reverse=True))]

    @property
    def stratum(self):
        """The curve that is asked for, as what names its row; None where there can be no such curve."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        return {
            "measure": said["measure"] or Measure.RELEASE, "mode": said["mode"] or Mode.CLOSED,
            "kind": said["kind"], "year": said["year"] or 0,
        }  # fmt: skip

    @property
    def narrows(self):
        return any(self.data.get(name) for name in self.fields)
