"""How an entry is cited, and what machines that read its pages are told of it (schema.org)."""

from registry.core.citation import cite
from registry.core.identity import Identity, absolute

SCHEMA_TYPES = {
    "model": "SoftwareApplication", "dataset": "Dataset", "code": "SoftwareSourceCode", "paper": "ScholarlyArticle",
    "system": "SoftwareApplication",
}  # fmt: skip


def citation(entry, revision):
    """The revision, by its permalink, which never changes."""
    return cite(
        f"{entry.lab.slug}-{entry.slug}-r{revision.number}",
        author="Daylight contributors" if entry.is_curated else entry.lab.name,
        title=f"Release decision: {revision.content['title']}",
        part=f"revision {revision.number}",
        at=revision.published_at,
        path=revision.get_absolute_url(),
        digest=revision.digest,
    )


def _published(entry, revision):
    # An entry that moderators took from view is seen by its lab, and bears no date meanwhile.
    return (entry.published_at or revision.published_at).isoformat(timespec="seconds")


def identity_of_entry(entry, revision, feed):
    """The entry as it stands."""
    return Identity(
        f"{entry}: release decision by {entry.lab}", entry.get_absolute_url(), "Report", entry.sentence,
        json=f"/api/v1/releases/{entry.key}", feed=feed,
        facts=_facts(entry, revision) | {"datePublished": _published(entry, revision)},
    )  # fmt: skip


def identity_of_revision(entry, revision, feed):
    """One revision for good, as an example of the entry."""
    return Identity(
        f"{revision.content['title']}, revision {revision.number}", revision.get_absolute_url(), "Report",
        json=f"/api/v1/releases/{entry.key}/revisions/{revision.number}", feed=feed,
        facts=_facts(entry, revision)
        | {
            "datePublished": revision.published_at.isoformat(timespec="seconds"),
            "exampleOfWork": {"@type": "Report", "@id": absolute(entry.get_absolute_url())},
        },
    )  # fmt: skip


def _facts(entry, revision):
    """What is said of the artefact, by whom, and from which sources."""
    content = revision.content
    lab = {"@type": "Organization", "name": entry.lab.name}
    if entry.lab.homepage:
        lab["url"] = entry.lab.homepage
    return {
        "name": f"Release decision: {content['title']}",
        "headline": entry.sentence,
        "abstract": content["summary"],
        "version": str(revision.number),
        "dateModified": revision.published_at.isoformat(timespec="seconds"),
        "identifier": revision.digest,
        "author": {"@type": "Organization", "name": "Daylight contributors"} if entry.is_curated else lab,
        "about": {
            "@type": SCHEMA_TYPES[content["artefact"]["kind"]],
            "name": content["title"],
            "alternateName": [variant["name"] for variant in content["artefact"]["variants"] if variant["name"]],
            "creator": lab,
            "sameAs": [link["url"] for link in content["links"] if link["url"]],
        },
        "citation": [source["url"] for source in content["sources"] if source["url"]],
    }
