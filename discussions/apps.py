"""The discussions as a Django app."""

from django.apps import AppConfig

from registry.apps import make_known

SLICES = [
    "threads", "votes", "disclosures", "concerns", "summaries", "workshops", "moderation", "letters", "notifications",
    "mail_in",
]  # fmt: skip


class DiscussionsConfig(AppConfig):
    name = "discussions"
    verbose_name = "Discussions"

    def ready(self):
        make_known("discussions", SLICES)
