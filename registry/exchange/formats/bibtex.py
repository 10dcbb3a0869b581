"""BibTeX: the decision, as its page cites it, then its sources, to be cited by their keys."""

from registry.core.citation import tex as escape
from registry.releases.citation import citation

from ..said import Said, instead, loosely


def document(source):
    entries = [of_decision(source)]
    for one in source.content["sources"]:
        fields = [("title", braced(one["title"])), ("howpublished", address(one["url"])), ("note", tex(one["note"]))]
        key = instead(f"{source.entry.lab.slug}-{source.entry.slug}-{one['key']}", one["key"])
        entries.append({"kind": "misc", "key": key, "fields": [field for field in fields if field[1]]})
    return entries


def of_decision(source):
    """The text is that of the page; the title is in it."""
    text = citation(source.entry, source.revision)["bibtex"]
    return {"text": instead(text, loosely(source.content["title"]))}


def braced(title):
    return instead(f"{{{tex(title)}}}", title) if title else title


def address(url):
    return instead(f"\\url{{{url}}}", url) if url and not set(url) & set("{}\\") else ""


def tex(text):
    """Escape what TeX would obey, and keep the lines of a note apart."""
    if not text:
        return text
    written = escape(text).replace("\n", " ")
    return instead(written, text, how="loose") if "\n" in text else Said(written, text.pointers, text.how)


def render(entries):
    return "\n\n".join(entry["text"] if "text" in entry else as_text(entry) for entry in entries) + "\n"


def as_text(entry):
    fields = [f"  {name} = {{{value}}}" for name, value in entry["fields"]]
    return ",\n".join([f"@{entry['kind']}{{{entry['key']}", *fields]) + "\n}"
