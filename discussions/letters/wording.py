"""How a letter stands, in sentences that hold nothing of what it says."""

from django.utils import timezone

from discussions.moderation.effects import moment_in_words

from .models import LabLetter

State = LabLetter.State


def moment(at):
    """A moment in the site's own zone, which gives away nothing of where the sender lives."""
    return moment_in_words(at)


def standing(letter):
    """One sentence for everybody who sees that there is a letter."""
    if letter.state == State.PUBLIC:
        return "It is public: what was written is the discussion now."
    if letter.state == State.WITHDRAWN:
        return "Withdrawn by its sender before it became public."
    if letter.state == State.PRIVATE:
        return "The two sides alone read it." if letter.is_old else "Only the lab, the chairs and its sender read it."
    if letter.opens_at <= timezone.now():
        return f"Was to become public on {moment(letter.opens_at)}, and does as soon as a discussion can begin here."
    return f"Becomes public on {moment(letter.opens_at)}. Until then the lab, the chairs and its sender read it."


def title_for(letter, readable):
    """What a letter is called on a page: its own title for those who may read it, else what everybody may know."""
    if letter.state == State.PUBLIC:
        return "A discussion that was taken from view" if letter.thread.hidden else letter.thread.title
    return letter.title if readable else f"A letter: {letter.get_category_display().lower()}"


def change_in_words(change):
    """The trace that a change of date leaves."""
    what = "Put off" if change.is_delay else "Brought forward"
    return f"{what} from {moment(change.before)} to {moment(change.after)}"
