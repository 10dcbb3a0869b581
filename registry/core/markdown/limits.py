"""The limits of user text, and what an author is told who passes one."""

MAX_CHARACTERS = 20_000
MAX_LEVELS = 100  # nh3 needs time in the square of the nesting: 20,000 levels take 4.5 s
SECONDS = 1.4  # of a helper process; 20,000 characters of prose need 0.02 s
START_SECONDS = 10  # of its start, which is no fault of the text: 0.12 s, on a busy machine more than a second


class MarkdownRefused(ValueError):
    """A text that is not rendered; the message says what its author can do."""


class TooLong(MarkdownRefused):
    def __init__(self, length):
        super().__init__(
            f"The text has {length:,} characters; at most {MAX_CHARACTERS:,} are possible. "
            "Shorten it, or attach the long part as a file."
        )


class TooDeep(MarkdownRefused):
    def __init__(self):
        super().__init__(
            f"Lists, quotations or emphasis are nested more than {MAX_LEVELS} levels deep. "
            "Take out some levels of indentation, or some > signs."
        )


class TooSlow(MarkdownRefused):
    def __init__(self):
        super().__init__(
            "The formatting of this text takes too long to work out. "
            "Look for very many brackets, stars or back-ticks in a row, and put such parts into a code block."
        )
