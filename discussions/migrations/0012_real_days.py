"""Workshops and sessions lie in years that calendars can hold; rows from before are left alone, new ones are checked."""

from datetime import UTC, date, datetime

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("discussions", "0011_speakers_follow_their_labs")]

    operations = [
        AddConstraintNotValid(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=Q(
                    starts_at__gte=datetime(1899, 12, 31, tzinfo=UTC),
                    ends_at__lt=datetime(2201, 1, 2, tzinfo=UTC),
                    starts_at__lt=F("ends_at"),
                ),
                name="session_times_are_real",
            ),
        ),
        AddConstraintNotValid(
            model_name="workshop",
            constraint=models.CheckConstraint(
                condition=Q(
                    starts_on__gte=date(1900, 1, 1), ends_on__lte=date(2200, 12, 31), starts_on__lte=F("ends_on")
                ),
                name="workshop_days_are_real",
            ),
        ),
    ]
