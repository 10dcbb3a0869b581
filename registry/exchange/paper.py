"""For papers and READMEs: a paragraph in plain sentences, and the badge as a snippet."""

from django.utils.html import escape

from registry.core.citation import tex
from registry.core.identity import absolute
from registry.releases import dates
from registry.releases.summary import summarise
from registry.releases.views.reading import badge_words
from registry.releases.vocabulary import ArtefactKind
from registry.releases.wording import joined

from .formats.facts import licences_of
from .tables import escaped


def paragraph(entry, revision):
    """The same sentences as Markdown and as LaTeX; all are true of the day on which the revision was published."""
    said = list(sentences(entry, revision))
    url = absolute(revision.get_absolute_url())
    markdown = " ".join(escaped(one) for one in said) + f" [Release decision, revision {revision.number}]({url})."
    tex_source = " ".join(latex(one) for one in said)
    key = f"daylight-{entry.lab.slug}-{entry.slug}-r{revision.number}"
    return {"markdown": markdown, "latex": f"{tex_source}~\\cite{{{key}}}", "plain": " ".join(said)}


def sentences(entry, revision):
    """What the entry says, in the words of its own summary; nothing that it does not state."""
    content, day = revision.content, revision.published_at.date()
    summary = summarise(content, day)
    kind = ArtefactKind(content["artefact"]["kind"]).label.lower()
    word, _, clause = summary.sentence.partition(": ")
    yield f"{content['title']} is a {kind} of {entry.lab.name}."
    yield f"As of {dates.in_words(day.isoformat())}, its release is recorded as “{word.lower()}”: {clause}"
    yield from summary.because[:-1]
    # “custom” and “none” are words of the sheet, which the entry explains and a paper cannot.
    licences = [one for one in licences_of(content) if one.lower() not in ("custom", "none")]
    if licences:
        noun = "licence" if len(licences) == 1 else "licences"
        yield f"The {noun} stated last: {joined(licences, len(licences))}."
    if content["concerns"]:
        count = len(content["concerns"])
        yield f"The decision names {count} concern{' that was' if count == 1 else 's that were'} weighed."
    if entry.is_curated:
        yield f"The record is curated by third parties and is no statement by {entry.lab.name}."


def latex(text):
    """A sentence as LaTeX, with its quotation marks and nothing that TeX would obey."""
    written = tex(text).replace("“", "``").replace("”", "''")
    return written.replace("<", r"\textless{}").replace(">", r"\textgreater{}").replace("|", r"\textbar{}")


def badge_snippets(entry):
    """The badge for a README and for a page, with a link to the entry."""
    picture, page = absolute(f"{entry.get_absolute_url()}badge.svg"), absolute(entry.get_absolute_url())
    words = f"Daylight: {badge_words(entry)}"
    return {
        "words": words,
        "markdown": f"[![{words}]({picture})]({page})",
        "html": f'<a href="{escape(page)}"><img src="{escape(picture)}" alt="{escape(words)}" height="20"></a>',
    }
