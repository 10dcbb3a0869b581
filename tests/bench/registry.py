"""The register at 20,000 entries of five revisions each, against bare Django views with the same questions.

Run alone with `python -m tests.bench.registry`; about five minutes, most of it for making the rows. `ENTRIES=2000`
in the environment makes fewer. Times are medians of interleaved rounds. "anew": asked with a query that says nothing,
for which no page is kept.
"""

import os
import sys

import psycopg

from tests.bench.threads import ROUNDS, compare, row, served

ENTRIES = int(os.environ.get("ENTRIES", "20000"))
REVISIONS = 5
FACET = "component=weights_final&mode=downloadable"
# Every table's rows are copies of those of one entry that was published by the site itself; only names and what lists
# are ordered and narrowed by differ. {columns} are all but those that are set here.
SUBJECTS = """
INSERT INTO registry_subject ({columns}, ref, title, path)
SELECT {values}, 'release:bench/model-' || n, 'Model ' || n, '/releases/bench/model-' || n || '/'
FROM registry_subject s, generate_series(1, %(entries)s) n WHERE s.id = %(subject)s
"""
COPIES = """
INSERT INTO registry_entry ({columns}, slug, title, subject_id, decided_on, facets, kind, word, current_id)
SELECT {values}, 'model-' || n, 'Model ' || n, s.id, (2015 + n %% 12) || '-' || lpad((1 + n %% 12)::text, 2, '0'),
       CASE WHEN n %% 3 = 0 THEN e.facets ELSE ARRAY['component=weights_final', 'mode=hosted',
       'component=weights_final&mode=hosted', 'gate=registration'] END,
       (ARRAY['model', 'dataset', 'code'])[1 + n %% 3], (ARRAY['full', 'staged', 'gated', 'withheld'])[1 + n %% 4], NULL
FROM registry_entry e, generate_series(1, %(entries)s) n
JOIN registry_subject s ON s.ref = 'release:bench/model-' || n WHERE e.id = %(entry)s
"""
TEXTS = """
INSERT INTO registry_revision ({columns}, entry_id, number)
SELECT {values}, e.id, n FROM registry_revision r, registry_entry e, generate_series(1, %(revisions)s) n
WHERE r.entry_id = %(entry)s AND e.slug LIKE 'model-%%'
"""
CURRENT = """
UPDATE registry_entry e SET current_id = r.id FROM registry_revision r
WHERE r.entry_id = e.id AND r.number = %(revisions)s AND e.slug LIKE 'model-%%'
"""
CHANGE = """
UPDATE registry_entry SET draft = jsonb_set(draft, '{summary}', to_jsonb('Changed ' || clock_timestamp()))
WHERE id = %s RETURNING draft_version
"""


def rows():
    with served("tests.bench.registry") as site:
        slug = f"model-{ENTRIES // 2 // 3 * 3}"
        entry = f"/releases/bench/{slug}/"
        yield compare(site, "list anew, p50 ms", "/releases/?anew", "/floor/releases/", 2.0)
        yield compare(site, "list unchanged, p50 ms", "/releases/", "/floor/small/", 1.5)
        yield compare(site, "by component and mode, p50 ms", "/releases/?component=weights_final&mode=downloadable",
                    "/floor/facets/", 2.0)
        yield compare(site, "a page far down the list, p50 ms", "/releases/?after=2018-03~1", "/floor/releases/", 2.0)
        yield compare(site, "entry anew, p50 ms", f"{entry}?anew", f"/floor/releases/{slug}/", 2.0)
        yield compare(site, "entry unchanged, p50 ms", entry, "/floor/medium/", 1.5)
        yield compare(site, "search, p50 ms", "/search/?q=zirconium+model", "/floor/found/", 2.0)
        yield publishing(site, slug)


def publishing(site, slug):
    """A revision published through the form, against the bare insert of the same rows in one transaction."""
    ours, floor = [], []
    with psycopg.connect(site.database, autocommit=True) as database:
        pk = database.execute("SELECT id FROM registry_entry WHERE slug = %s", [slug]).fetchone()[0]
        for number in range(ROUNDS * 6):
            version = database.execute(CHANGE, [pk]).fetchone()[0]
            form = {"justification": f"Number {number}.", "version": version, "once": f"p{number}",
                    "csrfmiddlewaretoken": site.token}  # fmt: skip
            ours.append(site.post(f"/releases/bench/{slug}/publish/", form))
            floor.append(site.post(f"/floor/releases/{slug}/publish/", {}))
        published = database.execute("SELECT count(*) FROM registry_revision WHERE entry_id = %s", [pk]).fetchone()[0]
    if published < REVISIONS + 2 * len(ours):
        raise RuntimeError(f"Only {published} revisions stand there: the form was refused.")
    ours, floor = sorted(ours)[len(ours) // 2], sorted(floor)[len(floor) // 2]
    return row("publishing a revision, p50 ms", ours, floor, ours / floor, 4.0)


def seed():
    """One entry published by the site, and copies of it by SQL; prints the session of its owner."""
    import django

    django.setup()
    from importlib import import_module

    from allauth.usersessions.models import UserSession
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.db import connection

    from registry.accounts.actions import join
    from registry.core.subjects import Subject
    from registry.labs.actions import register_lab
    from registry.releases.actions import begin_entry, publish
    from registry.releases.models import Entry, Revision
    from tests.registry.releases import contents

    owner = join("owner", "owner@example.org", display_name="Owner Example")
    lab = register_lab(name="Bench", slug="bench", by=owner)
    entry = begin_entry(lab, "first", by=owner, content=contents.gpt2() | {"summary": "Of zirconium, invented."})
    publish(entry, by=owner)
    entry.refresh_from_db()
    named = {"entries": ENTRIES, "revisions": REVISIONS, "entry": entry.pk, "subject": entry.subject_id}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for sql, model, letter, own in (
            (SUBJECTS, Subject, "s", {"ref", "title", "path"}),
            (COPIES, Entry, "e", {"slug", "title", "subject_id", "decided_on", "facets", "kind", "word", "current_id"}),
            (TEXTS, Revision, "r", {"entry_id", "number"}),
        ):
            fields = [f.column for f in model._meta.concrete_fields if not f.primary_key and not f.generated]
            kept = [f'"{name}"' for name in fields if name not in own]
            values = ", ".join(f"{letter}.{name}" for name in kept)
            cursor.execute(sql.format(columns=", ".join(kept), values=values), named)
        cursor.execute(CURRENT, named)
        cursor.execute("VACUUM ANALYZE")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(owner.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = owner.get_session_auth_hash()
    session.create()
    UserSession.objects.create(user=owner, session_key=session.session_key, ip="127.0.0.1", user_agent="bench")
    print(f"session={session.session_key}")


def main():
    print(f"{ENTRIES:,} entries of {REVISIONS} revisions")
    for each in rows():
        print(f"{each['figure']:48} {each['ours']:10.3f} {each['peer']:10.3f} {each['ratio']:6.2f} of {each['limit']}")


if __name__ == "__main__":
    seed() if sys.argv[1:] == ["seed"] else main()
