"""How what never changes is cited: as a sentence and as BibTeX, both with the permalink."""

from .identity import absolute


def cite(key, *, author, title, part, at, path, digest):
    """`part` says which revision or version it is; `key` is what a BibTeX file calls it."""
    url = absolute(path)
    return {
        "text": f"{author}. {title}, {part}. Daylight, {at.day} {at:%B %Y}. {url}",
        "bibtex": "\n".join(
            [
                f"@misc{{daylight-{key},",
                f"  author = {{{{{tex(author)}}}}},",
                f"  title = {{{{{tex(title)}}}, {part}}},",
                "  howpublished = {Daylight},",
                f"  year = {{{at.year}}},",
                f"  month = {{{at.month}}},",
                f"  url = {{{url}}},",
                f"  note = {{{digest}}}",
                "}",
            ]
        ),
    }


# BibTeX counts braces even after a backslash, so those of a text are named instead.
ESCAPES = {c: f"\\{c}" for c in "&%$#_"} | {
    "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "\\": r"\textbackslash{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}  # fmt: skip


def tex(text):
    """Escape what TeX would obey."""
    return "".join(ESCAPES.get(c, c) for c in text)
