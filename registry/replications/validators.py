"""Whether a report is well formed, and whether its date can be true."""

from decimal import Decimal, InvalidOperation

from registry.core.errors import Invalid
from registry.core.free_text import fit_line, fit_lines
from registry.releases import dates
from registry.releases.content import variants_of
from registry.releases.shape import unsafe_address
from registry.releases.vocabulary import IN_FORCE, Component

from .models import Kind

LENGTHS = {
    "who": 200, "cost_text": 200, "fidelity": 2000, "availability": 300, "source_title": 300, "source_url": 2000,
    "source_quote": 2000, "reason": 2000, "withdrawal": 500,
}  # fmt: skip
SEVERAL_LINES = {"fidelity", "source_quote", "reason"}
SOURCE = ("source_title", "source_url", "source_quote")
MOST_MONEY = Decimal(10) ** 12


def check_report(given, content):
    """The fields of a report, tidied, about an entry with this content; `Invalid` beside the field at fault."""
    report = {"kind": _chosen(given, "kind", Kind), "component": _chosen(given, "component", Component)}
    report["variant"] = _variant(given.get("variant") or "", content)
    report["date"] = check_date(given.get("date") or "", content)
    report |= {name: fit(given, name) for name in ("who", "fidelity", "availability")}
    return report | _cost(given) | check_source(given)


def fit(given, name, *, required="", like=""):
    """A text as its field, or the one it is `like`, may be; `required` is what to say where there is none."""
    kind = like or name
    value = given.get(name) or ""
    if not isinstance(value, str):
        raise Invalid("This must be text.", name)
    value = fit_lines(value, name) if kind in SEVERAL_LINES else fit_line(value, name)
    if len(value) > LENGTHS[kind]:
        said = f"This may be {LENGTHS[kind]:,} characters long at most; it is {len(value):,}."
        raise Invalid(said, name, "too_long")
    if required and not value:
        raise Invalid(required, name, "required")
    return value


def check_source(given):
    source = {name: fit(given, name) for name in SOURCE}
    if source["source_url"] and (problem := unsafe_address(source["source_url"])):
        raise Invalid(problem, "source_url", "url")
    if source["source_quote"] and not (source["source_url"] or source["source_title"]):
        raise Invalid("Say where these words stand: give the source a title or an address.", "source_title", "required")
    return source


def check_date(text, content):
    """The date as ISO text: a real one, not ahead, and not before the first date that the entry has."""
    text = text.strip() if isinstance(text, str) else "?"
    if problem := dates.problem_with(text):
        raise Invalid(problem, "date", "date")
    days, begun = dates.period(text), first_date(content)
    if days and days[0] > dates.latest_today():
        raise Invalid(f"{dates.in_words(text)} has not come yet; report what has happened.", "date", "future")
    if days and begun and days[1] < dates.period(begun)[0]:
        said = (
            f"{dates.in_words(text)} lies before {dates.in_words(begun)}, the first date in this entry: there was "
            "nothing yet to replicate or to leak. If the entry begins too late, ask for a correction there."
        )
        raise Invalid(said, "date", "before_the_entry")
    return text


def first_date(content):
    """The earliest date of a stage that has happened, as text; "" where none is dated."""
    happened = [stage["date"] for stage in content["stages"] if stage["status"] in IN_FORCE]
    return min((text for text in happened if dates.period(text)), key=dates.period, default="")


def _chosen(given, name, words):
    value = given.get(name) or ""
    if value not in words.values:
        raise Invalid(f"Choose one of these: {', '.join(words.values)}.", name, "choice")
    return str(value)


def _variant(name, content):
    """The present name of a variant, which may be given by an alias."""
    variants = variants_of(content)
    name = fit_line(name, "variant") if isinstance(name, str) else "?"
    bearers = [v["name"] for v in variants if name == v["name"] or name in v["aliases"]]
    if name and name not in bearers and len(bearers) != 1:
        known = f"It has {', '.join(v['name'] for v in variants)[:300]}." if variants else "It has none."
        raise Invalid(f"The entry has no such variant. {known}", "variant", "unknown_variant")
    return "" if not name else name if name in bearers else bearers[0]


def _cost(given):
    """An amount with its currency, or words; claimed by others, so nothing is converted."""
    amount, currency = given.get("cost_amount"), fit_currency(given.get("cost_currency") or "")
    if amount in ("", None):
        amount = None
    else:
        try:
            amount = Decimal(str(amount)).quantize(Decimal("0.01"))
        except InvalidOperation:
            raise Invalid("Write the amount as a number, such as 50000.", "cost_amount", "number") from None
        if not amount.is_finite() or not 0 <= amount < MOST_MONEY:
            raise Invalid("The amount is a number from 0 to a million million.", "cost_amount", "range")
    if amount is not None and not currency:
        raise Invalid("Say in which currency, such as USD.", "cost_currency", "required")
    if currency and amount is None:
        raise Invalid("Write the amount, or leave the currency empty.", "cost_amount", "required")
    return {"cost_amount": amount, "cost_currency": currency, "cost_text": fit(given, "cost_text")}


def fit_currency(text):
    text = text.strip().upper() if isinstance(text, str) else "?"
    if text and not (len(text) == 3 and text.isascii() and text.isalpha()):
        raise Invalid("Write the currency as its three letters (ISO 4217), such as USD.", "cost_currency", "format")
    return text
