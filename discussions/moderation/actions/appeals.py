"""Appealing against a decision, and answering the appeal."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from registry.core.errors import Conflict, Invalid, Refused
from registry.core.rules import require
from registry.history.recording import record

from ..effects import hold_both, hold_still, undo
from ..models import Appeal, Decision
from ..rules import is_concerned, why_not_judge
from ..targets import author_of, subject_of
from ..telling import tell_of_judgement
from ..validators import clean_words
from .decisions import record_act, settle

State = Appeal.State
APPEAL = 4000


@transaction.atomic
def appeal(decision, *, text, by):
    """Ask that somebody else look at a decision about oneself, once; a suspended person may do so too."""
    # Not `require`: that refuses everything to the suspended, who are just those who may have to appeal.
    if not is_concerned(by, decision):
        raise Refused("Only the person whom the decision concerns may appeal.")
    text = clean_words(text, "text", APPEAL, lines=True)
    # In the name under which it was written: moderators learn of nobody's other one.
    name = author_of(decision.target)
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.kind == Decision.Kind.RESTORE or decision.state != Decision.State.IN_FORCE:
        raise Conflict("There is nothing in force to appeal against.")
    try:
        with transaction.atomic():
            made = Appeal.objects.create(decision=decision, by=name, text=text)
    except IntegrityError:
        raise Conflict("You have appealed against this already; once per decision is possible.") from None
    record("moderation.appealed", subject_of(decision.target), by=name, public=False, decision=decision.pk)
    return made


@transaction.atomic
def judge(found, *, outcome, answer, by):
    """Answer an appeal, by somebody who had no part in the decision; overturning undoes what was decided."""
    require(by, "moderation.see")
    decision = found.decision
    if reason := why_not_judge(by, decision):
        raise Refused(reason)
    if outcome not in {State.UPHELD, State.OVERTURNED}:
        raise Invalid("An appeal is upheld (the decision stands) or overturned.", "outcome")
    answer = clean_words(answer, "answer")
    hold_both(decision)
    target = hold_still(decision.target)
    open_still = Appeal.objects.filter(pk=found.pk).waiting()
    if not open_still.update(state=outcome, answer=answer, settled_by=by, settled_at=timezone.now()):
        raise Conflict("This appeal was answered already.")
    found.refresh_from_db()
    if outcome == State.OVERTURNED:
        settle(decision, Decision.State.IN_FORCE, Decision.State.OVERTURNED)
        undo(decision, target)
    tell_of_judgement(found)
    record_act("moderation.overturned" if outcome == State.OVERTURNED else "moderation.upheld", decision, by)
    return found
