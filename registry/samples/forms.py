"""Narrowing samples, and uploading a file of them."""

from django import forms

from registry.core.bodies import size_in_words
from registry.core.files import LIMITS, store_file

from .actions import attach_samples
from .reading import Filter


class NarrowForm(forms.Form):
    text = forms.CharField(label="In the text", required=False, max_length=200)
    prompt = forms.CharField(label="In the prompt", required=False, max_length=200)
    least = forms.IntegerField(label="Words, at least", required=False, min_value=0, max_value=1_000_000)
    most = forms.IntegerField(label="at most", required=False, min_value=0, max_value=1_000_000)

    def wanted(self):
        """The filter, or None where the address asks for what cannot be."""
        return Filter(**self.cleaned_data) if self.is_valid() else None


class UploadForm(forms.Form):
    file = forms.FileField(
        label="A file of samples",
        help_text="JSON Lines with a “text” in each line (“prompt” and “id” are shown, too), or plain text, one sample "
        f"a line. At most {size_in_words(LIMITS['samples'])}. It stays private until a revision is published.",
    )  # fmt: skip

    def save(self, entry, by):
        return attach_samples(entry, store_file(self.cleaned_data["file"], kind="samples", by=by), by=by)
