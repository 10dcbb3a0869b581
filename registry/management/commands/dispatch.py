"""The dispatcher: rings workers' bells for rows that are due, sweeps up after dead workers."""

import signal

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Ring workers for runs, mail and checks that are due. Runs until stopped; several may run at once."

    def handle(self, *args, **options):
        from registry.celery import app
        from registry.core import dispatch

        app.loader.import_default_modules()
        stopped = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.append(True))
        dispatch.run(lambda: bool(stopped))
