"""Rate buckets need not outlive a crash, and every form that is sent takes a token: no waiting for the disk."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_sectors_and_former_memberships")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE registry_ratebucket SET UNLOGGED", reverse_sql="ALTER TABLE registry_ratebucket SET LOGGED"
        )
    ]
