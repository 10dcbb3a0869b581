"""Whoever speaks for a lab follows it, as those do who begin to speak for one from now on."""

from django.db import migrations

FOLLOW = """
INSERT INTO discussions_subscription (user_id, subject_id, words, cadence, made_by, created_at)
SELECT m.user_id, l.subject_id, '', 'usual', 'lab', now()
FROM registry_membership AS m JOIN registry_lab AS l ON l.id = m.lab_id WHERE m.role IN ('owner', 'editor')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("discussions", "0010_notifications")]

    operations = [migrations.RunSQL(FOLLOW, migrations.RunSQL.noop)]
