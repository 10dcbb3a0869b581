"""Asking for an analysis from the page: files chosen, kept, and handed to a run."""

from django import forms
from django.db import transaction

from registry.core.bodies import size_in_words
from registry.core.files import LIMITS, store_file

from . import actions


class RunForm(forms.Form):
    """One file field for each input of an analysis."""

    def __init__(self, *args, analysis, **kwargs):
        super().__init__(*args, **kwargs)
        self.analysis = analysis
        for role, about in analysis.roles.items():
            label = role.replace("_", " ").capitalize()
            most = size_in_words(LIMITS[about["kinds"][0]])
            said = f"{about['help']} At most {most}."
            self.fields[role] = forms.FileField(required=about["required"], label=label, help_text=said)

    @transaction.atomic
    def save(self, entry, by):
        actions.check_room(entry)  # before the uploads are written to the file store
        inputs = {}
        for role, about in self.analysis.roles.items():
            if upload := self.cleaned_data.get(role):
                inputs[role] = store_file(upload, kind=about["kinds"][0], by=by)
        return actions.request_run(entry, self.analysis.name, inputs, by=by)
