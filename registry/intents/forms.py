"""Forms about intents: announcing, changing, making final, withdrawing, looking back, and the filters of the list."""

from django import forms

from registry.core.time_zones import grouped

from . import actions
from .models import LEAST_AFTER_CHANGE, LEAST_DAYS, LOOK_BACK_DAYS, Intent
from .validators import LENGTHS, stages_to_come
from .wording import line

PHASES = [
    ("", "All"), ("open", "Open for comment"), ("waiting", "Waiting for answers"),
    ("ready", "Waiting for the decision"), ("final", "Final"), ("withdrawn", "Withdrawn"),
    ("look_back_due", "Look-back due"), ("look_back_overdue", "Look-back overdue"),
]  # fmt: skip
LIST_LETTERS = 110


def text(label, name, help_text="", rows=0, **more):
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput
    return forms.CharField(label=label, max_length=LENGTHS[name], help_text=help_text, widget=widget, **more)


def day(label, help_text="", **more):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    wrong = {"invalid": "Write the day as 2027-01-31."}
    return forms.DateField(label=label, help_text=help_text, widget=widget, error_messages=wrong, **more)


class PlanFields(forms.Form):
    artefact = text(
        "What it is about", "artefact", "The name that everybody reads; of a draft nothing else is shown."
    )
    title = text("What is planned, in one line", "title", "Such as: Give the weights to verified researchers.")
    stage = forms.TypedChoiceField(
        label="Components", required=False, coerce=int, empty_value=None,
        help_text="The lines of a planned stage are copied as they stand now; nothing else of it is.",
    )  # fmt: skip
    what = text("What is planned, in your words", "what", "What, for whom, behind which gate.", rows=5, required=False)
    why = text("Why", "why", "The reasons that others are to weigh, and that you will look back on.", rows=6)
    planned_on = day("Planned for", "After the comment window has closed.")
    closes_on = day("Open for comment until the end of", f"For {LEAST_DAYS} days at least.")
    look_back_on = day(
        "Look-back", f"When you say if the reasons still hold; if empty, {LOOK_BACK_DAYS} days after the decision.",
        required=False,
    )  # fmt: skip

    def offer(self, entry, first):
        """Offer the stages of the entry, after `first`."""
        stages = [(number, _listed(number, lines)) for number, lines in stages_to_come(entry).items()]
        self.fields["stage"].choices = [*first, *stages]


class AnnounceForm(PlanFields):
    time_zone = forms.ChoiceField(label="By the clock of", choices=grouped, help_text="Your lab's; UTC is shown, too.")
    field_order = [
        "artefact", "title", "stage", "what", "why", "planned_on", "closes_on", "time_zone", "look_back_on",
    ]  # fmt: skip

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, **kwargs)
        self.entry = entry
        self.offer(entry, [("", "In my own words only")])

    def save(self, by):
        return actions.announce(self.entry, self.cleaned_data, by=by)


class ChangeForm(PlanFields):
    reason = text("Why you change it", "reason", "Stands beside what it said before.", rows=3)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    field_order = ["reason"]

    def __init__(self, *args, entry, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(entry, [("", "As announced"), (actions.NO_LINES, "None: the words alone")])
        self.fields["closes_on"].help_text = (
            f"Never sooner than announced. If what is planned or why changes, or the day comes closer, it is open for "
            f"{LEAST_AFTER_CHANGE} more days at least."
        )

    def save(self, intent, by):
        said = dict(self.cleaned_data)
        return actions.change(intent, said, by=by, version=said.pop("version"))


class FinalForm(forms.Form):
    outcome = forms.ChoiceField(label="What was decided", choices=Intent.Outcome.choices, widget=forms.RadioSelect)
    revision = forms.IntegerField(
        label="Revision", required=False, min_value=1, max_value=2**31 - 1,
        help_text="The number of the entry's revision in which it was carried out.",
    )  # fmt: skip
    decision = text(
        "What was decided, and why", "decision", "Needed where it differs from what was announced.", rows=5,
        required=False,
    )  # fmt: skip

    def save(self, intent, by):
        return actions.make_final(intent, self.cleaned_data, by=by)


class WithdrawalForm(forms.Form):
    reason = text("Why you withdraw it", "withdrawal", rows=3)

    def save(self, intent, by):
        return actions.withdraw(intent, self.cleaned_data["reason"], by=by)


class LookBackForm(forms.Form):
    verdict = forms.ChoiceField(label="Do the reasons still hold?", choices=Intent.Verdict.choices,
                                widget=forms.RadioSelect)  # fmt: skip
    look_back = text("What became of them, and how you know", "look_back", rows=6)

    def save(self, intent, by):
        return actions.look_back(intent, self.cleaned_data, by=by)


class FilterForm(forms.Form):
    state = forms.ChoiceField(required=False, choices=PHASES)
    lab = forms.SlugField(required=False, max_length=60, widget=forms.HiddenInput)
    release = forms.CharField(required=False, max_length=130, widget=forms.HiddenInput)

    def narrow(self, intents):
        """The intents that fit; none where the address asks for what cannot be."""
        if not self.is_valid():
            return intents.none()
        asked = self.cleaned_data
        if asked["lab"]:
            intents = intents.filter(lab__slug=asked["lab"])
        if asked["release"]:
            lab, _, slug = asked["release"].partition("/")
            intents = intents.of_public_entry(lab, slug)
        return in_phase(intents, asked["state"])

    @property
    def narrows(self):
        return any(self.data.get(name) for name in self.fields)


def in_phase(intents, phase):
    return getattr(intents, phase)() if phase else intents


def _listed(number, lines):
    said = f"Stage {number}: {', '.join(map(line, lines))}"
    return said if len(said) <= LIST_LETTERS else f"{said[:LIST_LETTERS]}…"
