"""Where a comment stands in its thread, as text that sorts in reading order."""

from .models import MAX_DEPTH, PLACE

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def path_under(parent_path, number):
    """The path of comment `number` below a parent; what would be too deep stands beside its parent instead."""
    return parent_path[: PLACE * (MAX_DEPTH - 1)] + _digits(number)


def depth_of(path):
    return len(path) // PLACE


def _digits(number):
    digits = ""
    for _ in range(PLACE):
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    if number:
        raise OverflowError(f"A thread holds at most {len(DIGITS) ** PLACE - 1} comments.")
    return digits
