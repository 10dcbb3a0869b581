"""What is written beside an act, in its own transaction: as little as can be, for replies must not wait."""

from django.dispatch import receiver

from registry.accounts.models import User
from registry.core.statements import ask_along, insert_along
from registry.history.recording import recorded
from registry.labs.models import Membership

from .models import Subscription, Untold
from .targets import WRITING, is_told

# Whoever writes in a discussion follows it, unless they have said something else of it; in one statement with the row
# that calls a worker. For a pseudonym it is its owner, whose list nobody else sees.
FOLLOWED = """
INSERT INTO discussions_subscription (user_id, subject_id, words, cadence, made_by, created_at)
SELECT COALESCE(p.owner_id, c.author_id), %(thread)s, '', 'usual', 'posting', now()
FROM discussions_comment AS c LEFT JOIN registry_pseudonym AS p ON p.persona_id = c.author_id
WHERE c.id = %(comment)s
ON CONFLICT DO NOTHING
"""
WRITTEN = f"""
WITH followed AS ({FOLLOWED})
INSERT INTO discussions_untold (event_id, after) VALUES (%(event)s, -1)
"""  # noqa: S608 - both parts are ours


@receiver(recorded, dispatch_uid="notifications")
def note(sender, event, **kwargs):
    """Leave word that an event's followers are to be told."""
    if event.verb in LAB_ACTS:
        _follow_own_lab(event)
    if not is_told(event):
        return
    if event.verb in WRITING and "comment" in event.data:
        # An exchange that was written before is one piece of news: its first comment.
        statement = FOLLOWED if event.data.get("exchange") else WRITTEN
        ask_along(statement, {"thread": event.subject_id, "comment": event.data["comment"], "event": event.pk})
    else:
        insert_along(Untold(event=event))


LAB_ACTS = {"lab.registered", "lab.joined", "lab.role_changed", "lab.left"}


def _follow_own_lab(event):
    """Whoever speaks for a lab follows it until they do so no longer; what they have changed themselves stays."""
    handle = event.data.get("person")
    person = User.objects.filter(handle=handle).first() if handle else event.actor
    if person is None:
        return
    if Membership.objects.speakers().filter(user=person, lab__subject=event.subject).exists():
        Subscription.objects.bulk_create(
            [Subscription(user=person, subject=event.subject, made_by=Subscription.MadeBy.LAB)], ignore_conflicts=True
        )
    else:
        made_by = Subscription.MadeBy.LAB
        Subscription.objects.filter(user=person, subject=event.subject, made_by=made_by).delete()
