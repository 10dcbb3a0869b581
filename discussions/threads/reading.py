"""What is new to somebody in a thread: exact to the comment, not to a moment.

A page tells which comments were on screen; nothing is written when it is asked for. Who has never told anything of a
thread is new to it as a whole, so nothing in it is marked.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from registry.core.limits import take
from registry.core.rules import require
from registry.core.statements import ask, ask_along

from .ranges import missing, pairs, read

# One statement, so that two tabs that tell at the same moment add to each other. A visit ends when nothing was told
# for half an hour; eight are kept.
TELL = """
INSERT INTO discussions_reading AS r (user_id, thread_id, seen, visits)
SELECT %(user)s, t.id, %(seen)s::int4multirange * int4multirange(int4range(1, t.next_number)),
       jsonb_build_array(jsonb_build_array(clock_timestamp(), LEAST(%(highest)s, t.next_number - 1)))
FROM discussions_thread AS t WHERE t.id = %(thread)s
ON CONFLICT (user_id, thread_id) DO UPDATE SET seen = r.seen + EXCLUDED.seen, visits = CASE
  WHEN (r.visits->0->>0)::timestamptz > clock_timestamp() - interval '30 minutes'
  THEN jsonb_set(r.visits, '{0}', jsonb_build_array(
    clock_timestamp(), GREATEST((r.visits->0->>1)::int, (EXCLUDED.visits->0->>1)::int)))
  ELSE jsonb_path_query_array(EXCLUDED.visits || r.visits, '$[0 to 7]') END
"""
SEEN = "SELECT seen, visits FROM discussions_reading WHERE user_id = %s AND thread_id = %s"
# How much of each thread somebody has not seen, of those of which they saw anything; begins at the first gap.
COUNT = """
SELECT c.thread_id, count(*) FROM discussions_reading AS r
JOIN discussions_comment AS c ON c.thread_id = r.thread_id
  AND c.number > COALESCE((SELECT upper(first) - 1 FROM unnest(r.seen) AS first WHERE first @> 1), 0)
WHERE r.user_id = %s AND r.thread_id = ANY(%s)
  AND NOT r.seen @> c.number AND NOT c.hidden AND c.author_id <> r.user_id
  AND c.author_id NOT IN (SELECT p.persona_id FROM registry_pseudonym AS p WHERE p.owner_id = r.user_id)
GROUP BY c.thread_id
"""


@dataclass
class Marks:
    """The numbers that are new to a reader, and the visits since which they may ask."""

    unseen: set = field(default_factory=set)
    visits: list = field(default_factory=list)
    since: int | None = None


def marks_for(user, thread, since=None):
    """What is new to somebody in a thread; `since` is the highest number of the visit that they chose."""
    highest = thread.next_number - 1
    rows = ask(SEEN, [user.pk, thread.pk])
    if not rows:
        return Marks()
    seen, visits = rows[0]
    past = [(datetime.fromisoformat(at), number) for at, number in json.loads(visits) if number < highest]
    if since is not None:
        return Marks(set(range(since + 1, highest + 1)), past, since)
    return Marks(missing(pairs(seen), highest), past)


@transaction.atomic
def mark_seen(thread, by, ranges, highest):
    """Add comments to what somebody has seen; `highest` is the last number of the page that they had on screen."""
    require(by, "threads.mark_seen", thread)
    seen = read(ranges)
    take("seen", f"u{by.pk}", size=120, per_seconds=60)
    ask_along(TELL, {"user": by.pk, "thread": thread.pk, "seen": seen, "highest": highest})


def counts_for(user, threads):
    """How many comments of each thread are new to somebody: key → number, by one query."""
    if not threads or not getattr(user, "is_authenticated", False):
        return {}
    return dict(ask(COUNT, [user.pk, list(threads)]))
