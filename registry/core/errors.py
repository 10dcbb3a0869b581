"""What an action can answer besides success; pages and API translate these in one place each."""

from django.core.exceptions import ValidationError


class Refused(Exception):
    """The person may not do this (403)."""


class Conflict(Exception):
    """The thing is not in a state in which this can be done (409)."""


class Stale(Exception):
    """Somebody else was faster: the version given is no longer the current one (412); both as ETags, where known."""

    def __init__(self, message, *, current="", given=""):
        super().__init__(message)
        self.current, self.given = current, given


class TooMany(Exception):
    """A rate limit was met (429); `retry_after` is in seconds."""

    def __init__(self, message, retry_after):
        super().__init__(message)
        self.retry_after = retry_after


class Missing(FileNotFoundError):
    """A stored file is no longer in the store (410)."""


class Invalid(ValidationError):
    """The input is not well formed (400); `field` names what is wrong, as an attribute or a JSON pointer."""

    def __init__(self, message, field=None, code="invalid"):
        super().__init__({field: [ValidationError(message, code=code)]} if field else message, code=code)


class TooLarge(Invalid):
    """The input is larger than is taken (413)."""
