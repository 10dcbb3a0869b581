"""Mail that comes in: mails as rows, the Message-IDs under which comments came, and whether mail comes back."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("discussions", "0017_told_of_letters"),
        ('registry', '0006_same_message_id_to_many'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='preferences',
            name='bounced_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='preferences',
            name='bounces',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='preferences',
            name='failing_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='OriginalMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(db_index=True, max_length=255)),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='original_mail', to='discussions.comment')),
            ],
        ),
        migrations.CreateModel(
            name='IncomingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('recipient', models.CharField(max_length=320)),
                ('envelope_sender', models.CharField(max_length=320, null=True)),
                ('raw', models.BinaryField(default=b'')),
                ('size', models.PositiveIntegerField()),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('received', 'is being read'), ('waiting', 'waits for your word'), ('posted', 'was posted'), ('held', 'waits for a moderator'), ('refused', 'was not posted'), ('discarded', 'was thrown away'), ('done', 'was done'), ('ignored', 'was not read'), ('broken', 'could not be read')], default='received', max_length=9)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('rung_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('from_address', models.CharField(blank=True, max_length=320)),
                ('message_id', models.CharField(blank=True, max_length=255)),
                ('vouched_for', models.BooleanField(default=False)),
                ('kind', models.CharField(blank=True, max_length=11)),
                ('visibility', models.CharField(blank=True, max_length=7)),
                ('public_on', models.DateField(null=True)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField(blank=True)),
                ('cut', models.TextField(blank=True)),
                ('left_out', models.JSONField(default=list)),
                ('masked', models.BooleanField(default=False)),
                ('settled_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('path', models.CharField(blank=True, max_length=300)),
                ('about', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.subject')),
                ('comment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='discussions.comment')),
                ('held', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='discussions.heldpost')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='discussions.comment')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='incoming_mails', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'received')), fields=['due_at'], name='incoming_due'), models.Index(fields=['person', '-id'], name='incoming_of_person'), models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='incoming_by_message_id'), models.Index(condition=models.Q(('kind', 'bounce')), fields=['person', '-settled_at'], name='incoming_bounces')],
                'constraints': [models.UniqueConstraint(fields=('digest', 'recipient'), name='one_row_per_mail_and_recipient')],
            },
        ),
    ]
