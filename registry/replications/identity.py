"""What machines are told of a report."""

from django.urls import reverse

from registry.core.identity import Identity, named

from .wording import standing


def identity_of(report):
    return Identity(
        report.title, report.get_absolute_url(), "Report", standing(report),
        json=f"/api/v1/replications/{report.pk}", feed=reverse("replications:replication_feed", args=[report.pk]),
        facts={
            "about": named("CreativeWork", report.entry), "creativeWorkStatus": report.get_state_display(),
            "datePublished": report.reported_at.isoformat(timespec="seconds"), "citation": report.source_url,
        },
    )  # fmt: skip
