"""What the list of entries can be narrowed to."""

from django import forms

from ..vocabulary import ArtefactKind, SummaryWord


class FilterForm(forms.Form):
    word = forms.ChoiceField(label="Word", required=False, choices=[("", "Any"), *SummaryWord.choices])
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any"), *ArtefactKind.choices])

    def narrow(self, entries):
        """The entries that fit; none where the address asks for what does not exist."""
        if not self.is_valid():
            return entries.none()
        return entries.filter(**{name: value for name, value in self.cleaned_data.items() if value})

    @property
    def narrows(self):
        return any(self.data.get(name) for name in self.fields)
