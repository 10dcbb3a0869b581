"""What a browser without script would post of a page."""

import re
from html import unescape


def fields_of(html, form_id=""):
    """What a browser would post of a form: names and values of its inputs, selects and text areas."""
    html = re.sub(r"<template>.*?</template>", "", html, flags=re.S)
    start = html.index(f'id="{form_id}"') if form_id else html.index('method="post"', html.index("<main"))
    html = html[start : html.index("</form>", start)]
    found = {}
    for tag, attributes, inner in re.findall(
        r"<(input|textarea|select)\b([^>]*)>(.*?)(?=<input|<textarea|<select|$)", html, re.S
    ):
        name = re.search(r'name="([^"]*)"', attributes)
        box = 'type="checkbox"' in attributes or 'type="radio"' in attributes
        if not name or box and "checked" not in attributes:
            continue
        value = re.search(r'value="([^"]*)"', attributes)
        if tag == "textarea":
            text = inner.split("</textarea>")[0].removeprefix("\n")
        elif tag == "select":
            chosen = re.search(r'<option value="([^"]*)" selected', inner.split("</select>")[0])
            first = re.search(r'<option value="([^"]*)"', inner)
            text = (chosen or first)[1]
        else:
            text = value[1] if value else ""
        found[name[1]] = unescape(text)
    return found
