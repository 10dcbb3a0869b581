"""The whole way with the real parts: mail goes out through a mail server and is answered in a mail program's form, over
SMTP, to the receiver that the supervisor runs; it becomes a comment, and what is said below threads in the mailbox."""

import json
import smtplib
import socket
import urllib.request

import pytest

from tests.running_site import RunningSite
from tests.services import free_port, wait_for
from tests.smtp_sink import smtp_sink

from .clients import gmail

START = """
from django.utils import timezone
from discussions.notifications.actions import choose, follow
from discussions.threads.actions import start_thread
from registry.labs.actions import register_lab
from registry.releases.actions import begin_entry, publish
from tests.people import CONTENT, make_person
ada, bo = (make_person(handle, trusted_since=timezone.now()) for handle in ("ada", "bob"))
entry = begin_entry(register_lab(name="Invented Lab", slug="invented-lab", by=ada), "lamp", by=ada, content=CONTENT)
publish(entry, by=ada)
for person in (ada, bo):
    choose(person, cadence="immediate")
follow(by=bo, subject=entry.subject)
print(start_thread(entry.subject, "By mail", "What do you think?", ada).pk)
"""
ANSWER = """
from discussions.threads.actions import post
from discussions.threads.models import Comment
said = Comment.objects.select_related("thread__about", "thread__subject").get(number=2)
post(said.thread, "I see.", said.thread.started_by, parent=said)
"""
COUNT = "from discussions.mail_in.models import IncomingMail; print(IncomingMail.objects.count())"
SECONDS = 120


class Place:
    """A running site that takes mail, and the mail server to which it sends."""

    def __init__(self, site, sink, port):
        self.site, self.sink, self.port = site, sink, port

    def shell(self, code):
        return self.site.manage("shell", "--no-imports", "-c", code).split()

    def comments(self, thread):
        """(author, number of the comment that is answered, text) of each comment, as the site shows them."""
        with urllib.request.urlopen(f"{self.site.url}/t/{thread}/json/", timeout=30) as answer:
            found = json.load(answer)["comments"]
        numbers = {one["id"]: one["number"] for one in found}
        return [(one["author"], numbers.get(one["parent"]), one["body"]) for one in found]

    def mailed(self, recipient, count):
        """The last of so many mails of the discussion to somebody."""

        def those():
            to = [mail.message for mail in self.sink.messages if mail.recipients == [recipient]]
            return [one for one in to if "By mail" in one["Subject"]]

        said = f"{count} mails to {recipient}"
        wait_for(lambda: len(those()) >= count, SECONDS, lambda: f"{said}; {self.site.last_words('errands')}")
        return those()[count - 1]

    def send(self, raw, to):
        with smtplib.SMTP("127.0.0.1", self.port, "client.example", timeout=30) as client:
            assert client.sendmail("bob@example.org", [to], raw) == {}

    def send_until_taken(self, raw, to):
        """What a mail server does while nobody answers."""

        def takes():
            try:
                self.send(raw, to)
            except OSError:
                return False
            return True

        wait_for(takes, SECONDS, lambda: f"the receiver; {self.site.last_words('mail-in')}")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):  # so that the site gets another one
        own = free_port()
    mail = {"MAIL_IN": f"127.0.0.1:{port}", "MAIL_DOMAIN": "mail.daylight.example"}
    mail |= {"MAIL_AUTHSERV_ID": "mx.daylight.example", "DAYLIGHT_EXAMPLES": "off"}
    with smtp_sink() as sink:
        with RunningSite(tmp_path_factory.mktemp("mail"), port=own, seconds=400, EMAIL_URL=sink.url, **mail) as site:
            yield Place(site, sink, port)


def test_mail_out_is_answered_by_mail_and_goes_on_in_the_mailbox(place):
    assert f"is taken at 127.0.0.1:{place.port}" in place.site.output
    thread = place.shell(START)[-1]
    first = place.mailed("bob@example.org", 1)
    to = first["Reply-To"]
    raw = gmail(
        "I **agree**.", sender="Bo <bob@example.org>", to=to, message_id="<bo-1@mail.example.org>",
        answers=first["Message-ID"], subject=f"Re: {first['Subject']}",
    )  # fmt: skip

    place.send_until_taken(raw, to)

    said = [("ada", None, "What do you think?"), ("bob", 1, "I **agree**.")]
    wait_for(lambda: place.comments(thread) == said, SECONDS, lambda: place.site.last_words("errands"))
    told = place.mailed("ada@example.org", 1)
    assert told["In-Reply-To"] == first["Message-ID"]
    assert "bo-1@mail.example.org" not in told.as_string()

    place.shell(ANSWER)

    second = place.mailed("bob@example.org", 2)
    assert second["In-Reply-To"] == "<bo-1@mail.example.org>"
    assert second["References"].split() == [first["Message-ID"], told["Message-ID"], "<bo-1@mail.example.org>"]

    # Killed, it comes back by itself, and gets the same mail again, as from a server that heard no answer.
    for _ in range(2):
        place.site.kill("mail-in")
        place.send_until_taken(raw, to)

    assert place.shell(COUNT)[-1] == "1"
    assert place.comments(thread) == [*said, ("ada", 2, "I see.")]


@pytest.mark.parametrize("env", [{"MAIL_IN": "nonsense"}, {"MAIL_IN": "127.0.0.1:8025"}])
def test_wrong_settings_stop_the_start_by_name(tmp_path, env):
    site = RunningSite(tmp_path, **env)
    site.launch()
    site.process.wait(60)

    assert "MAIL_IN" in site.output
    assert "Traceback" not in site.output
