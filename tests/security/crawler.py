"""A reader who follows every link: pages, feeds, the API and its lists, as one person."""

import functools
import html
import json
import re
from collections import Counter
from email import message_from_bytes
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

LINK = re.compile(r"""(?:href|src|action)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
BEGINS = re.compile(rb"^From .*\n", re.MULTILINE)
ATOM = re.compile(r"<id>([^<]+)</id>")
# What one asks for without having found it on a page.
SEEDS = [
    "/", "/releases/", "/labs/", "/norms/", "/matrix/", "/runs/", "/threads/", "/concerns/", "/concerns/?state=all",
    "/letters/", "/letters/feed/", "/letters/mine/", "/letters/chairs/", "/letters/labs/invented-lab/",
    "/workshops/", "/activity/",
    "/releases/feed/", "/labs/feed/", "/norms/feed/", "/matrix/feed/", "/runs/feed/", "/threads/feed/",
    "/workshops/feed/", "/concerns/feed/", "/activity/feed/", "/moderation/", "/moderation/log/",
    "/moderation/log/feed/", "/moderation/rules/", "/moderation/figures/", "/moderation/reports/", "/api/",
    "/robots.txt", "/me/", "/me/tokens/", "/accounts/email/",
    "/inbox/", "/inbox/since/?of=everything", "/inbox/settings/", "/inbox/mail/",
    "/api/v1/schema/",
    *(f"/api/v1/{name}" for name in (
        "releases", "releases?state=draft", "revisions", "stages", "people", "pseudonyms", "labs", "events", "norms",
        "versions", "clauses", "declarations", "runs", "findings", "workshops", "sessions", "threads", "comments",
        "votes", "authorships", "concerns", "letters", "summaries", "reports", "moderation-log", "subscriptions",
        "notices", "incoming-mails", "programmes", "access-requests",
    )),
]  # fmt: skip
MOST_ALIKE = 4  # links to one view that are followed; what is given by name is always opened
API_OF = [
    (re.compile(r"^/releases/([a-z0-9-]+)/([a-z0-9-]+)/$"), "/api/v1/releases/{}/{}"),
    (re.compile(r"^/runs/(\d+)/$"), "/api/v1/runs/{}"),
    (re.compile(r"^/people/([a-z0-9-]+)/$"), "/api/v1/people/{}"),
    (re.compile(r"^/labs/([a-z0-9-]+)/$"), "/api/v1/labs/{}"),
    (re.compile(r"^/concerns/(\d+)/$"), "/api/v1/concerns/{}/signatures"),
    (re.compile(r"^/letters/(\d+)/$"), "/api/v1/letters/{}"),
    (re.compile(r"^/letters/(\d+)/answer/$"), "/api/v1/letters/{}/messages"),
    (re.compile(r"^/t/(\d+)/$"), "/api/v1/threads/{}"),
    (re.compile(r"^/files/(\d+)/$"), "/api/v1/files/{}"),
]


def crawl(client, *, seeds=(), most=4000, only="/"):
    """Ask for everything that can be reached and begins with `only`, and yield (address, response)."""
    waiting, seen, alike = [*SEEDS, *seeds], set(), Counter()
    while waiting:
        assert len(seen) < most, f"more than {most} pages: what was not read is not known to be clean"
        address = waiting.pop()
        if address in seen or "/logout/" in address or not address.startswith(only):
            continue
        seen.add(address)
        response = client.get(address)
        yield address, response
        for found in _links(address, response):
            if found not in seen and found not in waiting and alike[kind := _kind(found)] < MOST_ALIKE:
                alike[kind] += 1
                waiting.append(found)


@functools.cache
def _kind(address):
    """The view that answers an address, and the names of what is asked of it: pages made by the same code."""
    path, _, query = address.partition("?")
    try:
        view = resolve(path).view_name
    except Resolver404:
        view = path
    return view, tuple(sorted({part.partition("=")[0] for part in query.split("&")}))


def body_of(response):
    """The whole answer as bytes, and its headers too: a secret in one of them is told as well.

    Of a mailbox also what its messages say once they are decoded, as a mail program would show it.
    """
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.get("Content-Type", "").startswith("application/mbox"):
        messages = map(message_from_bytes, BEGINS.split(content)[1:])
        content += b"\n".join(message.get_payload(decode=True) or b"" for message in messages)
    return content + "\n".join(f"{k}: {v}" for k, v in response.headers.items()).encode()


def _links(address, response):
    if response.status_code in (301, 302, 303):
        found = [response["Location"]]
    elif response.streaming or response.status_code >= 400:
        found = []
    else:
        found = _named_in(response)
    here = {_local(urljoin(settings.BASE_URL + address, html.unescape(link))) for link in found} - {None}
    for link in sorted(here):
        yield link
        for page, api in API_OF:
            if named := page.match(link):
                yield api.format(*named.groups())


def _named_in(response):
    kind, text = response.get("Content-Type", ""), response.content.decode("utf-8", "replace")
    if "json" in kind:
        return [value for value in _strings(json.loads(text)) if value.startswith(("/", settings.BASE_URL))]
    return ["".join(groups) for groups in LINK.findall(text)] + (ATOM.findall(text) if "xml" in kind else [])


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _local(address):
    """The address below this host, or None where it leads elsewhere."""
    parts = urlsplit(urldefrag(address)[0])
    own = urlsplit(settings.BASE_URL)
    if parts.netloc not in {own.netloc, "testserver"} or parts.path.startswith("/static/"):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")
