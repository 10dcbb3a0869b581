"""From bytes to the text that all offsets count in."""

import codecs

from registry.analyses.errors import Unusable

MAX_BYTES = 2_000_000

# Longer marks first: the UTF-32 mark begins with the UTF-16 one.
MARKS = [
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


def decode(data: bytes) -> tuple[str, str]:
    """The card's text, with its line ends and any byte order mark kept, and the encoding it was in."""
    if len(data) > MAX_BYTES:
        raise Unusable(
            f"The card is {len(data):,} bytes long, more than the {MAX_BYTES:,} allowed; "
            "move tables and samples to files of their own."
        )
    encoding = encoding_of(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unusable(
            f"The card is not valid {encoding.upper()} text (byte {error.start}); save it as UTF-8."
        ) from None
    if "\x00" in text:
        raise Unusable(
            "The card contains zero bytes, so it is not a text file; give the Markdown file itself."
        )
    if not text.strip("\ufeff \t\r\n"):
        raise Unusable("The card is empty; give a Markdown file with some text in it.")
    return text, encoding


def encoding_of(data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    return "utf-8"
