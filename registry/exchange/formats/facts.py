"""What several formats ask of a content: the licence, the day of release, where the copies are."""

from registry.core.identity import absolute
from registry.releases import dates
from registry.releases.vocabulary import COPIES, IN_FORCE, ArtefactKind, Basis, Component, LinkKind

SUBJECTS = {
    ArtefactKind.MODEL: {Component.WEIGHTS_FINAL},
    ArtefactKind.DATASET: {Component.TRAINING_DATA, Component.EVALUATION_DATA},
    ArtefactKind.CODE: {Component.INFERENCE_CODE, Component.TRAINING_CODE, Component.SUPPORTING_TOOLS},
    ArtefactKind.PAPER: {Component.PAPER, Component.TECHNICAL_REPORT},
    ArtefactKind.SYSTEM: {Component.API, Component.DEMO, Component.WEIGHTS_FINAL},
}


def lines_in_force(content):
    """(stage, component line) of what the lab decided and what happened, in the order of the content."""
    for stage in content["stages"]:
        if stage["status"] in IN_FORCE and stage["basis"] == Basis.AUTHORISED:
            yield from ((stage, line) for line in stage["components"])


def subject_lines(content):
    """Those about what the entry is about: the weights of a model, the data of a dataset."""
    about = SUBJECTS[content["artefact"]["kind"]]
    return [(stage, line) for stage, line in lines_in_force(content) if line["component"] in about]


def licences_of(content):
    """The licences that the latest stage states for what the entry is about; none where it states none."""
    stated = [(stage, line["licence"]) for stage, line in subject_lines(content) if line["licence"]]
    latest = [licence for stage, licence in stated if stage is stated[-1][0]]
    return list({str(licence): licence for licence in latest}.values())


def released_on(content):
    """The day on which a copy could first be had, or nothing where it is not known to the day."""
    copies = [stage["date"] for stage, line in subject_lines(content) if line["mode"] in COPIES]
    first = min(copies, key=lambda day: str(day) or "9999", default="")
    return first if len(first) == 10 and dates.period(str(first)) else ""


def links_of(content, *kinds):
    return [link for link in content["links"] if link["kind"] in kinds and link["url"]]


def copies_at(content):
    """The first address under which the artefact itself is fetched."""
    kinds = [LinkKind.DATASET] if content["artefact"]["kind"] == ArtefactKind.DATASET else [LinkKind.WEIGHTS]
    found = links_of(content, *kinds) or links_of(content, LinkKind.REPOSITORY)
    return found[0]["url"] if found else ""


def permalink(source):
    return absolute(source.revision.get_absolute_url())


def maker(source):
    """The lab as a plain name and address; what is curated by others is still the lab's artefact."""
    return {"name": source.entry.lab.name} | ({"url": source.entry.lab.homepage} if source.entry.lab.homepage else {})


def seconds(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
