from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0008_make_entry_clocks_due"),
    ]

    operations = [
        migrations.AddField(
            model_name='subject',
            name='tombstone',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddIndex(
            model_name='subject',
            index=models.Index(condition=models.Q(('hidden', True)), fields=['path'], name='subjects_gone'),
        ),
    ]
