"""A database that stopped between two migrations which are one now is refused, instead of being left as it is."""

from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

LAST_WITH_ALL = "be86a34"


def refuse_halfway(sender, using, **_):
    """Before anything is migrated: Django passes over a migration whose replaced ones were applied in part."""
    applied = set(MigrationRecorder(connections[using]).applied_migrations())
    for migration in MigrationLoader(None).disk_migrations.values():
        missing = sorted(set(migration.replaces) - applied)
        if missing and len(missing) < len(migration.replaces):
            app, name = missing[0]
            raise CommandError(
                f"This database was made by an earlier Daylight and lacks its migration {app}.{name}. Start the "
                f"version of commit {LAST_WITH_ALL} on it once, which adds what is missing, and then this one. "
                "Nothing was changed."
            )
