"""Addresses in running text: bare URLs, addresses in angle brackets, and people named with an @."""

from xml.etree import ElementTree

from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

# One class repeated with an upper limit: linear in the text, whatever is written.
BARE_URL = r"(?<![\w/])https?://[^\s<>\"`\x02\x03|]{1,2000}"
MAIL = r"<(?:mailto:)?([\w.+-]{1,64}@[A-Za-z0-9.-]{1,255})>"
# A handle is 3 to 39 letters, digits and hyphens; one in a mail address or a path is not meant.
MENTION = r"(?<![\w/@.+-])@([A-Za-z0-9][A-Za-z0-9-]{1,37}[A-Za-z0-9])(?![\w@-])"
TRAILING = ".,;:!?'*_~"


class BareUrl(InlineProcessor):
    """A web address typed as it is becomes a link; what ends the sentence is left outside."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, match, data):  # noqa: N802
        url = _without_the_sentence(match[0])
        if url.endswith("://"):
            return None, None, None
        return _link(url, url), match.start(), match.start() + len(url)


class MailAddress(InlineProcessor):
    """<ada@example.org>, without the scrambling that Python-Markdown adds."""

    def handleMatch(self, match, data):  # noqa: N802
        return _link("mailto:" + match[1], match[1]), match.start(), match.end()


class Mention(InlineProcessor):
    """@ada leads to Ada's page where there is somebody of that handle; any other @ stays a sign."""

    ANCESTOR_EXCLUDES = ("a",)
    people = frozenset()  # set for each text

    def handleMatch(self, match, data):  # noqa: N802
        if match[1].lower() not in self.people:
            return None, None, None
        return _link(f"/people/{match[1].lower()}/", match[0]), match.start(), match.end()


def _without_the_sentence(url):
    """Cut trailing marks, and closing brackets that were not opened within the address."""
    surplus = {")": url.count(")") - url.count("("), "]": url.count("]") - url.count("[")}
    end = len(url)
    while end:
        last = url[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in TRAILING:
            break
        end -= 1
    return url[:end]


def _link(href, text):
    link = ElementTree.Element("a", {"href": href})
    link.text = AtomicString(text)
    return link
