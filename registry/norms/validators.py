"""Whether clauses and evidence are well formed."""

from urllib.parse import urlsplit

from registry.core.errors import Invalid
from registry.core.free_text import fit_line, fit_lines, fit_markdown

from .models import Wording

FIELDS = {"number", "heading", "strength", "text", "rationale", "how_checked", "applies_when"}
LENGTHS = {"heading": 160, "text": 4000, "rationale": 4000, "applies_when": 300}
FITS = {"heading": fit_line, "text": fit_markdown, "rationale": fit_lines, "applies_when": fit_line}
MOST_CLAUSES = 200
MOST_EVIDENCE = 20


def check_clauses(clauses):
    """The clauses with every field filled, or `Invalid` under a JSON pointer."""
    if not isinstance(clauses, list) or not 1 <= len(clauses) <= MOST_CLAUSES:
        raise Invalid(f"A norm has 1 to {MOST_CLAUSES} clauses.", "clauses")
    checked = [_clause(clause, f"/clauses/{i}") for i, clause in enumerate(clauses)]
    numbers = [c["number"] for c in checked if c["number"]]
    if len(numbers) != len(set(numbers)):
        raise Invalid("Two clauses have the same number.", "clauses")
    return checked


def _clause(given, place):
    if not isinstance(given, dict) or set(given) - FIELDS:
        raise Invalid(f"A clause has the fields {', '.join(sorted(FIELDS))}.", place)
    clause = {"number": given.get("number"), "strength": given.get("strength"), "how_checked": given.get("how_checked")}
    for name, most in LENGTHS.items():
        value = given.get(name) or ""
        if not isinstance(value, str) or len(value) > most:
            raise Invalid(f"This must be text of at most {most} characters.", f"{place}/{name}")
        clause[name] = FITS[name](value, f"{place}/{name}")
    clause["how_checked"] = clause["how_checked"] or Wording.HowChecked.SELF.value
    if not clause["heading"] or not clause["text"]:
        raise Invalid("A clause needs a heading and a text.", f"{place}/{'text' if clause['heading'] else 'heading'}")
    if clause["strength"] not in Wording.Strength.values:
        raise Invalid("The strength is MUST, SHOULD or MAY (RFC 2119).", f"{place}/strength")
    if clause["how_checked"] not in Wording.HowChecked.values:
        raise Invalid(f"how_checked is one of {', '.join(Wording.HowChecked.values)}.", f"{place}/how_checked")
    number = clause["number"]
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 9999):
        raise Invalid("A clause number is a whole number from 1 to 9999.", f"{place}/number")
    return clause


def check_evidence(evidence):
    """Evidence as a list of {title, url}; addresses are http or https, or paths on this site."""
    if not isinstance(evidence, list | tuple) or len(evidence) > MOST_EVIDENCE:
        raise Invalid(f"Evidence is a list of at most {MOST_EVIDENCE} items.", "evidence")
    return [_item(item, f"/evidence/{i}") for i, item in enumerate(evidence)]


def _item(given, place):
    if isinstance(given, str):
        given = {"url": given}
    if not isinstance(given, dict) or set(given) - {"title", "url"}:
        raise Invalid("An item of evidence has a title and a url.", place)
    url, title = given.get("url", ""), given.get("title", "")
    if not isinstance(url, str) or not isinstance(title, str) or len(url) > 500 or len(title) > 200:
        raise Invalid("The url is text of at most 500 characters, the title of at most 200.", place)
    url = url.strip()
    on_this_site = url.startswith("/") and not url.startswith(("//", "/\\"))
    try:
        outside = urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname)
    except ValueError:
        outside = False
    if not (on_this_site or outside) or any(c.isspace() or ord(c) < 32 for c in url):
        raise Invalid("Write a full address that begins with https://, or a path on this site.", f"{place}/url")
    return {"title": fit_line(title, f"{place}/title") or url, "url": url}
