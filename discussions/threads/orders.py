"""The orders in which a thread can be read. All but the first put each comment on its own line, none below another."""

# Beside "", the order of reading: the word in the address, the word on the page, and what it means.
ORDERS = {
    "": ("as a conversation", "Replies stand below what they answer."),
    "time": ("by time", "The oldest comment first."),
    "newest": ("newest first", "The newest comment first."),
    "supported": ("most supported", "What most readers found helpful first, and of those what most agreed with."),
    "unanswered": (
        "unanswered",
        "What nobody else has answered first, the oldest of it on top. Official responses ask for no answer.",
    ),
}
PK, PARENT, NUMBER, HANDLE, OFFICIAL, HIDDEN, HELPFUL, AGREE = 0, 1, 2, 4, 8, 13, 16, 17


def arranged(rows, order):
    """The rows of `rows_of_page` in an order of `ORDERS`."""
    return _SORTS[order](rows) if order else rows


def _by_time(rows):
    return sorted(rows, key=lambda row: row[NUMBER])


def _by_support(rows):
    return sorted(rows, key=lambda row: (row[HIDDEN], -row[HELPFUL], -row[AGREE], row[NUMBER]))


def _unanswered_first(rows):
    """First what waits for somebody else's word; whoever answers for the lab in this thread waits for none."""
    authors = {row[PK]: row[HANDLE] for row in rows}
    answered = {row[PARENT] for row in rows if not row[HIDDEN] and authors.get(row[PARENT]) != row[HANDLE]}
    speakers = {row[HANDLE] for row in rows if row[OFFICIAL]}

    def place(row):
        waits = row[PK] not in answered and row[HANDLE] not in speakers and not row[HIDDEN]
        return not waits, row[NUMBER]

    return sorted(rows, key=place)


_SORTS = {
    "time": _by_time,
    "newest": lambda rows: _by_time(rows)[::-1],
    "supported": _by_support,
    "unanswered": _unanswered_first,
}
