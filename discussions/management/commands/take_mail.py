"""One mail from standard input, for mail servers that hand mail to a program."""

import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError

# What a mail server makes of how the program ended (sysexits.h).
NO_USER, NOT_TAKEN, TRY_AGAIN, WRONG_USE = os.EX_NOUSER, os.EX_DATAERR, os.EX_TEMPFAIL, os.EX_USAGE


class Command(BaseCommand):
    help = (
        "Take one mail from standard input for the recipients named, and end with 0 once it is stored; 75 means that "
        "it should come again, 65 and 67 that it never will be taken."
    )

    def add_arguments(self, parser):
        parser.add_argument("recipients", nargs="+", help="the envelope's recipients, such as ${recipient} of Postfix")
        parser.add_argument("--sender", help="the envelope's sender; <> or nothing for the null sender")

    def handle(self, *args, recipients, sender=None, **options):
        from discussions.mail_in.limits import MEGABYTE
        from discussions.mail_in.receiving import Later, NobodyHere, TooMuch, store

        raw = sys.stdin.buffer.read(settings.MAIL_IN_MB * MEGABYTE + 1)
        sender = None if sender is None else sender.strip().strip("<>")[:320]
        try:
            store(raw, recipients, sender)
        except NobodyHere as problem:
            self._end(NO_USER, problem)
        except TooMuch as problem:
            self._end(NOT_TAKEN, problem)
        except Later as problem:
            self._end(TRY_AGAIN, problem)
        except DatabaseError as problem:
            self._end(TRY_AGAIN, f"The database did not answer ({type(problem).__name__}).")

    def _end(self, code, said):
        self.stderr.write(str(said))
        sys.exit(code)
