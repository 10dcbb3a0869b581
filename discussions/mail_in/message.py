"""What a mail says, read by the standard library within limits: headers as plain lines, text, what is attached.

Nothing here raises for a mail that is broken: what cannot be read is left out. `limits.check` comes first.
"""

import codecs
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.policy import compat32

from .html_text import text_of_html
from .limits import MOST_HEADER, MOST_HTML, MOST_PARTS, MOST_TEXT

# Of the many codecs of Python only those that mail is written in; punycode and its like take long on purpose.
CHARSETS = re.compile(
    r"(?:us-)?ascii|utf-?(?:8|16(?:le|be)?)|(?:iso-?8859|latin)[-_]?\d{1,2}|(?:windows|cp)-?\d{3,4}|koi8-[ru]|gb2312|"
    r"gbk|gb18030|big5(?:hkscs)?|hz|euc-?(?:jp|kr)|shift[-_]?jis|sjis|iso-2022-(?:jp|kr)(?:-\w)?|ks_c_5601-1987|tis-620|"
    r"mac-?\w{2,10}",
    re.IGNORECASE,
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,255}")
QUOTED, COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"'), re.compile(r"\([^()]*\)")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"}


@dataclass
class Message:
    """A mail as it is looked at; every header is one line without anything invisible."""

    headers: list  # of (name in small letters, value), in their order
    kind: str = "text/plain"
    text: str = ""
    left_out: list = field(default_factory=list)  # what was attached: [name, whether it was within the text]
    encrypted: bool = False
    report: str = ""  # the machine's part of a bounce

    def all(self, name):
        return [value for known, value in self.headers if known == name]

    def get(self, name):
        return next(iter(self.all(name)), "")

    @property
    def sender(self):
        """The one address in From in small letters, or "" where there is none or more than one."""
        found = self.all("from")
        return address_in(found[0]) if len(found) == 1 else ""

    @property
    def message_id(self):
        found = MESSAGE_ID.search(self.get("message-id"))
        return found[0] if found else ""

    @property
    def answered(self):
        """The messages that this one answers, the nearest first."""
        nearest = MESSAGE_ID.findall(self.get("in-reply-to"))
        return list(dict.fromkeys([*nearest, *reversed(MESSAGE_ID.findall(self.get("references")))]))[:30]

    @property
    def addresses(self):
        """Every address that a header names: of people who did not ask to be shown."""
        headers = ("from", "to", "cc", "reply-to", "sender", "return-path", "bcc")
        return {found.lower() for name in headers for value in self.all(name) for found in ADDRESS.findall(value)}


def read(raw):
    """The `Message` that some bytes hold."""
    parsed = message_from_bytes(raw, policy=compat32)
    message = Message(headers_of(parsed), kind=parsed.get_content_type())
    texts, size = [], 0
    for part in _parts(parsed, message):
        text = _text(part)
        if size < MOST_TEXT and text.strip():
            texts.append(text[: MOST_TEXT - size])
            size += len(texts[-1])
    message.text = "\n\n".join(text.strip("\n") for text in texts)
    return message


def read_headers(raw):
    """The headers alone, without looking at what follows them."""
    end = raw.find(b"\n\r\n") if b"\r\n\r\n" in raw[:70_000] else raw.find(b"\n\n")
    return Message(headers_of(message_from_bytes(raw[: end + 1] if end >= 0 else raw[:70_000], policy=compat32)))


def headers_of(parsed):
    named = [(str(name).lower()[:100], value) for name, value in parsed.raw_items()][:1000]
    return [(name, _line(value, name)) for name, value in named]


def address_in(header):
    """The one address that a header names, in small letters; "" where it is not plain which one that is."""
    bare = COMMENT.sub(" ", QUOTED.sub(" ", header)).strip()
    found = ADDRESS.findall(bare)
    if len(found) != 1 or bare.count("@") != 1 or bare.count("<") > 1 or "(" in bare or ")" in bare:
        return ""
    whole = f"<{found[0]}>" if "<" in bare else found[0]
    return found[0].lower() if bare.endswith(whole) else ""


def _line(value, name="subject"):
    """A header's value decoded, on one line; what cannot be decoded stays as it came."""
    value = str(value)[: 2 * MOST_HEADER].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if name != "authentication-results" and 0 < value.count("=?") <= 100:
        value = _decoded(value, text=name == "subject")
    return " ".join(CONTROL.sub(" ", value).split())[:MOST_HEADER]


def _decoded(value, *, text):
    """A header that may hold encoded words. In one that is no `text`, no sign of theirs can be part of an address."""
    try:
        pieces = decode_header(" ".join(value.split()))
    except (HeaderParseError, ValueError):
        return value
    said = []
    for piece, charset in pieces:
        if isinstance(piece, str):
            said.append(piece)
        elif charset is None:
            said.append(piece.decode("utf-8", "replace"))
        else:
            words = decode(piece, charset)
            said.append(words if text else re.sub(r'[<>@",;:()]', " ", words))
    return "".join(said)


def _parts(parsed, message):
    """The parts that hold the text, in order; notes what is left out."""
    waiting, seen, related = [(parsed, False)], 0, False
    while waiting and seen < MOST_PARTS:
        part, related = waiting.pop(0)
        seen += 1
        kind = part.get_content_type()
        if kind in ENCRYPTED:
            message.encrypted = True
        elif kind == "multipart/report":
            message.report = _report(part)
            waiting[:0] = [(child, related) for child in _children(part)[:1]]
        elif kind == "multipart/alternative":
            if (best := _best(_children(part))) is not None:
                waiting.insert(0, (best, related))
        elif part.is_multipart() and kind.startswith("multipart/"):
            inside = related or kind == "multipart/related"
            waiting[:0] = [(child, inside) for child in _children(part)]
        elif kind in {"text/plain", "text/html"} and not _is_attached(part):
            yield part
        elif kind not in SIGNATURES:
            message.left_out.append([_name(part, kind), bool(related and part.get("Content-ID"))])


def _children(part):
    inside = part.get_payload()
    return inside if isinstance(inside, list) else []


def _best(children):
    """Of the forms of one text the plain one, or HTML where the plain one is empty."""
    plain = [child for child in children if child.get_content_type() == "text/plain"]
    if plain and _text(plain[0]).strip():
        return plain[0]
    rich = [c for c in children if c.get_content_type() == "text/html" or c.get_content_maintype() == "multipart"]
    return next(iter(rich or plain or children), None)


def _is_attached(part):
    return part.get_content_disposition() == "attachment" or bool(part.get_param("name"))


def _name(part, kind):
    """What an attachment calls itself, made one harmless line without folders."""
    try:
        name = part.get_filename() or ""
    except (LookupError, UnicodeError, ValueError, TypeError):
        name = ""
    name = re.split(r"[/\\]", _line(name))[-1].strip(" .")
    return name[:80] or kind[:80]


def _report(part):
    """The fields of a delivery report, wherever in it."""
    said = []
    for child in _children(part)[1:4]:
        if child.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            blocks = child.get_payload()
            said += [str(block) for block in blocks] if isinstance(blocks, list) else [str(blocks)]
    return "\n".join(said)[:20_000]


def _text(part):
    """The text of a part; of HTML what a reader would see, as Markdown."""
    try:
        data = part.get_payload(decode=True) or b""
        charset = part.get_content_charset() or ""
    except (LookupError, UnicodeError, ValueError, TypeError, AssertionError):
        return ""
    text = decode(data[: 4 * MOST_HTML], str(charset))[:MOST_HTML]
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if part.get_content_type() == "text/html":
        return text_of_html(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        return unflowed(text, delsp=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def decode(data, charset):
    """Bytes as text: by the charset they name where that fits, else as UTF-8, else as what old programs write."""
    charset = charset.strip().lower()
    if charset in {"iso-8859-1", "latin1", "us-ascii", "ascii"}:
        charset = "utf-8" if charset.endswith("ascii") else "cp1252"
    tried = [charset] if CHARSETS.fullmatch(charset) else []
    for name in [*tried, "utf-8", "cp1252"]:
        try:
            return codecs.decode(data, name)
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


def unflowed(text, *, delsp=False):
    """Lines that were broken softly put together again (RFC 3676)."""
    lines, open_at = [], None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        rest = line[depth:]
        rest = rest[1:] if rest.startswith(" ") else rest
        soft = rest.endswith(" ") and rest != "-- "
        said = rest[:-1] if soft and delsp else rest
        if open_at == depth and rest != "-- ":
            lines[-1].append(said)
        else:
            lines.append([(">" * depth + " " if depth else "") + said])
        open_at = depth if soft else None
    return "\n".join(map("".join, lines))
