from django.db import migrations


def make_due(apps, schema_editor):
    """The worker makes its round of what was published before there was a clock."""
    Entry, EntryClock = (apps.get_model("registry", name) for name in ("Entry", "EntryClock"))
    published = Entry.objects.filter(published_at__isnull=False).values_list("pk", flat=True)
    clocks = (EntryClock(entry_id=pk, due=True) for pk in published.iterator())
    EntryClock.objects.bulk_create(clocks, batch_size=1000, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0007_replications_and_clock'),
    ]

    operations = [
        migrations.RunPython(make_due, migrations.RunPython.noop),
    ]
