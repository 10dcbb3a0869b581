"""The concerns that keep an intent from being final. They live in a later slice, which registers itself here."""

from django.conf import settings
from django.utils.html import format_html, format_html_join

from registry.core.errors import Conflict

_askers = []


class Unanswered(Conflict):
    """Open concerns have no answer; `concerns` are (title, path), for pages that link to them."""

    def __init__(self, concerns):
        self.concerns = concerns
        named = "; ".join(f"“{title}” ({settings.BASE_URL}{path})" for title, path in concerns)
        super().__init__(f"{self.said}: {named}. {SETTLE}")

    @property
    def said(self):
        count = len(self.concerns)
        return "One open concern has no answer yet" if count == 1 else f"{count} open concerns have no answer yet"

    def as_html(self):
        """The same sentence for a page."""
        named = format_html_join("; ", '<a href="{}">{}</a>', ((path, title) for title, path in self.concerns))
        return format_html("{}: {}. {}", self.said, named, SETTLE)


SETTLE = "Answer them first; an answer may be “no”, with reasons."


def tells_unanswered(function):
    """Register the function that returns (title, path) of every concern about a subject that waits for an answer."""
    _askers[:] = [function]
    return function


def unanswered(subject):
    return [concern for function in _askers for concern in function(subject)]
