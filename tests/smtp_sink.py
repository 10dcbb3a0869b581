"""A mail server of our own: takes whatever it is given and keeps it, or refuses as it is told to.

    with smtp_sink() as sink:
        ...  # EMAIL_URL is sink.url
        assert [mail.message["Subject"] for mail in sink.messages] == ["Hello"]
"""

import asyncio
import base64
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import quote

from tests.services import wait_for


@dataclass
class Received:
    """One mail as it arrived: the envelope, the very bytes, and how its sender had introduced itself."""

    sender: str
    recipients: list[str]
    data: bytes
    user: str | None
    secured: bool

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=policy.default)

    @property
    def bodies(self):
        """Content type → text, of every part that is text."""
        return {part.get_content_type(): part.get_content() for part in self.message.walk()
                if part.get_content_maintype() == "text"}  # fmt: skip


@dataclass
class Sink:
    users: dict[str, str] = field(default_factory=dict)
    certificate: str | None = None
    refuse: dict[str, str] = field(default_factory=dict)  # verb → answer, such as "RCPT": "550 Nobody of that name"
    messages: list[Received] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self):
        """What EMAIL_URL is for this server; STARTTLS where it has a certificate, the first user where it has one."""
        scheme = "smtp+tls" if self.certificate else "smtp"
        return f"{scheme}://{self._who()}localhost:{self.port}"

    def _who(self):
        for name, password in self.users.items():
            return f"{quote(name, safe='')}:{quote(password, safe='')}@"
        return ""

    def wait_for_messages(self, count, seconds=30):
        wait_for(lambda: len(self.messages) >= count, seconds, f"{count} mails; there are {len(self.messages)}")
        return self.messages


@contextmanager
def smtp_sink(**options):
    """A `Sink` that listens on a free port of localhost until the block ends."""
    sink, loop, ready = Sink(**options), asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()

    async def serve():
        server = await asyncio.start_server(lambda r, w: _Session(sink, r, w).talk(), "127.0.0.1", 0)
        sink.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


class _Session:
    """One connection (RFC 5321, with AUTH PLAIN and STARTTLS)."""

    def __init__(self, sink, reader, writer):
        self.sink, self.reader, self.writer = sink, reader, writer
        self.user, self.secured = None, False
        self.sender, self.recipients = None, []

    async def talk(self):
        try:
            await self.say("220 sink.example ESMTP")
            while line := (await self.reader.readline()).decode("utf-8", "replace").rstrip("\r\n"):
                self.sink.heard.append(line)
                verb, _, rest = line.partition(" ")
                verb = verb.upper()
                answer = self.sink.refuse.get(verb) or await getattr(self, f"on_{verb.lower()}", self.unknown)(rest)
                if answer:
                    await self.say(answer)
                if verb == "QUIT":
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other side went away, as it may
        finally:
            self.writer.close()
            with suppress(OSError):
                await self.writer.wait_closed()

    async def say(self, text):
        self.writer.write(f"{text}\r\n".encode())
        await self.writer.drain()

    async def unknown(self, rest):
        return "502 Not known here"

    async def on_ehlo(self, rest):
        offers = ["sink.example", "8BITMIME", "SIZE 10000000"]
        offers += ["STARTTLS"] if self.sink.certificate and not self.secured else []
        offers += ["AUTH PLAIN"] if self.sink.users and (self.secured or not self.sink.certificate) else []
        return "\r\n".join(f"250{'-' if n < len(offers) - 1 else ' '}{offer}" for n, offer in enumerate(offers))

    async def on_starttls(self, rest):
        if not self.sink.certificate:
            return "502 Not offered"
        await self.say("220 Go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.sink.certificate)
        await self.writer.start_tls(context)
        self.secured = True
        return None

    async def on_auth(self, rest):
        _, user, password = base64.b64decode(rest.split()[-1]).decode().split("\0")
        if self.sink.users.get(user) != password:
            return "535 Not the right password"
        self.user = user
        return "235 Welcome"

    async def on_mail(self, rest):
        if self.sink.users and self.user is None:
            return "530 Sign in first"
        self.sender, self.recipients = _address(rest), []
        return "250 OK"

    async def on_rcpt(self, rest):
        self.recipients.append(_address(rest))
        return "250 OK"

    async def on_data(self, rest):
        await self.say("354 Go on")
        data = (await self.reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
        self.sink.messages.append(Received(self.sender, self.recipients, data, self.user, self.secured))
        return "250 Kept"

    async def on_rset(self, rest):
        return "250 OK"

    on_noop = on_rset

    async def on_quit(self, rest):
        return "221 Bye"


def _address(rest):
    return rest.partition("<")[2].partition(">")[0]
