"""One analysis offline; see `registry.analyses.offline`."""

import sys

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run one analysis on local files, without database or server."
    requires_system_checks = []
    requires_migrations_checks = False

    def run_from_argv(self, argv):
        from registry.analyses.offline import main

        sys.exit(main(argv[2:]))
