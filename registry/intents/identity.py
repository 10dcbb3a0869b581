"""What machines are told of an intent."""

from django.urls import reverse

from registry.core.identity import Identity, named

from .wording import standing


def identity_of(intent):
    return Identity(
        str(intent), intent.get_absolute_url(), "Report", standing(intent),
        json=f"/api/v1/intents/{intent.pk}", feed=reverse("intents:intent_feed", args=[intent.pk]),
        facts={
            "about": named("CreativeWork", intent.public_entry) if intent.public_entry else None,
            "creativeWorkStatus": intent.get_state_display(),
            "datePublished": intent.announced_at.isoformat(timespec="seconds"),
        },
    )  # fmt: skip
