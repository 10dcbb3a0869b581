"""The part of an address that names a file of samples."""

from django.urls import register_converter


class SampleDigest:
    """The first twelve digits of a file's digest."""

    regex = "[0-9a-f]{12}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(SampleDigest, "sample_digest")
