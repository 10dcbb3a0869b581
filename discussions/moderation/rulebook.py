"""The rules by which is moderated, in our own words; decisions cite them by number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    key: str
    title: str
    text: str

    def __str__(self):
        return f"{self.key}, {self.title.lower()}"


RULES = [
    Rule("R1", "Argue about the decision, not the person",
         "Say what is wrong with a claim, a text or a release as sharply as it deserves. Insults, threats and guesses "
         "about somebody's character or motives are taken from view."),
    Rule("R2", "Keep private what is private",
         "Addresses, health, family, and letters whose writers did not agree to have them read have no place here, "
         "whoever they belong to."),
    Rule("R3", "Speak as who you are",
         "State the interests that bear on what you write. Nobody writes under another person's name, for a lab that "
         "they do not speak for, or through several accounts at once."),
    Rule("R4", "Keep to the matter",
         "What belongs elsewhere is moved there. Saying the same thing again and again, so that others are not heard, "
         "is slowed down or ended."),
    Rule("R5", "No advertising",
         "Nothing is sold or promoted here, and nothing is posted in bulk."),
    Rule("R6", "Nothing that does harm by being read",
         "Working instructions for causing serious harm, leaked data about people, and what the law forbids to publish "
         "are erased. Naming a risk, citing published work and disagreeing with a lab are none of these."),
    Rule("R7", "Quote truly",
         "Do not put words into a mouth, alter what you quote, or present made-up evidence as found."),
]  # fmt: skip
BY_KEY = {rule.key: rule for rule in RULES}
CHOICES = [(rule.key, f"{rule.key} {rule.title}") for rule in RULES]
