"""What the list of entries can be narrowed to, and in which order it can be read."""

import functools
import re
from urllib.parse import urlencode

from django import forms
from django.utils.functional import cached_property

from registry.core.words import terms

from ..facets import narrow
from ..models import Entry
from ..vocabulary import ArtefactKind, Component, Gate, Mode, SummaryWord

ANY = [("", "Any")]
NORM = re.compile(r"(?:N-)?([1-9][0-9]{0,8})", re.IGNORECASE)
# Fields that no index would help are not offered.
ORDERS = {
    "": ("Newest decision first", ("-decided_on", "-pk")),
    "changed": ("Newest revision first", ("-current_id",)),
    "title": ("By title", ("title", "pk")),
}


def choice(label, choices):
    return forms.ChoiceField(label=label, required=False, choices=[*ANY, *choices])


class FilterForm(forms.Form):
    """The same selection has the same form for every reader: `of` keeps them, with the questions that they ask."""

    q = forms.CharField(
        label="Words", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    word = choice("Decision", SummaryWord.choices)
    kind = choice("Kind", ArtefactKind.choices)
    component = choice("Component", Component.choices)
    mode = choice("Mode", Mode.choices)
    gate = choice("Gate", Gate.choices)
    year = forms.RegexField(
        r"^[12][0-9]{3}$", label="Year", required=False, error_messages={"invalid": "Write a year as four digits."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
    )  # fmt: skip
    lab = forms.SlugField(
        label="Lab", required=False, max_length=60,
        error_messages={"invalid": "Write the short name of a lab, as it stands in its address."},
        widget=forms.TextInput(attrs={"size": 14}),
    )  # fmt: skip
    norm = forms.RegexField(
        NORM.pattern, label="Follows norm", required=False, widget=forms.TextInput(attrs={"size": 5}),
        error_messages={"invalid": "Write the number of a norm, such as N-1."},
    )  # fmt: skip
    disputed = forms.BooleanField(label="Disputed", required=False)
    overdue = forms.BooleanField(label="Promise overdue", required=False)
    sort = forms.ChoiceField(
        label="Order", required=False, choices=[(name, label) for name, (label, _) in ORDERS.items()]
    )
    ALWAYS = ("q", "word", "kind", "sort")

    @classmethod
    def of(cls, data):
        """The form of an address, whose fields may hold anything."""
        return _kept(tuple([(name, value) for name in cls.base_fields if (value := data.get(name))]))

    @property
    def is_lasting(self):
        """Whether its entries are found by the same question tomorrow."""
        return self.is_valid() and not self.cleaned_data["overdue"]

    @property
    def entries(self):
        """The published entries that fit, as named tuples: see `as_states`."""
        return self._lasting_entries if self.is_lasting else self._entries()

    @cached_property
    def _lasting_entries(self):
        return self._entries()

    def _entries(self):
        return self.narrow(Entry.objects.published()).as_states(self.order)

    def clean_norm(self):
        found = NORM.fullmatch(self.cleaned_data["norm"])
        return int(found[1]) if found else None

    def narrow(self, entries):
        """The entries that fit; none where the address asks for what does not exist."""
        if not self.is_valid():
            return entries.none()
        if words := self.cleaned_data["q"]:
            entries = entries.filter(subject__words=terms(words))
        return narrow(entries, self.cleaned_data)

    @property
    def order(self):
        return ORDERS[self.cleaned_data.get("sort", "") if self.is_valid() else ""][1]

    @property
    def narrows(self):
        return bool(self.asked)

    @cached_property
    def asked(self):
        """What the address asks for, as typed, by the name of its field."""
        return {name: self.data[name] for name in self.fields if name != "sort" and self.data.get(name)}

    @property
    def query(self):
        """The selection as the end of an address, for its feed."""
        return f"?{urlencode(self.asked)}" if self.asked else ""

    @property
    def chosen(self):
        """Each part of the selection in words, with the address of the list without it."""
        for name, value in self.asked.items():
            field = self.fields[name]
            said = dict(getattr(field, "choices", ())).get(value, value)
            rest = {other: kept for other, kept in self.data.items() if other in self.fields and other != name and kept}
            yield {
                "says": field.label if isinstance(field, forms.BooleanField) else f"{field.label}: {said}",
                "without": f"?{urlencode(rest)}" if rest else ".",
            }

    @property
    def further(self):
        """The fields that stand behind a fold, unless one of them is used."""
        return [self[name] for name in self.fields if name not in self.ALWAYS]

    @property
    def is_further(self):
        return any(name not in self.ALWAYS for name in self.asked) or bool(self.errors)


@functools.lru_cache(300)
def _kept(said):
    return FilterForm(dict(said))
