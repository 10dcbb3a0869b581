"""The Celery application: the worker's world. The web never imports it."""

import os

from celery import Celery
from django.conf import settings

from deploy.broker import celery_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")

app = Celery("daylight")
app.conf.update(
    # With socket timeouts: a broker that is frozen must not hold the dispatcher for ever.
    **celery_settings(
        settings.CELERY_BROKER_URL, os.environ["DATABASE_URL"], visibility_seconds=settings.RUN_SECONDS + 600
    ),
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    # A message is only a bell, so it is answered at once; leases and the dispatcher bring back what is lost.
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_send_task_events=False,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    task_default_queue="default",
    timezone="UTC",
    beat_schedule={
        "forget-old-keys": {"task": "registry.core.tasks.forget_old_keys", "schedule": 3600.0},
        "count-promises": {"task": "registry.promises.tasks.count", "schedule": 3600.0},
        "read-promises": {"task": "registry.promises.tasks.read_all", "schedule": 86400.0},
        "sweep-files": {"task": "registry.core.tasks.sweep_files", "schedule": 86400.0},
        "forget-old-notices": {"task": "discussions.notifications.tasks.forget_old_notices", "schedule": 86400.0},
        "forget-old-mail": {"task": "discussions.mail_in.tasks.forget_old_mail", "schedule": 86400.0},
    },
)
app.autodiscover_tasks(
    [
        "registry.core", "registry.labs", "registry.releases", "registry.clock", "registry.promises",
        "registry.intents", "registry.access", "registry.analyses", "discussions.threads", "discussions.concerns",
        "discussions.letters", "discussions.notifications", "discussions.mail_in",
    ],  # fmt: skip
    related_name="tasks",
)
