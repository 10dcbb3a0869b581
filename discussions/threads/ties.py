"""What stands beside a comment about its author: affiliations as stated, and ties to the lab that is discussed."""

from registry.accounts.actions import disclosure_of
from registry.core.text import confusable_key
from registry.labs.models import Lab, Membership

LAB_IN_REF = {"lab", "release", "stage"}  # their keys begin with the lab's short name
STATED = {
    "member": ("belongs to", "belonged to"),
    "funding": ("is funded by", "was funded by"),
    "interest": ("has an interest in", "had an interest in"),
}
SHOWN = 120  # characters of affiliations beside a name


def lab_of(subject):
    """The lab that a subject belongs to, or None: norms and sessions belong to nobody."""
    kind, _, key = subject.ref.partition(":")
    if kind in LAB_IN_REF:
        return Lab.objects.select_related("subject").filter(slug=key.partition("/")[0]).first()
    if kind == "run":
        return Lab.objects.select_related("subject").filter(entries__runs__subject=subject).first()
    return None


def disclosure_on(lab, user, *, official_for=None):
    """What is frozen onto something written about a lab's affairs; `shown` and `tie` are the words on the page."""
    said = disclosure_of(user)
    ties = _ties(lab, user, said["affiliations"]) if lab else []
    tied = {tie["words"] for tie in ties}
    shown = [words for a in said["affiliations"] if not a["until"] and (words := _words(a)) not in tied]
    said |= {"ties": ties, "tie": "; ".join(tie["words"] for tie in ties), "shown": "; ".join(shown)[:SHOWN]}
    if official_for:
        said["official"] = official_for.name
    return said


def _ties(lab, user, affiliations):
    """Membership here, and whatever the person has stated about an organisation of the lab's name."""
    ties = []
    if role := Membership.objects.filter(lab=lab, user=user).values_list("role", flat=True).first():
        ties.append({"lab": lab.slug, "kind": "member", "role": role, "words": f"belongs to {lab.name}"})
    for a in affiliations:
        if confusable_key(a["organisation"]) != lab.skeleton or (ties and a["kind"] == "member" and not a["until"]):
            continue
        ties.append({"lab": lab.slug, "kind": a["kind"], "role": a["role"], "words": _words(a)})
    return ties


def _words(affiliation):
    if affiliation["kind"] == "member" and not affiliation["until"]:
        return ", ".join(part for part in (affiliation["role"], affiliation["organisation"]) if part)
    now, then = STATED[affiliation["kind"]]
    if affiliation["until"]:
        return f"{then} {affiliation['organisation']}, until {affiliation['until'][:4]}"
    return f"{now} {affiliation['organisation']}"
