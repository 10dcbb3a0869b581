"""Quoting a comment in a reply."""


def quoted(comment):
    """The comment's text as a Markdown quotation that says whose it is and leads back to it."""
    lines = (f"> {line}".rstrip() for line in comment.body.strip().split("\n"))
    name = comment.name.replace("[", "").replace("]", "")
    return f"{name} wrote in [#{comment.number}]({comment.get_absolute_url()}):\n\n" + "\n".join(lines) + "\n\n"


def with_quotation(text, comment):
    """A draft with the quotation at its end, unless it is in it already."""
    quotation = quoted(comment)
    if quotation.strip() in text:
        return text
    return f"{text.rstrip()}\n\n{quotation}" if text.strip() else quotation
