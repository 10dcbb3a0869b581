"""What a machine wrote: nothing of it is posted and nobody answered, so that no two machines write to each other."""

import re
from email.utils import parseaddr

from django.conf import settings

from discussions.threads.message_ids import host

from .routing import route_of

MOST_HOPS = 30
BULK = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
OF_MACHINES = (
    "x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply-from",
    "x-mail-autoreply", "x-loop", "list-id", "list-post", "list-unsubscribe", "feedback-id", "x-failed-recipients",
)  # fmt: skip
MACHINES = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|daemon|root)$", re.IGNORECASE)
OUR_IDS = re.compile(r"<(?:(?:comment|event|digest|answer)-[0-9-]{1,40}|[0-9a-f]{32})@")
SUBJECTS = re.compile(
    r"^(?:auto(?:matic|matische)?[ -]?(?:reply|response|antwort)|automatisch antwoord|out of (?:the )?office|"
    r"abwesenheits\w{1,12}|réponse automatique|respuesta automática|risposta automatica|resposta automática|"
    r"automatiskt? svar|undeliver(?:able|ed)|delivery (?:status notification|failure)|mail delivery failed|"
    r"unzustellbar|returned mail)\s?[:(]",
    re.IGNORECASE,
)


def why_automatic(message, envelope_sender):
    """What shows that a machine wrote this, in a word; "" where nothing does. `envelope_sender` None: not known."""
    if envelope_sender == "" or message.get("return-path") == "<>":
        return "null sender"
    if message.kind in {"multipart/report", "message/disposition-notification"}:
        return "report"
    if message.get("auto-submitted").lower().split(";")[0].strip() not in {"", "no"}:
        return "auto-submitted"
    if message.get("precedence").lower() in BULK:
        return "precedence"
    if found := next((name for name in OF_MACHINES if message.all(name)), None):
        return found
    if len(message.all("received")) > MOST_HOPS:
        return "hops"
    return _why_ours(message, envelope_sender) or ("subject" if SUBJECTS.match(message.get("subject")) else "")


def _why_ours(message, envelope_sender):
    """Whether it is mail of this site that came back, or of a machine by its name."""
    if OUR_IDS.match(message.message_id) and message.message_id.endswith(f"@{host()}>"):
        return "loop"
    for address in filter(None, (message.sender, (envelope_sender or "").lower())):
        if address == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower() or route_of(address):
            return "loop"
        if MACHINES.match(address.rpartition("@")[0]):
            return "machine"
    return ""


def has_bounced(message):
    """Whether it says that a mail of ours could not be delivered, for good."""
    failed = re.search(r"(?im)^action:\s{0,5}failed\b", message.report)
    return bool(failed and re.search(r"(?im)^status:\s{0,5}5\.", message.report))
