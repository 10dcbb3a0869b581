"""The receiver: SMTP and LMTP on one port, told apart by the greeting. A mail is taken when its row is stored.

It is meant to stand behind a mail server that talks to the world, checks senders and filters: see docs/mail.md.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from aiosmtpd.smtp import SMTP, syntax
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections

from .limits import MEGABYTE
from .receiving import Later, NobodyHere, TooMuch, store
from .routing import route_of

log = logging.getLogger(__name__)
MOST_CONNECTIONS = 20
MOST_RECIPIENTS = 50
STORERS = 4  # at the same time
SECONDS = 120  # for one command, and for one mail
LONGEST_LINE = 16 * 1024  # more than RFC 5321 allows, as many programs send it

TAKEN = "250 2.0.0 Taken"
NOBODY = "550 5.1.1 Nobody takes mail at this address"
NOT_NOW = "451 4.3.0 Not at this moment, try again later"
CLEARED = "421 4.3.2 Too many connections, try again later"


class Handler:
    """What the server asks; the database is spoken to in threads."""

    def __init__(self, pool):
        self.pool = pool

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if len(address) > 320 or "\0" in address:
            return NOBODY
        try:
            found = await self._in_thread(route_of, address)
        except DatabaseError as problem:
            log.warning("a recipient could not be looked up (%s)", type(problem).__name__)
            return NOT_NOW
        if not found:
            return NOBODY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = await self._answer_to(envelope)
        # LMTP (RFC 2033): one answer for each recipient.
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if server.speaks_lmtp else answer

    async def _answer_to(self, envelope):
        sender = envelope.mail_from or ""
        try:
            await self._in_thread(store, bytes(envelope.original_content), list(envelope.rcpt_tos), sender[:320])
        except NobodyHere:
            return NOBODY
        except TooMuch as problem:
            return f"552 5.3.4 {problem}"
        except Later as problem:
            return f"452 4.3.1 {problem}"
        except Exception as problem:  # noqa: BLE001 - whatever it was, the mail was not stored: it must come again
            log.warning("a mail was not stored (%s)", type(problem).__name__)
            return NOT_NOW
        return TAKEN

    async def handle_exception(self, error):
        log.error("%s while speaking SMTP", type(error).__name__)
        return NOT_NOW

    async def _in_thread(self, act, *args):
        return await asyncio.get_running_loop().run_in_executor(self.pool, _with_database, act, *args)


def _with_database(act, *args):
    """One act with a connection of its own, which is closed: mail comes seldom, and a kept one may have died."""
    try:
        return act(*args)
    finally:
        connections.close_all()


class Receiver(SMTP):
    """SMTP as aiosmtpd speaks it, LMTP beside it, and an end for whoever sends without end."""

    line_length_limit = LONGEST_LINE
    open_now = 0

    def __init__(self, handler, **options):
        super().__init__(handler, **options)
        self.speaks_lmtp, self._received = False, 0

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg):  # noqa: N802
        self.speaks_lmtp = True
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, arg):  # noqa: N802
        self.speaks_lmtp = False
        await super().smtp_HELO(arg)

    async def smtp_EHLO(self, arg):  # noqa: N802
        self.speaks_lmtp = False
        await super().smtp_EHLO(arg)

    def connection_made(self, transport):
        type(self).open_now += 1
        if self.open_now > MOST_CONNECTIONS:
            transport.write(f"{CLEARED}\r\n".encode())
            transport.close()
            self._refused = True
            return
        self._refused = False
        super().connection_made(transport)

    def connection_lost(self, error):
        type(self).open_now -= 1
        if not self._refused:
            super().connection_lost(error)

    def data_received(self, data):
        # What aiosmtpd throws away of a mail that is too long may go on for ever.
        self._received += len(data)
        if self._refused or self._received > 2 * self.data_size_limit + MEGABYTE:
            self._transport_of().abort()
            return
        super().data_received(data)

    def eof_received(self):
        return None if self._refused else super().eof_received()

    def _transport_of(self):
        return self.transport or self._reader._transport

    def _set_rset_state(self):
        """Called before each mail: what came until now is done with."""
        self._received = 0
        super()._set_rset_state()


def make_receiver(pool, loop):
    return Receiver(
        Handler(pool), data_size_limit=settings.MAIL_IN_MB * MEGABYTE, enable_SMTPUTF8=True,
        hostname=settings.MAIL_DOMAIN, ident="Daylight", timeout=SECONDS, loop=loop,
    )  # fmt: skip


async def serve(host, port, *, ready=lambda address: None, stopped=None):
    """Take mail until `stopped` is set; `ready` is told the address when it listens."""
    loop, stopped = asyncio.get_running_loop(), stopped or asyncio.Event()
    with ThreadPoolExecutor(STORERS, thread_name_prefix="mail-in") as pool:
        server = await loop.create_server(lambda: make_receiver(pool, loop), host, port)
        ready(server.sockets[0].getsockname())
        try:
            await stopped.wait()
        finally:
            server.close()
