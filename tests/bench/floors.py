"""What the same work costs at the least: bare Django views without middleware, template, session or permission.

Served beside the site by the same server, so that both are measured in one run: `tests.bench.floors:application`.
"""

import html
import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

site = get_wsgi_application()

COMMENTS = """
SELECT c.id, c.depth, u.handle, u.display_name, c.created_at, c.html
FROM discussions_comment c JOIN registry_user u ON u.id = c.author_id WHERE c.thread_id = %s ORDER BY c.path
"""
TOPICS = """
SELECT t.id, t.title, t.comment_count, t.last_comment_at, u.display_name
FROM discussions_thread t JOIN registry_user u ON u.id = t.started_by_id
ORDER BY t.last_comment_at DESC, t.id DESC LIMIT 30
"""
FOUND = """
SELECT c.id, c.number, c.created_at, c.disclosure->>'display_name', t.title
FROM discussions_comment c JOIN discussions_thread t ON t.id = c.thread_id
WHERE to_tsvector('english'::regconfig, COALESCE(regexp_replace(c.body, '^[ \\t]{0,3}>.*$', '', 'gn'), ''))
      @@ websearch_to_tsquery('english'::regconfig, 'zirconium')
ORDER BY c.id DESC LIMIT 20
"""
LISTED = """
SELECT e.slug, e.title, e.sentence, e.kind, e.decided_on, e.levels, l.slug, l.name
FROM registry_entry e JOIN registry_lab l ON l.id = e.lab_id WHERE e.published_at IS NOT NULL {and_}
ORDER BY e.decided_on DESC, e.id DESC LIMIT 31
"""
ENTRY = """
SELECT r.content, r.html, e.title, l.name FROM registry_entry e JOIN registry_lab l ON l.id = e.lab_id
JOIN registry_revision r ON r.id = e.current_id WHERE e.slug = %s
"""
REVISE = """
INSERT INTO registry_revision (entry_id, number, content, digest, justification, changed, author_id, disclosure, html,
                               published_at, origin, approvers)
SELECT entry_id, (SELECT max(number) + 1 FROM registry_revision WHERE entry_id = r.entry_id), content, digest, 'Why.',
       changed, author_id, disclosure, html, now(), origin, approvers
FROM registry_revision r WHERE id = (SELECT current_id FROM registry_entry WHERE slug = %s) RETURNING id, entry_id
"""
EVENT = """
INSERT INTO registry_event (verb, subject_id, actor_id, data, public, at)
SELECT 'release.published', e.subject_id, e.created_by_id, '{}', true, now() FROM registry_entry e WHERE id = %s
"""
WORDS = "zirconium model"
COMMENT = (
    '<article class="c d{}" id="c-{}"><p><a href="/people/{}/">{}</a> <time datetime="{}">{}</time> '
    '<a href="/c/{}/">link</a> <a href="?reply={}">reply</a></p><div>{}</div></article>'
)
REPLY = """
INSERT INTO discussions_comment (thread_id, parent_id, path, number, depth, author_id, disclosure, body, html, as_of,
                                 created_at, edits, hidden)
SELECT %(thread)s, NULL, lpad(next_number::text, 4, '0'), next_number, 1, started_by_id, '{}', %(body)s, %(html)s, '',
       now(), 0, false
FROM discussions_thread WHERE id = %(thread)s
"""
COUNT = """
UPDATE discussions_thread SET next_number = next_number + 1, comment_count = comment_count + 1,
       version = version + 1 WHERE id = %s
"""


def thread(request, pk):
    """One query with a join, formatted and joined."""
    with connection.cursor() as cursor:
        cursor.execute(COMMENTS, [pk])
        rows = cursor.fetchall()
    said = [
        COMMENT.format(depth, pk, handle, html.escape(name), at.isoformat(), f"{at:%d %b %Y}", pk, pk, text)
        for pk, depth, handle, name, at, text in rows
    ]
    return HttpResponse("<!doctype html><title>Thread</title>" + "".join(said))


def topics(request):
    with connection.cursor() as cursor:
        cursor.execute(TOPICS)
        rows = cursor.fetchall()
    item = '<li><a href="/t/{}/">{}</a> {} {} {}'
    items = "".join(item.format(pk, html.escape(title), n, at, who) for pk, title, n, at, who in rows)
    return HttpResponse(f"<!doctype html><title>Topics</title><ul>{items}</ul>")


def search(request):
    """The same question to the same index, and twenty lines."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND)
        rows = cursor.fetchall()
    item = '<li><a href="/c/{}/">{}, #{}</a> {} {}'
    items = "".join(item.format(pk, html.escape(who), n, html.escape(title), at) for pk, n, at, who, title in rows)
    return HttpResponse(f"<!doctype html><title>Found</title><ul>{items}</ul>")


def constant(request):
    """As many bytes as the page of 500 comments, always the same."""
    return HttpResponse(PAGE)


def packed(request):
    """The same as it is stored compressed."""
    return HttpResponse(PACKED, headers={"Content-Encoding": "gzip"})


PAGE = os.urandom(45_000).hex().encode() * 5
PACKED = os.urandom(70_000)


def unchanged(request):
    return HttpResponse(status=304, headers={"ETag": '"1"'})


def reply(request, pk):
    """Markdown, sanitiser, an insert and the counter, in one transaction."""
    from registry.core.markdown.rendering import convert

    body = request.POST["body"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REPLY, {"thread": pk, "body": body, "html": convert(body)})
        cursor.execute(COUNT, [pk])
    return HttpResponse(status=302, headers={"Location": f"/t/{pk}/"})


def releases(request):
    return _list("")


def facets(request):
    return _list("AND e.facets @> ARRAY['component=weights_final&mode=downloadable']::varchar[]")


def _list(and_):
    with connection.cursor() as cursor:
        cursor.execute(LISTED.format(and_=and_))
        rows = cursor.fetchall()
    item = '<li><h2><a href="/releases/{}/{}/">{}</a></h2><p>{}</p><p>{} {} {} {}</p>'
    items = "".join(
        item.format(lab, slug, html.escape(title), html.escape(said), kind, day, html.escape(name), levels)
        for slug, title, said, kind, day, levels, lab, name in rows
    )
    return HttpResponse(f"<!doctype html><title>Releases</title><ol>{items}</ol>")


def entry(request, slug):
    with connection.cursor() as cursor:
        cursor.execute(ENTRY, [slug])
        content, texts, title, lab = cursor.fetchone()
    said = "".join(json.loads(texts).values())
    return HttpResponse(f"<!doctype html><title>{html.escape(title)}</title><p>{html.escape(lab)}</p>{said}{content}")


def found(request):
    """The site's own question for the same words, without a page around it."""
    from django.contrib.auth.models import AnonymousUser

    from registry.search.queries import find, with_excerpts

    found = with_excerpts(find(WORDS, AnonymousUser()), WORDS)
    items = "".join(f"<li>{html.escape(one.title)} {one.excerpt}" for one in found)
    return HttpResponse(f"<!doctype html><title>Found</title><ol>{items}</ol>")


def publish(request, slug):
    """The rows of a revision, bare, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REVISE, [slug])
        revision, pk = cursor.fetchone()
        cursor.execute("UPDATE registry_entry SET current_id = %s WHERE id = %s", [revision, pk])
        cursor.execute("UPDATE registry_subject SET as_of = 'x' FROM registry_entry e WHERE e.id = %s AND "
                       "registry_subject.id = e.subject_id", [pk])  # fmt: skip
        cursor.execute(EVENT, [pk])
    return HttpResponse(status=302, headers={"Location": "/"})


def small(request):
    """As many bytes as the first page of the list."""
    return HttpResponse(SMALL)


def medium(request):
    """As many bytes as the page of an entry."""
    return HttpResponse(MEDIUM)


SMALL, MEDIUM = os.urandom(14_000).hex().encode(), os.urandom(25_000).hex().encode()


class Bare(WSGIHandler):
    """Django with nothing around the view."""

    def load_middleware(self, is_async=False):
        self._view_middleware, self._template_response_middleware, self._exception_middleware = [], [], []
        self._middleware_chain = convert_exception_to_response(self._get_response)

    def resolve_request(self, request):
        request.urlconf = __name__
        return super().resolve_request(request)


urlpatterns = [
    path("floor/t/<int:pk>/", thread),
    path("floor/t/<int:pk>/reply/", reply),
    path("floor/threads/", topics),
    path("floor/search/", search),
    path("floor/releases/", releases),
    path("floor/releases/<slug:slug>/", entry),
    path("floor/releases/<slug:slug>/publish/", publish),
    path("floor/facets/", facets),
    path("floor/found/", found),
    path("floor/small/", small),
    path("floor/medium/", medium),
    path("floor/constant/", constant),
    path("floor/packed/", packed),
    path("floor/304/", unchanged),
]
bare = Bare()


def application(environ, start_response):
    return (bare if environ["PATH_INFO"].startswith("/floor/") else site)(environ, start_response)
