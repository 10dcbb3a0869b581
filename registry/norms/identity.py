"""How a version of a norm is cited, and what machines are told of norms, their versions and clauses."""

from django.urls import reverse

from registry.core.citation import cite
from registry.core.identity import Identity, named


def identity_of_norm(norm):
    return Identity(
        norm.title, norm.get_absolute_url(), "CreativeWork", norm.summary,
        json=f"/api/v1/norms/{norm.key}", feed=_feed(norm),
        facts=_facts(norm.current) | {"identifier": norm.key},
    )  # fmt: skip


def identity_of_version(norm, version):
    return Identity(
        f"{norm.title}, version {version.number}", version.get_absolute_url(), "CreativeWork", norm.summary,
        json=f"/api/v1/versions?norm={norm.key}", feed=_feed(norm),
        facts=_facts(version) | {"identifier": version.digest, "exampleOfWork": named("CreativeWork", norm)},
    )  # fmt: skip


def identity_of_clause(norm, clause, wording):
    return Identity(
        f"{clause.key} {wording.heading}", clause.get_absolute_url(), "CreativeWork", wording.text,
        json=f"/api/v1/clauses?norm={norm.key}", feed=reverse("norms:clause_feed", args=[norm.number, clause.number]),
        facts=_facts(wording.version) | {"identifier": clause.key, "isPartOf": named("CreativeWork", norm)},
    )  # fmt: skip


def citation(norm, version):
    return cite(
        f"{norm.key}-v{version.number}",
        author="Daylight contributors",
        title=f"{norm.key} {norm.title}",
        part=f"version {version.number}",
        at=version.published_at,
        path=version.get_absolute_url(),
        digest=version.digest,
    )


def _facts(version):
    return {
        "version": str(version.number),
        "creativeWorkStatus": version.get_status_display(),
        "datePublished": version.published_at.isoformat(timespec="seconds"),
    }


def _feed(norm):
    return reverse("norms:norm_feed", args=[norm.number])
