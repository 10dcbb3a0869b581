from datetime import date

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


def read_off(apps, schema_editor):
    """What entries say that were published before; the next revision of each writes it anew."""
    from registry.releases.facets import facets

    entries = apps.get_model("registry", "Entry").objects.exclude(current=None)
    for entry in entries.select_related("current").only("current__content").iterator(chunk_size=200):
        entries.filter(pk=entry.pk).update(facets=facets(entry.current.content, date.today()))


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_schema")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="facets",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120), db_default=[], default=list, size=None
            ),
        ),
        migrations.RunPython(read_off, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("published_at__isnull", False)), fields=["title", "id"], name="entries_by_title"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["facets"], name="entries_by_facet"),
        ),
    ]
