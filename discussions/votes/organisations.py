"""For which organisation a vote counts: one for each person, however many affiliations they state."""

from discussions.threads.ties import holds
from registry.accounts.models import Affiliation
from registry.core.text import confusable_key

INDEPENDENT = Affiliation.Sector.INDEPENDENT.value
LONGEST = 240


def counted_for(user, disclosure, lab):
    """`(name, key, sector)` of the organisation for which somebody with this disclosure counts; empty for none.

    Whoever belongs to the lab that is discussed counts for it; anybody else for the affiliation that began last.
    """
    held = [a for a in disclosure["affiliations"] if a["kind"] == "member" and holds(a)]
    of_lab = [a for a in held if lab and confusable_key(a["organisation"]) == lab.skeleton]
    if of_lab or (lab and lab.memberships.filter(user=user).exists()):
        return lab.name, lab.skeleton[:LONGEST], of_lab[0]["sector"] if of_lab else ""
    if not held:
        return "", "", ""
    latest = max(reversed(held), key=lambda a: a["since"] or "")
    if latest["sector"] == INDEPENDENT:
        return "", "", INDEPENDENT
    return latest["organisation"], confusable_key(latest["organisation"])[:LONGEST], latest["sector"]
