"""What an analysis raises when it cannot use what it was given."""


class Unusable(Exception):
    """The input cannot be analysed; the message is one clear sentence that says what to do."""
