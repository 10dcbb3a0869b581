"""Where the snapshot stands that a comment speaks of: `revision 4` of an entry, `version 2` of a norm or its clause."""

import re
from html import escape

NAMED = re.compile(r"(revision|version) ([1-9][0-9]{0,8})")


def staleness(path, then, now):
    """What stands beside a comment on an earlier text of the subject at `path`: which one, and what changed since."""
    title = f' title="Made for {escape(then)}, now {escape(now)}"' if now else ""
    at = address_of(path, then)
    said = f' <a href="{escape(at)}"{title}>on {escape(then)}</a>' if at else f' <span{title}>on {escape(then)}</span>'
    between = difference_of(path, then, now)
    return said + (f' <a href="{escape(between)}">(now {escape(now)})</a>' if between else "")


def address_of(path, as_of):
    """The page of a snapshot, or "" where the subject has none."""
    found, root = NAMED.fullmatch(as_of), _root(path)
    if not found or not root:
        return ""
    part = {"/releases/": "r", "/norms/": "v"}[_house(path)]
    return f"{root}{part}/{found[2]}/"


def difference_of(path, then, now):
    """The page that compares two snapshots, the earlier one first, or "" where there is none."""
    before, after, root = NAMED.fullmatch(then), NAMED.fullmatch(now), _root(path)
    if not (before and after and root) or before[1] != after[1] or before[2] == after[2]:
        return ""
    first, second = sorted((int(before[2]), int(after[2])))
    return f"{root}diff/{first}..{second}/"


def _house(path):
    return next((house for house in ("/releases/", "/norms/") if path.startswith(house)), "")


def _root(path):
    """The address below which the snapshots of a subject stand; a clause has those of its norm."""
    return path.partition("c/")[0] if path.startswith("/norms/") else path if _house(path) else ""
