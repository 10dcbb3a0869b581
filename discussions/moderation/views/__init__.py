"""The pages of moderation, one file per noun."""

from . import cases, decisions, held, log, queue, reports

__all__ = ["cases", "decisions", "held", "log", "queue", "reports"]
