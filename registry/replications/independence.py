"""Whose confirmation makes a report confirmed.

Independent is who has no tie to the lab and no organisation in common with the reporter. A lab that confirms what
others did, or that something of its own came out, speaks against its interest: the word of those who speak for it
counts too, unless the reporter is tied to the lab as well.
"""

from django.utils import timezone

from registry.core.text import confusable_key


def why_set_aside(report, said, *, official=False):
    """Why a confirmation does not count, as a sentence; "" where it does. `said` is what the person disclosed."""
    if said["ties"] and report.disclosure.get("ties"):
        return f"Both are tied to the lab: who confirms {said['tie']}."
    if said["ties"] and not official:
        return f"Who confirms is tied to the lab: {said['tie']}."
    if shared := sorted(_organisations(said).keys() & _organisations(report.disclosure).keys()):
        return f"Who confirms and who reports belong to the same organisation: {_organisations(said)[shared[0]]}."
    return ""


def _organisations(disclosure):
    """Those that somebody belongs to by what they disclosed, by a key that is equal for names that look alike."""
    today = timezone.now().date().isoformat()
    mine = [a for a in disclosure.get("affiliations", ()) if a["kind"] == "member" and (a["until"] or "9999") > today]
    return {confusable_key(a["organisation"]): a["organisation"] for a in mine}
