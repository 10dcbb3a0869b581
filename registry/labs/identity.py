"""What machines that read a lab's page are told of it."""

from django.urls import reverse

from registry.core.identity import Identity


def identity_of(lab):
    return Identity(
        lab.name, lab.get_absolute_url(), "Organization", lab.about, kind="website",
        json=f"/api/v1/labs/{lab.slug}", feed=reverse("labs:lab_feed", args=[lab.slug]),
        facts={"sameAs": [lab.homepage] if lab.homepage else []},
    )  # fmt: skip
