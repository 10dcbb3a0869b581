"""What every text field has in common: what may be in it, how it is normalised, when two names look alike."""

import re
import unicodedata

LINE_ENDINGS = re.compile("\r\n?|[\u0085\u2028\u2029]")
# Everything PostgreSQL, XML feeds or a reader's eyes would stumble over. Tab and newline are fine.
REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
BLANKS = re.compile(r"\s+")
# Drawn as nothing or as a blank, though not all are of a category that says so.
INVISIBLE = frozenset(
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE0FFF))))
)
# Drawn as nothing too, but some scripts cannot be written without them; variation selectors are part of emoji.
JOINERS = frozenset("\u200c\u200d" + "".join(map(chr, range(0xFE00, 0xFE10))))
ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")

# Letters that look like Latin ones after folding case, by the Latin letter they look like.
LOOK_ALIKES = {
    "a": "аαɑᴀ∂⍺",
    "b": "ьƅЬвβʙᏏ",
    "c": "сϲᴄⅽ¢",
    "d": "ԁᏧɗⅾ",
    "e": "еҽєε℮ɛ",
    "f": "ƒϝꞙẝ",
    "g": "ɡցǥ",
    "h": "һհн",
    "j": "јϳʝ",
    "k": "кκᴋ",
    "l": "1i|!іӏιıǀɩɪⅼ۱١׀ןⵏłƚյ",
    "m": "мᴍⅿ",
    "n": "ոռηпɴ",
    "o": "0оοօσᴏ०০੦૦௦๐໐၀ംഠסه٥۵ⲟøө",
    "p": "рρϱᴘƿ",
    "q": "ԛգզ",
    "r": "гᴦɾʀꭇ",
    "s": "ѕƽꜱʂ$",
    "t": "тτᴛŧ",
    "u": "υսᴜʋ",
    "v": "ѵνᴠⅴ∨",
    "w": "ԝшѡᴡωա",
    "x": "хχ×ⅹ",
    "y": "уγүყʏ",
    "z": "ᴢʐż",
    "-": "‐‑‒–—−_·•.ㅡー",
    "'": "’‘`´ʼ",
}
# Capitals that look like another letter than their small forms do.
CAPITALS = str.maketrans("ΗΜΝΥΖІӀ", "hmnyzll")
SKELETON = str.maketrans({sign: letter for letter, signs in LOOK_ALIKES.items() for sign in signs})

FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[^\n]*$", re.MULTILINE)
LINE_START = re.compile(
    r"^[ \t]*(?:(?:>|#{1,6}|[-*+]|\d{1,9}[.)])[ \t]+){1,20}(?:\[[ xX]\][ \t])?", re.MULTILINE
)
RULE = re.compile(r"^[-=*_|: \t]{2,}$", re.MULTILINE)
LINK = re.compile(
    r"!?\[([^\[\]\n]{0,300})\](?:\([^()\s]{0,2000}(?: \"[^\"\n]{0,200}\")?\)|\[[^\[\]\n]{0,100}\])"
)
FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,50}\]:?")
EMPHASIS = re.compile(
    r"(?<!\w)(?:\*{1,3}|_{1,3}|~~|`{1,2})(?=\S)|(?<=[^\s\\])(?:\*{1,3}|_{1,3}|~~|`{1,2})(?!\w)"
)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class TextRefused(ValueError):
    """A text with a character that cannot be stored; the message says which and where."""


def clean(text: str, *, lines: bool = True) -> str:
    """The text in the one form in which it is stored; without `lines`, on one line."""
    text = LINE_ENDINGS.sub("\n", text)
    found = REFUSED.search(text)
    if found:
        raise TextRefused(
            f"The text has a control character (U+{ord(found[0]):04X}) at position {found.start() + 1}. "
            "Remove it, or paste the text without formatting."
        )
    text = unicodedata.normalize("NFC", text)
    return text if lines else BLANKS.sub(" ", text).strip()


def looks_empty(text: str) -> bool:
    """Whether a reader would see nothing at all."""
    return not any(_can_be_seen(char) and not char.isspace() for char in text)


def clean_name(name: str) -> str:
    """A name of somebody or something on one line, without signs that cannot be seen or that turn the line round.

    The two joiners stay: Persian, Indic scripts and emoji are written with them.
    """
    name = clean(name, lines=False)
    for char in name:
        if char not in JOINERS and (char in INVISIBLE or unicodedata.category(char) == "Cf"):
            raise TextRefused(f"The name holds a sign that cannot be seen (U+{ord(char):04X}). Remove it.")
    if looks_empty(name):
        raise TextRefused("This name would look empty. Write at least one letter.")
    return name


def confusable_key(name: str) -> str:
    """A key that two names share when a reader could take one for the other.

    Wide on purpose: l, I, 1 and | are one letter, 0 and O are one, accents and invisible signs count for
    nothing, and Cyrillic or Greek letters stand for the Latin ones they look like.
    """
    name = unicodedata.normalize("NFKC", name).translate(CAPITALS).casefold()
    name = ACCENTS.sub("", unicodedata.normalize("NFD", _visible(name)))
    name = unicodedata.normalize("NFC", name.translate(SKELETON))
    return BLANKS.sub(" ", name.replace("rn", "m").replace("vv", "w")).strip()


def plain_excerpt(markdown: str, length: int) -> str:
    """The first `length` characters in plain words, on one line, cut between words."""
    text = markdown[: length * 8 + 400]  # marks and addresses take room, but not without end
    text = FENCE.sub("", text)
    text = FOOTNOTE.sub("", RULE.sub("", text))
    text = LINK.sub(r"\1", LINE_START.sub("", text))
    text = ESCAPED.sub(r"\1", EMPHASIS.sub("", text))
    text = BLANKS.sub(" ", text.replace("|", " ")).strip()
    return _cut(text, length) if len(text) > length or len(markdown) > length * 8 + 400 else text


def _visible(text):
    return "".join(filter(_can_be_seen, text))


def _can_be_seen(char):
    return char not in INVISIBLE and unicodedata.category(char) not in ("Cf", "Cc", "Cs")


def _cut(text, length):
    head = text[: max(length - 1, 0)]
    if len(text) > len(head) and not text[len(head)].isspace():
        words = head.rpartition(" ")[0]
        head = words if len(words) > length // 2 else head
    return head.rstrip(" ,;:–-") + "…"
