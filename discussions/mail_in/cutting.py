"""What somebody wrote, apart from what their mail program put around it: quotations, signatures, disclaimers.

What is cut is kept, for its author. Quotations between which somebody answers stay, since the answer needs them; one
that only stands above or below goes. Every pattern is for one line and looks at no more than `LONGEST` characters.
"""

import re

from .attributions import ATTRIBUTION, HEADER_LABELS, MOBILE, ORIGINAL, SENDER_LABELS, SIGN_OFF

LONGEST = 400
MOST_KEPT = 8  # lines of a quotation that somebody answers
MOST_SIGNATURE = 12
QUOTE = re.compile(r"^ {0,3}>")
UNDERSCORES = re.compile(r"^\s{0,3}_{8,}\s*$")
BOLD = re.compile(r"[*_]{1,2}")
FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})")
PHONE = re.compile(r"(?<![\w/.=-])(?:\+|\(?0|00)[\d(][\d ()/.\u2011–-]{6,22}\d(?![\w/=-])")
PHONE_NORTH_AMERICA = re.compile(r"(?<![\w.-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])")
PHONE_LABEL = re.compile(
    r"^\W{0,5}(?:tel|telefon\w?|téléphone|teléfono|telefono|phone|mobile?|mobil|cell|handy|fax|office|direct|gsm|t|m|p|f)"
    r"\W{1,3}(?:\+|\(|\d)[\d ()/.\u2011–-]{5,22}\d",
    re.IGNORECASE,
)
MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
DISCLAIMER = re.compile(
    r"^\W{0,5}(?:disclaimer|confidential(?:ity)?|this (?:e-?mail|message|communication)[^.]{0,80}confidential|"
    r"diese (?:e-?mail|nachricht) (?:enthält|ist|kann)[^.]{0,80}vertraulich|"
    r"ce (?:message|courriel)[^.]{0,80}confidentiel)",
    re.IGNORECASE,
)
BLANK_LINES = re.compile(r"\n{3,}(?=> |\S)")
GAP = "\n[…]\n"


def cut(text):
    """`(own, cut)`: what its author wrote, and the rest in its order."""
    lines = [line.rstrip() if line != "-- " else line for line in text.split("\n")]
    lines, below = _without_forwarded(lines)
    lines, quoted = _without_quotations(lines)
    lines, signature = _without_signature(lines)
    taken = [*quoted, signature, below]
    own = BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
    return own, GAP.join("\n".join(part).strip("\n") for part in taken if any(part))


def _without_forwarded(lines):
    """Everything from a line on below which other programs than those that use > signs put the message answered."""
    fenced = False
    for at, line in enumerate(lines):
        fenced ^= bool(FENCE.match(line))
        if fenced or not line or len(line) > LONGEST:
            continue
        if ORIGINAL.match(line) or _is_header_block(lines, at):
            while at and (not lines[at - 1].strip() or UNDERSCORES.match(lines[at - 1])):
                at -= 1
            return lines[:at], lines[at:]
    return lines, []


def _is_header_block(lines, at):
    """Whether "From: … Sent: … To: … Subject: …" begins here, in whichever language, bold or not."""
    if not SENDER_LABELS.match(BOLD.sub("", lines[at]).lstrip()):
        return False
    near = [BOLD.sub("", line[:LONGEST]).lstrip() for line in lines[at + 1 : at + 9]]
    return len({found[1].lower() for line in near if (found := HEADER_LABELS.match(line))}) >= 2


def _without_quotations(lines):
    """Take out quotations that nobody answers between: a long one above, and what stands below; and who wrote them."""
    blocks, taken, kept = _blocks(lines), [], []
    own = [at for at, (kind, said) in enumerate(blocks) if kind == "own" and any(line.strip() for line in said)]
    for at, (kind, said) in enumerate(blocks):
        if kind == "own":
            kept += said
        elif kind == "attribution" or not own or at > own[-1]:
            taken.append(said)
        elif at < own[0] and len(said) > MOST_KEPT:
            taken.append(said)
        else:
            kept += said[:MOST_KEPT] + ["> […]"] * (len(said) > MOST_KEPT)
            if len(said) > MOST_KEPT:
                taken.append(said[MOST_KEPT:])
            kept.append("")
    return kept, taken


def _blocks(lines):
    """The lines as (kind, lines): `own`, `quoted` or the `attribution` above a quotation."""
    blocks, at = [], 0
    while at < len(lines):
        if QUOTE.match(lines[at]):
            kind, end = "quoted", at + 1
            while end < len(lines) and QUOTE.match(lines[end]):
                end += 1
        elif end := _end_of_attribution(lines, at):
            kind = "attribution"
        else:
            kind, end = "own", at + 1
        if blocks and kind == blocks[-1][0] == "own":
            blocks[-1][1].extend(lines[at:end])
        else:
            blocks.append((kind, lines[at:end]))
        at = end
    return blocks


def _end_of_attribution(lines, at):
    """Where the line that says who wrote the quotation below ends; programs break it into up to four. 0 for none."""
    if not lines[at].strip() or len(lines[at]) > LONGEST:
        return 0
    said = ""
    for end in range(at + 1, min(at + 4, len(lines)) + 1):
        if not lines[end - 1].strip() or QUOTE.match(lines[end - 1]):
            return 0
        said = f"{said} {lines[end - 1].strip()}".strip()[: 2 * LONGEST]
        if said[-1] in ":：" and ATTRIBUTION.match(said) and _quotes_or_ends(lines, end):
            return end
    return 0


def _quotes_or_ends(lines, at):
    following = next((line for line in lines[at:] if line.strip()), None)
    return following is None or bool(QUOTE.match(following))


def _without_signature(lines):
    """Take out what stands below "-- ", the mobile program's line, disclaimers, and a block of phone numbers."""
    end = len(lines)
    for at, line in enumerate(lines):
        if line == "-- " or (line == "--" and len(lines) - at <= MOST_SIGNATURE):
            end = at
            break
    while True:
        before = end
        end = _end_without_blanks(lines, end)
        paragraph = _start_of_paragraph(lines, end)
        if end and MOBILE.match(lines[end - 1][:LONGEST]):
            end -= 1
        elif paragraph and DISCLAIMER.match(" ".join(lines[paragraph:end])[:LONGEST]):
            end = paragraph
        else:
            end = _start_of_contacts(lines, paragraph, end)
        if end >= before or not end:
            break
    end = _end_without_blanks(lines, end)
    return lines[:end], lines[end:]


def _end_without_blanks(lines, end):
    while end and not lines[end - 1].strip():
        end -= 1
    return end


def _start_of_paragraph(lines, end):
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    return start


def _start_of_contacts(lines, paragraph, end):
    """Where a closing block with phone numbers or addresses begins: at "Best regards," where that stands above it."""
    block = lines[paragraph:end]
    contacts = [at for at, line in enumerate(block) if _is_contact(line)]
    if not contacts or len(block) > MOST_SIGNATURE or any(len(line) > 120 for line in block[contacts[0] :]):
        return end
    off = [at for at, line in enumerate(block[: contacts[0]]) if SIGN_OFF.match(line.strip())]
    if off:
        return paragraph + off[-1] if paragraph + off[-1] else paragraph + contacts[0]
    # What stands in the same paragraph above the first number may be a name, or a sentence.
    first = contacts[0]
    while first and len(block[first - 1]) <= 60 and not block[first - 1].rstrip().endswith((".", "!", "?", ":", ",")):
        first -= 1
    return paragraph + first if paragraph + first else paragraph + contacts[0]


def _is_contact(line):
    line = line[:LONGEST]
    if PHONE_LABEL.match(line):
        return True
    found = PHONE.search(line) or PHONE_NORTH_AMERICA.search(line) or MAIL.search(line)
    return bool(found) and len(line.strip()) - len(found[0]) <= 30
