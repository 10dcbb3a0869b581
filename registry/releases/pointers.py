"""JSON pointers of a draft for people: in words, and as the address of the field where it is put right."""

from django.urls import reverse

SECTIONS = {
    "variants": "Variant", "concerns": "Concern", "alternatives": "Alternative", "events": "Event", "links": "Link",
    "sources": "Source", "stages": "Stage", "components": "component", "corrections": "Correction",
    "licence_changes": "Change of licence", "samples": "Set of samples", "former": "Former name",
}  # fmt: skip
FIELDS = {
    "old": "before", "new": "after", "url": "address", "why_not": "why not", "text": "what happened",
    "title": "title",
}  # fmt: skip


def in_words(pointer):
    """`/stages/1/components/0/mode` as "Stage 2, component 1, mode"."""
    words, parts = [], [part for part in pointer.split("/") if part and part != "artefact"]
    for place, part in enumerate(parts):
        if part.isdigit():
            words[-1] += f" {int(part) + 1}"
        elif place + 1 < len(parts) and part in SECTIONS:
            words.append(SECTIONS[part])
        else:
            words.append(FIELDS.get(part, part.replace("_", " ")))
    text = ", ".join(words) or "The whole draft"
    return text[0].upper() + text[1:]


def address(entry, pointer):
    """Where on the draft's sheets the field of a pointer is found."""
    parts = [part for part in pointer.split("/") if part and part != "artefact"]
    key = [entry.lab.slug, entry.slug]
    if parts[:1] == ["stages"] and len(parts) > 1:
        page, parts = reverse("releases:edit_stage", args=[*key, int(parts[1]) + 1]), parts[2:]
    else:
        page = reverse("releases:edit", args=key)
    if not parts:
        return page
    if parts[-1] == "date_precision":
        parts[-1] = "date"  # it follows from how the date is written
    if parts[0] == "model_card":
        return f"{page}#model-card"
    if parts[0] == "former":
        return f"{page}#id_former"
    if len(parts) > 3 and parts[2] == "raw_dump":
        return f"{page}#id_{parts[0]}-{parts[1]}-raw_dump_{parts[3]}"
    if len(parts) > 2 and parts[1].isdigit():
        return f"{page}#id_{parts[0]}-{parts[1]}-{parts[2]}"
    return f"{page}#{parts[0]}" if parts[0] in SECTIONS else f"{page}#id_{parts[0]}"
