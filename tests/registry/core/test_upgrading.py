"""Databases of an earlier Daylight."""

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from registry.core.upgrading import refuse_halfway


@pytest.mark.django_db
def test_one_with_all_or_none_of_the_old_migrations_goes_on_and_one_in_between_is_refused_by_name():
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.filter(app="registry").exclude(name="0001_schema").delete()
    replaced = MigrationLoader(None).disk_migrations["registry", "0001_schema"].replaces
    refuse_halfway(None, using="default")
    for app, name in replaced[:-1]:
        recorder.record_applied(app, name)

    with pytest.raises(CommandError, match=f"lacks its migration {'.'.join(replaced[-1])}"):
        refuse_halfway(None, using="default")

    recorder.record_applied(*replaced[-1])
    refuse_halfway(None, using="default")
