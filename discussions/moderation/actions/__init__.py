"""What is done in moderation, one file per noun."""

from .appeals import appeal, judge
from .decisions import confirm, decide, refuse, restore
from .held import decline_held, release
from .reports import decline, report

__all__ = [
    "appeal", "confirm", "decide", "decline", "decline_held", "judge", "refuse", "release", "report", "restore",
]  # fmt: skip
