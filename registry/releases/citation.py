"""How an entry is cited, and what machines that read the page are told of it (schema.org)."""

from django.conf import settings

SCHEMA_TYPES = {
    "model": "SoftwareApplication", "dataset": "Dataset", "code": "SoftwareSourceCode", "paper": "ScholarlyArticle",
    "system": "SoftwareApplication",
}  # fmt: skip


def citation(entry, revision):
    """The revision as a sentence and as BibTeX; both name the permalink, which never changes."""
    author = "Daylight contributors" if entry.is_curated else entry.lab.name
    title = f"Release decision: {revision.content['title']}"
    at, url = revision.published_at, settings.BASE_URL + revision.get_absolute_url()
    return {
        "text": f"{author}. {title}, revision {revision.number}. Daylight, {at.day} {at:%B %Y}. {url}",
        "bibtex": "\n".join(
            [
                f"@misc{{daylight-{entry.lab.slug}-{entry.slug}-r{revision.number},",
                f"  author = {{{{{_tex(author)}}}}},",
                f"  title = {{{{{_tex(title)}}}, revision {revision.number}}},",
                "  howpublished = {Daylight},",
                f"  year = {{{at.year}}},",
                f"  month = {{{at.month}}},",
                f"  url = {{{url}}},",
                f"  note = {{{revision.digest}}}",
                "}",
            ]
        ),
    }


def _tex(text):
    """Escape what TeX would obey."""
    escapes = {c: f"\\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\~{}", "^": r"\^{}"}
    return "".join(escapes.get(c, c) for c in text)


def described(entry, revision):
    """The entry as a review of the artefact, for search engines."""
    content, url = revision.content, settings.BASE_URL + entry.get_absolute_url()
    lab = {"@type": "Organization", "name": entry.lab.name}
    if entry.lab.homepage:
        lab["url"] = entry.lab.homepage
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": url,
        "url": url,
        "name": f"Release decision: {content['title']}",
        "headline": entry.sentence,
        "abstract": content["summary"],
        "version": str(revision.number),
        "datePublished": entry.published_at.isoformat(timespec="seconds"),
        "dateModified": revision.published_at.isoformat(timespec="seconds"),
        "identifier": revision.digest,
        "author": {"@type": "Organization", "name": "Daylight contributors"} if entry.is_curated else lab,
        "about": {
            "@type": SCHEMA_TYPES[content["artefact"]["kind"]],
            "name": content["title"],
            "creator": lab,
            "sameAs": [link["url"] for link in content["links"] if link["url"]],
        },
        "citation": [source["url"] for source in content["sources"] if source["url"]],
    }
