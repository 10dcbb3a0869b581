"""Whether a programme and a request are well formed; everything raises `Invalid` by the name of its field."""

from urllib.parse import urlsplit

from registry.accounts.models import Affiliation
from registry.core.errors import Invalid
from registry.core.free_text import fit_line, fit_lines, fit_markdown
from registry.core.markdown import MarkdownRefused, render
from registry.core.text import looks_empty
from registry.releases.ledger import ledger
from registry.releases.vocabulary import AHEAD, Component, Gate

KINDS = {"line": "A line", "text": "Several lines", "choice": "Yes or no"}
MOST_FIELDS, LONGEST_ANSWER = 12, 4000
GATES = (Gate.REGISTRATION, Gate.APPLICATION_AUTO, Gate.APPLICATION_MANUAL, Gate.INVITATION,
         Gate.PARTNERS_UNDER_AGREEMENT, Gate.QUERY_ONLY)  # fmt: skip


def gated(content):
    """The components that stand behind a gate on which somebody decides or lets in, now or as planned."""
    cells = ledger(content)
    return [c for c in Component.values if any(cell.component == c and cell.gate in GATES and (
        cell.ended_by is None or cell.status in AHEAD) for cell in cells)]  # fmt: skip


def fit_programme(given, content):
    """What a programme says, tidied: a dict by the names of its fields."""
    name = fit_line(given.get("name") or "", "name", required=True)
    criteria = fit_markdown(given.get("criteria") or "", "criteria")
    if len(name) > 120:
        raise Invalid("A name may be 120 characters long at most.", "name", "too_long")
    if looks_empty(criteria):
        raise Invalid("Say who is given access and who is not, so that others need not guess.", "criteria", "required")
    if len(criteria) > 10_000:
        raise Invalid("Criteria may be 10,000 characters long at most.", "criteria", "too_long")
    try:
        html = render(criteria)
    except MarkdownRefused as problem:
        raise Invalid(str(problem), "criteria") from None
    return {
        "name": name, "components": _components(given.get("components") or [], content), "criteria": criteria,
        "criteria_html": html, "contact": _contact(given.get("contact") or ""),
        "fields": _fields(given.get("fields") or []), "terms": _text(given, "terms", 10_000),
        "decided_within": _days(given, "decided_within", 1, 365), "lasts": _days(given, "lasts", 1, 3660, needed=False),
    }  # fmt: skip


def _components(names, content):
    known = gated(content)
    if not names:
        raise Invalid("Choose what the programme gives access to.", "components", "required")
    for name in names:
        if name not in known:
            said = f"Access is offered to what stands behind a gate in the entry: {', '.join(known) or 'nothing does'}."
            raise Invalid(said, "components", "unknown")
    return [name for name in known if name in names]


def _contact(text):
    contact = fit_line(text, "contact")
    if len(contact) > 500:
        raise Invalid("This may be 500 characters long at most.", "contact", "too_long")
    if contact and not ("@" in contact and " " not in contact) and urlsplit(contact).scheme not in ("http", "https"):
        raise Invalid("Write an e-mail address or an address that begins with https://.", "contact")
    return contact


def _fields(given):
    if len(given) > MOST_FIELDS:
        raise Invalid(f"A form may have {MOST_FIELDS} questions at most.", "fields", "too_many")
    fields = []
    for one in given:
        if not isinstance(one, dict) or not isinstance(one.get("label"), str):
            raise Invalid('Each question is {"label", "kind", "help", "required"}.', "fields")
        label = fit_line(one["label"], "fields", required=True)
        helps = fit_line(str(one.get("help") or ""), "fields")
        kind = one.get("kind") or "line"
        if kind not in KINDS or len(label) > 200 or len(helps) > 500:
            said = f"A question has 200 characters at most, and its kind is one of: {', '.join(KINDS)}."
            raise Invalid(said, "fields")
        if label in {field["label"] for field in fields}:
            raise Invalid(f"“{label}” is asked twice. Word one of them differently.", "fields", "doubled")
        fields.append({"label": label, "kind": kind, "help": helps, "required": bool(one.get("required", True))})
    return fields


def _text(given, name, most):
    text = fit_lines(given.get(name) or "", name)
    if len(text) > most:
        raise Invalid(f"This may be {most:,} characters long at most.", name, "too_long")
    return text


def _days(given, name, least, most, *, needed=True):
    value = given.get(name)
    if value in (None, ""):
        if needed:
            raise Invalid("Say within how many days you mean to decide.", name, "required")
        return None
    if not isinstance(value, int) or not least <= value <= most:
        raise Invalid(f"Write a number of days from {least} to {most:,}.", name)
    return value


def fit_request(given, programme):
    """Purpose, sector and answers, each beside the question as it is asked today."""
    purpose = _text(given, "purpose", LONGEST_ANSWER)
    if looks_empty(purpose):
        raise Invalid("Say what you want it for.", "purpose", "required")
    if given.get("sector") not in Affiliation.Sector.values:
        raise Invalid(f"Choose where you work: {', '.join(Affiliation.Sector.values)}.", "sector", "required")
    if programme.terms and given.get("agreed") is not True:
        raise Invalid("The lab asks you to agree to its terms.", "agreed", "required")
    said = given.get("answers") or {}
    if not isinstance(said, dict) or set(said) - {field["label"] for field in programme.fields}:
        raise Invalid("Answer by the labels of the questions, as the programme words them today.", "answers", "unknown")
    answers = []
    for field in programme.fields:
        answer = fit_lines(str(said.get(field["label"]) or ""), "answers")
        if len(answer) > LONGEST_ANSWER:
            raise Invalid(f"An answer may be {LONGEST_ANSWER:,} characters long at most.", "answers", "too_long")
        if field["required"] and looks_empty(answer):
            raise Invalid(f"“{field['label']}” needs an answer.", "answers", "required")
        answers.append({"label": field["label"], "answer": answer})
    return {"purpose": purpose, "sector": given["sector"], "answers": answers}


def fit_words(text, why):
    words = fit_lines(text or "", "words")
    if looks_empty(words):
        raise Invalid(why, "words", "required")
    if len(words) > LONGEST_ANSWER:
        raise Invalid(f"This may be {LONGEST_ANSWER:,} characters long at most.", "words", "too_long")
    return words
