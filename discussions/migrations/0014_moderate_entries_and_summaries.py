import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discussions', '0013_words_of_comments'),
        ("registry", "0009_tombstones"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_is_about_one_thing',
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='report_is_about_one_thing',
        ),
        migrations.AddField(
            model_name='decision',
            name='subject',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='registry.subject'),
        ),
        migrations.AddField(
            model_name='decision',
            name='summary',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='discussions.summary'),
        ),
        migrations.AddField(
            model_name='report',
            name='subject',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='registry.subject'),
        ),
        migrations.AddField(
            model_name='report',
            name='summary',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='discussions.summary'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('comment__isnull', False), ('person__isnull', True), ('subject__isnull', True), ('summary__isnull', True), ('thread__isnull', True)), models.Q(('comment__isnull', True), ('person__isnull', True), ('subject__isnull', True), ('summary__isnull', True), ('thread__isnull', False)), models.Q(('comment__isnull', True), ('person__isnull', False), ('subject__isnull', True), ('summary__isnull', True), ('thread__isnull', True)), models.Q(('comment__isnull', True), ('person__isnull', True), ('subject__isnull', False), ('summary__isnull', True), ('thread__isnull', True)), models.Q(('comment__isnull', True), ('person__isnull', True), ('subject__isnull', True), ('summary__isnull', False), ('thread__isnull', True)), _connector='OR'), name='decision_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'in_force'])), fields=('kind', 'subject'), name='one_decision_on_a_subject'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'in_force'])), fields=('kind', 'summary'), name='one_decision_on_a_summary'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('comment__isnull', False), ('person__isnull', True), ('subject__isnull', True), ('summary__isnull', True), ('thread__isnull', True)), models.Q(('comment__isnull', True), ('person__isnull', True), ('subject__isnull', True), ('summary__isnull', True), ('thread__isnull', False)), models.Q(('comment__isnull', True), ('person__isnull', False), ('subject__isnull', True), ('summary__isnull', True), ('thread__isnull', True)), models.Q(('comment__isnull', True), ('person__isnull', True), ('subject__isnull', False), ('summary__isnull', True), ('thread__isnull', True)), models.Q(('comment__isnull', True), ('person__isnull', True), ('subject__isnull', True), ('summary__isnull', False), ('thread__isnull', True)), _connector='OR'), name='report_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('reporter', 'subject'), name='one_open_report_on_a_subject'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('reporter', 'summary'), name='one_open_report_on_a_summary'),
        ),
    ]
