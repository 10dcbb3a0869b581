"""What a question to the search says: words, as web search engines take them, and `name:value` operators.

An operator counts only where it is known (`author:ada`, `on:"release:openai/gpt-2"`, `-is:official`); everything else
is words, so that nobody's text is refused for a colon.
"""

import re
from dataclasses import dataclass, field

MOST = 200  # characters of a question
OPERATOR = re.compile(r'(?<!\S)(-?)([a-z]{2,12}):(?:"([^"]*)"|(\S+))')


@dataclass
class Question:
    """The words, and the operators in their order as `(name, value, wanted)`; `wanted` is False behind a minus."""

    words: str
    operators: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.words or self.operators)


def read(text, names):
    """The question of a text in which `names` are operators."""
    question = Question("")

    def take(found):
        minus, name, quoted, plain = found.groups()
        value = (quoted if quoted is not None else plain).strip()
        if name not in names or not value:
            return found[0]
        question.operators.append((name, value, not minus))
        return " "

    question.words = " ".join(OPERATOR.sub(take, text).split())
    return question
