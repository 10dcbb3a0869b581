#!/usr/bin/env python3
"""Django's command line for Daylight; `manage.py help` lists the commands."""

import os
import sys


def main():
    if sys.argv[1:2] == ["analyse"]:
        # Needs no settings, no database and no Django: see registry/analyses/offline.py.
        from registry.analyses.offline import main as analyse

        sys.exit(analyse(sys.argv[2:]))
    if sys.argv[1:2] == ["sketch"]:
        from registry.analyses.sketch.command import main as sketch

        sys.exit(sketch(sys.argv[2:]))
    if not os.environ.get("DATABASE_URL"):
        # On a machine where `make run` runs, commands speak to that site without being told its secrets.
        from deploy.folder import environment_of_the_site

        os.environ.update({k: v for k, v in environment_of_the_site(os.environ).items() if not os.environ.get(k)})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed for this Python; make run makes one: .venv/bin/python manage.py …")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
