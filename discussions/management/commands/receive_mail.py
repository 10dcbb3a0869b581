"""The receiver of mail, over SMTP and LMTP."""

import asyncio
import logging
import signal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Take mail at HOST and PORT, over SMTP and LMTP, until stopped. Without options MAIL_IN names both. "
        "MAIL_DOMAIN must be set. Let a mail server stand before it: it checks no senders itself."
    )

    def add_arguments(self, parser):
        parser.add_argument("--host", help="the address to listen at, such as 127.0.0.1")
        parser.add_argument("--port", type=int, help="the port, such as 8025; 0 takes any that is free")

    def handle(self, *args, host=None, port=None, **options):
        from discussions.mail_in.addresses import read_address

        if not settings.MAIL_DOMAIN:
            raise CommandError("Set MAIL_DOMAIN to the domain at which the site takes mail; see docs/mail.md.")
        named = read_address(settings.MAIL_IN or "127.0.0.1:8025")
        if named is None:
            raise CommandError("MAIL_IN must be HOST:PORT, such as 127.0.0.1:8025.")
        host, port = host or named[0], named[1] if port is None else port
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's, which names each command
        try:
            asyncio.run(self._serve(host, port))
        except OSError as problem:
            raise CommandError(f"{host}:{port} cannot be listened at: {problem.strerror}.") from None

    async def _serve(self, host, port):
        from discussions.mail_in.server import serve

        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        await serve(host, port, ready=self._say, stopped=stopped)

    def _say(self, address):
        self.stdout.write(f"Taking mail for {settings.MAIL_DOMAIN} at {address[0]}:{address[1]} (SMTP and LMTP).")
        self.stdout.flush()
