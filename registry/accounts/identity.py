"""What machines that read a person's page are told: what it says itself, and no address of theirs."""

from django.urls import reverse

from registry.core.identity import Identity


def identity_of(person, affiliations):
    current = [a.organisation for a in affiliations if a.kind == "member" and a.until is None]
    return Identity(
        person.display_name, person.get_absolute_url(), "Person", person.about, kind="profile",
        json=f"/api/v1/people/{person.handle}", feed=reverse("accounts:feed", args=[person.handle]),
        facts={
            "alternateName": person.handle,
            "affiliation": [{"@type": "Organization", "name": name} for name in current],
            "sameAs": [f"https://orcid.org/{person.orcid}"] if person.orcid else [],
        },
    )  # fmt: skip
