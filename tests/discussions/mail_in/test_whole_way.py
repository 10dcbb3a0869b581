"""The whole way with the real parts: mail goes out through a mail server and is answered in a mail program's form, over
SMTP, to the receiver that the supervisor runs; it becomes a comment, and what is said below threads in the mailbox."""

import smtplib

import pytest

from tests.running_site import RunningSite
from tests.services import free_port, wait_for
from tests.smtp_sink import smtp_sink

from .clients import gmail

PEOPLE = """
from django.utils import timezone
from registry.accounts.models import User
from registry.core.subjects import Subject
from discussions.threads.actions import start_thread, post
from discussions.notifications.actions import choose, follow
ada, bo = User.objects.get(handle="ada-example"), User.objects.get(handle="bo-example")
User.objects.filter(pk__in=[ada.pk, bo.pk]).update(trusted_since=timezone.now())
"""
START = (
    PEOPLE
    + """
for person in (ada, bo):
    choose(person, cadence="immediate")
subject = Subject.objects.filter(kind="release", public=True).order_by("pk").first()
follow(by=bo, subject=subject)
print(start_thread(subject, "By mail", "What do you think?", ada).pk)
"""
)
ANSWER = (
    PEOPLE
    + """
from discussions.threads.models import Comment
said = Comment.objects.get(thread__title="By mail", number=2)
post(said.thread, "I see.", ada, parent=said)
"""
)
READ = """
from discussions.threads.models import Comment
from discussions.mail_in.models import IncomingMail
for c in Comment.objects.filter(thread__title="By mail").order_by("number"):
    print([c.number, c.author.handle, c.parent and c.parent.number, c.body])
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    port = free_port()
    with smtp_sink() as sink:
        with RunningSite(
            tmp_path_factory.mktemp("mail"),
            MAIL_IN=f"127.0.0.1:{port}",
            MAIL_DOMAIN="mail.daylight.example",
            MAIL_AUTHSERV_ID="mx.daylight.example",
            EMAIL_URL=sink.url,
            BASE_URL="http://daylight.example",
            ALLOWED_HOSTS="daylight.example,127.0.0.1",
        ) as site:
            site.manage(
                "create_person", "ada-example", "ada@example.org", "--password-stdin", text_input="long-password-1\n"
            )
            site.manage(
                "create_person", "bo-example", "mod@example.org", "--password-stdin", text_input="long-password-2\n"
            )
            yield site, sink, port


def shell(site, code):
    return site.manage("shell", "--no-imports", "-c", code, check=True).strip().splitlines()


def mail_about(sink, recipient, count):
    return wait_for(
        lambda: (
            (
                found := [
                    m for m in sink.messages if m.recipients == [recipient] and "By mail" in str(m.message["Subject"])
                ]
            )
            and len(found) >= count
            and found
        ),
        60,
        f"{count} mails to {recipient}",
    )


def send(port, raw, to):
    with smtplib.SMTP("127.0.0.1", port, "client.example", timeout=20) as client:
        assert client.sendmail("mod@example.org", [to], raw) == {}


def test_mail_out_is_answered_by_mail_and_goes_on_in_the_mailbox(place):
    site, sink, port = place
    wait_for(lambda: "Taking mail" in site.log("mail-in"), 30, lambda: site.last_words("mail-in"))
    assert f"is taken at 127.0.0.1:{port}" in site.output
    shell(site, START)

    first = mail_about(sink, "mod@example.org", 1)[0].message
    to = first["Reply-To"]
    raw = gmail(
        "I **agree**.",
        sender="Bo <mod@example.org>",
        to=to,
        message_id="<bo-1@mail.example.org>",
        answers=first["Message-ID"],
        subject=f"Re: {first['Subject']}",
    )
    send(port, raw, to)
    expected = [str([1, "ada-example", None, "What do you think?"]), str([2, "bo-example", 1, "I **agree**."])]
    wait_for(lambda: shell(site, READ) == expected, 60, lambda: f"a comment; {site.last_words('errands')}")

    told = mail_about(sink, "ada@example.org", 1)[0].message
    assert told["In-Reply-To"] == first["Message-ID"]
    assert "bo-1@mail.example.org" not in told.as_string()

    shell(site, ANSWER)
    second = mail_about(sink, "mod@example.org", 2)[1].message
    assert second["In-Reply-To"] == "<bo-1@mail.example.org>"
    assert second["References"].split() == [first["Message-ID"], told["Message-ID"], "<bo-1@mail.example.org>"]

    # Killed, it comes back by itself, and gets the same mail again, as from a server that heard no answer.
    for _ in range(2):
        site.kill("mail-in")
        wait_for(lambda: _takes(port, raw, to), 60, lambda: site.last_words("mail-in"))
    answered = shell(site, READ + "print(IncomingMail.objects.count())")
    assert answered == [*expected, str([3, "ada-example", 2, "I see."]), "1"]


def _takes(port, raw, to):
    try:
        send(port, raw, to)
    except OSError:
        return False
    return True


@pytest.mark.parametrize("env", [{"MAIL_IN": "nonsense"}, {"MAIL_IN": "127.0.0.1:8025"}])
def test_wrong_settings_stop_the_start_by_name(tmp_path, env):
    site = RunningSite(tmp_path, **env)
    site.launch()
    site.process.wait(30)

    assert "MAIL_IN" in site.output
    assert "Traceback" not in site.output
