"""A sheet: one form and some groups of repeated rows that together edit a part of a draft.

A sheet is always bound, to what was posted or to the content itself, so that whatever is wrong with either
is shown at its field. Rows that are left blank are dropped; rows marked for removal too.
"""

import re

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, formset_factory

from ..vocabulary import Chance

KEYS = re.compile(r"[,;\s]+")
UNTIL = re.compile(r"\s+until\s+", re.IGNORECASE)
COMMAS = re.compile(r"\s*,\s*")


class ListField(forms.CharField):
    """Several short texts in one line."""

    separator = COMMAS

    def clean(self, value):
        return [part for part in self.separator.split(super().clean(value)) if part]


class FormerField(ListField):
    """Former names with the date until which each was used, such as `117M until 2019-08-20, 345M`."""

    def clean(self, value):
        parts = [UNTIL.split(part, maxsplit=1) for part in super().clean(value)]
        return [{"name": part[0], "until": part[1] if len(part) > 1 else ""} for part in parts]


class KeysField(ListField):
    """Keys of sources, such as `post, repo`."""

    separator = KEYS


def line(label, help_text="", **attrs):
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.TextInput(attrs=attrs))


def prose(label, help_text="", rows=4):
    return forms.CharField(
        label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )  # fmt: skip


def one_of(label, words, *, blank=None, help_text=""):
    blanks = [("", blank)] if blank is not None else []
    choices = [*blanks, *(choice for choice in words.choices if choice[0])]
    return forms.ChoiceField(label=label, required=False, choices=choices, help_text=help_text)


def number(label, *, decimal=False, **attrs):
    """A number that may be left out; what is left out is not stated."""
    kind = forms.FloatField if decimal else forms.IntegerField
    attrs = {"inputmode": "decimal" if decimal else "numeric", **attrs}
    return kind(label=label, required=False, min_value=0, widget=forms.TextInput(attrs=attrs))


def chance(label):
    return one_of(label, Chance, blank="Not stated")


def keys():
    return KeysField(
        label="Sources", required=False, widget=forms.TextInput(attrs={"placeholder": "such as: post, repo"})
    )  # fmt: skip


class Row(forms.Form):
    """One of several alike; `beside` names fields that alone do not make a row."""

    beside = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("aria-label", field.label or "Remove this row")

    @property
    def is_blank(self):
        said = {name: value for name, value in self.cleaned_data.items() if name != DELETION_FIELD_NAME}
        return not any(value not in ("", None, []) for name, value in said.items() if name not in self.beside)

    @property
    def is_kept(self):
        return not self.cleaned_data.get(DELETION_FIELD_NAME) and not self.is_blank

    def said(self):
        return {name: value for name, value in self.cleaned_data.items() if name != DELETION_FIELD_NAME}


def rows_of(form, most):
    """The class of a group of such rows."""
    return formset_factory(form, extra=0, can_delete=True, max_num=most, absolute_max=most + 20, validate_max=True)


class Sheet:
    """`head` is the form class, `groups` maps a name to a class of rows, `pointers` a name to its JSON pointer."""

    head_class = None
    groups = {}
    pointers = {}

    def __init__(self, data):
        self.head = self.head_class(data)
        self.rows = {name: rows(data, prefix=name) for name, rows in self.groups.items()}

    @classmethod
    def of(cls, part, *, add=""):
        """The sheet filled from a part of the content; the group named `add` gets a blank row more."""
        data = {name: _as_typed(value) for name, value in cls.fields_of(part).items()}
        for name in cls.groups:
            items = cls.items_of(part, name)
            blanks = 1 if name == add or not items else 0
            data |= {f"{name}-TOTAL_FORMS": str(len(items) + blanks), f"{name}-INITIAL_FORMS": "0"}
            for index, item in enumerate(items):
                data |= {f"{name}-{index}-{field}": _as_typed(value) for field, value in item.items()}
        return cls(data)

    def is_valid(self):
        return all([self.head.is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def kept(self, name):
        return [form for form in self.rows[name].forms if form.is_kept]

    def items(self, name):
        """The content of a group's rows."""
        return [form.said() for form in self.kept(name)]

    def show(self, problems, *, under=""):
        """Show each problem, given as (pointer, sentence), at its field; returns those that have none here."""
        self.is_valid()
        elsewhere = []
        for pointer, detail in problems:
            here = pointer == under or pointer.startswith(f"{under}/")
            form, field = self._place(pointer.removeprefix(under)) if here else (None, None)
            if form is None:
                elsewhere.append((pointer, detail))
            else:
                form.add_error(field if field in form.fields else None, detail)
        return elsewhere

    def _place(self, pointer):
        for field, base in self.head_pointers.items():
            if pointer == base or pointer.startswith(f"{base}/"):
                return self.head, field
        for name, base in self.pointers.items():
            index, _, rest = pointer.removeprefix(f"{base}/").partition("/")
            if pointer.startswith(f"{base}/") and index.isdigit() and int(index) < len(kept := self.kept(name)):
                return _field_of(kept[int(index)], rest)
            if pointer == base:
                return self.head, None
        return (self.head, None) if pointer == "" else (None, None)

    @property
    def problem_count(self):
        return len(self.head.errors) + sum(sum(map(bool, rows.errors)) for rows in self.rows.values())


def _as_typed(value):
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(
            (f"{item['name']} until {item['until']}" if item["until"] else item["name"])
            if isinstance(item, dict) else item for item in value
        )
    return value


def _field_of(form, rest):
    """The form and the field of a pointer within a row; what lies deeper has a field named by both parts."""
    parts = rest.split("/")
    deeper = "_".join(parts[:2])
    return form, deeper if deeper in form.fields else parts[0]
