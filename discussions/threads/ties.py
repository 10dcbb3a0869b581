"""Who speaks: affiliations as stated, and ties to the lab and the entry that are discussed.

The one place that computes conflicts of interest: what stands beside a comment or vote and who may moderate where
follow from the same ties. What counts, and for how long, is told in `docs/votes.md`.
"""

from datetime import timedelta

from django.db.models import CharField, DateTimeField, Value
from django.utils import timezone

from registry.accounts.actions import disclosure_of
from registry.core.text import confusable_key
from registry.labs.models import FormerMembership, Lab, Membership
from registry.releases.models import Revision

from .models import Authorship

LAB_IN_REF = {"lab", "release", "stage"}  # their keys begin with the lab's short name
STATED = {
    "member": ("belongs to", "belonged to"),
    "funding": ("is funded by", "was funded by"),
    "coauthor": ("writes with people of", "wrote with people of"),
    "competitor": ("competes with", "competed with"),
    "interest": ("has an interest in", "had an interest in"),
}
SHOWN = 120  # characters of affiliations beside a name
FORMER = timedelta(days=3 * 366)  # how long what has ended is still a tie, as in `disclosure_of`


def lab_of(subject):
    """The lab that a subject belongs to, or None: norms and sessions belong to nobody."""
    kind, _, key = subject.ref.partition(":")
    if kind in LAB_IN_REF:
        return Lab.objects.select_related("subject").filter(slug=key.partition("/")[0]).first()
    if kind in {"run", "replication", "intent"}:
        return Lab.objects.select_related("subject").filter(**{f"entries__{kind}s__subject": subject}).first()
    return None


def has_ties(user, subject):
    """Whether somebody is tied to what a subject, or a discussion of it, is about."""
    about = subject.thread.about if subject.kind == "thread" else subject
    return bool(ties_of(user, lab_of(about), about))


def ties_of(user, lab, about=None):
    """Every tie of a person to a lab and, where it is named, to the entry `about`: a list of dicts."""
    return _ties(lab, user, disclosure_of(user)["affiliations"], about) if lab else []


def disclosure_on(lab, user, *, about=None, official_for=None, pseudonym=None, stated=None):
    """What is frozen onto something written about a lab's affairs; `shown` and `tie` are the words on the page.

    `stated` is what `affiliations_along` returned where the person's affiliations were asked for before.
    """
    if pseudonym is not None:
        return _under_pseudonym(pseudonym.persona, lab, ties_of(user, lab, about))
    said = disclosure_of(user, stated=stated)
    ties = _ties(lab, user, said["affiliations"], about) if lab else []
    tied = {tie["words"] for tie in ties}
    shown = [words for a in said["affiliations"] if holds(a) and (words := _words(a)) not in tied]
    said |= {"ties": ties, "tie": "; ".join(tie["words"] for tie in ties), "shown": "; ".join(shown)[:SHOWN]}
    if official_for:
        said["official"] = official_for.name
    return said


def _under_pseudonym(persona, lab, ties):
    """That there are ties is told; which ones are, and what else the person states, would give them away."""
    ties = [{"lab": lab.slug, "kind": "tied", "role": "", "words": f"tied to {lab.name}"}] if ties else []
    tie = ties[0]["words"] if ties else ""
    return disclosure_of(persona) | {"ties": ties, "tie": tie, "shown": ""}


def holds(affiliation):
    """Whether a disclosed affiliation has not ended."""
    return not affiliation["until"] or affiliation["until"] > timezone.now().date().isoformat()


def _ties(lab, user, affiliations, about):
    """What Daylight knows, and whatever the person has stated about an organisation of the lab's name."""
    known = _known_of(lab, user, about)
    ties = [_known(lab, kind, *row) for kind, row in known.items()]
    for a in affiliations:
        if confusable_key(a["organisation"]) != lab.skeleton:
            continue
        if a["kind"] == "member" and ("member" in known or ("former" in known and not holds(a))):
            continue  # said already
        ties.append({"lab": lab.slug, "kind": a["kind"], "role": a["role"], "words": _words(a)})
    return ties


def _known_of(lab, user, about):
    """By one query: membership, else membership that ended and revisions of the entry that the person published."""
    never = Value(None, output_field=DateTimeField())
    rows = Membership.objects.filter(lab=lab, user=user).values_list(_text("member"), "role", never)
    since = timezone.now() - FORMER
    former = FormerMembership.objects.filter(lab=lab, user=user, until__gte=since).order_by()
    rows = rows.union(former.values_list(_text("former"), "role", "until"), all=True)
    if about is not None and about.kind == "release":
        wrote = Revision.objects.filter(entry__subject=about, author=user).order_by()
        rows = rows.union(
            wrote.values_list(_text("author"), _text(""), never)[:1],
            _named(user).filter(subject=about).values_list(_text("named"), _text(""), never)[:1],
            _wrote_with(user).filter(subject=about).values_list(_text("shared"), _text(""), never)[:1], all=True,
        )  # fmt: skip
    found = {}
    for kind, role, until in rows:
        if kind not in found or (until and until > found[kind][1]):
            found[kind] = (role, until)
    return {"member": found["member"]} if "member" in found else found


def _named(user):
    return Authorship.objects.holding().filter(user=user).order_by()


def _wrote_with(user):
    """Authorships of people with whom somebody wrote what another entry is about."""
    shared = Authorship.objects.holding().filter(subject__in=_named(user).values("subject")).exclude(user=user)
    theirs = Authorship.objects.holding().filter(user__in=shared.values("user"))
    return theirs.exclude(subject__in=_named(user).values("subject")).order_by()


def entries_tied_to(user):
    """The subjects of entries to which somebody is tied apart from their lab: as an author, or with one."""
    published = Revision.objects.filter(author=user).values_list("entry__subject", flat=True)
    return {*published, *_named(user).values_list("subject", flat=True),
            *_wrote_with(user).values_list("subject", flat=True)}  # fmt: skip


def _text(value):
    return Value(value, output_field=CharField())


def _known(lab, kind, role, until):
    if kind == "author":
        return {"lab": lab.slug, "kind": kind, "role": role, "words": "published a revision of this entry"}
    if kind == "named":
        return {"lab": lab.slug, "kind": "author", "role": role, "words": "is an author of what this entry is about"}
    if kind == "shared":
        return {"lab": lab.slug, "kind": "coauthor", "role": role, "words": "wrote with an author of this entry"}
    words = f"belongs to {lab.name}" if kind == "member" else f"belonged to {lab.name}, until {until.year}"
    return {"lab": lab.slug, "kind": "member", "role": role, "words": words}


def _words(affiliation):
    current = holds(affiliation)
    if affiliation["kind"] == "member" and current:
        return ", ".join(part for part in (affiliation["role"], affiliation["organisation"]) if part)
    now, then = STATED[affiliation["kind"]]
    if current:
        return f"{now} {affiliation['organisation']}"
    return f"{then} {affiliation['organisation']}, until {affiliation['until'][:4]}"
