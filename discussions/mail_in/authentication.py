"""Whether the receiving mail server vouches for the sender: Authentication-Results (RFC 8601) of that server alone.

Anybody can write such a header. Only those count that name `MAIL_AUTHSERV_ID` and stand together at the top: what
comes below the next Received header was in the mail before it reached us. The results count for the domain in From.
"""

import re

from django.conf import settings

RESULT = re.compile(r"^\s*(dkim|spf|dmarc)\s*=\s*([a-z]{1,20})\b(.*)$", re.IGNORECASE | re.DOTALL)
PROPERTY = {
    "dkim": re.compile(r"\bheader\.(?:d\s*=\s*|i\s*=\s*[^\s;@]{0,100}@)([\w.-]{1,255})", re.IGNORECASE),
    "spf": re.compile(r"\bsmtp\.mailfrom\s*=\s*(?:[^\s;@]{0,100}@)?([\w.-]{1,255})", re.IGNORECASE),
    "dmarc": re.compile(r"\bheader\.from\s*=\s*([\w.-]{1,255})", re.IGNORECASE),
}
MOST_RESULTS = 40


def is_vouched_for(message):
    """Whether the domain of From is shown to have sent this, by DKIM, SPF or DMARC, and DMARC does not deny it."""
    domain = message.sender.rpartition("@")[2]
    if not domain:
        return False
    passed = False
    for method, result, said in _results(message):
        if method == "dmarc" and result == "fail":
            return False
        found = PROPERTY[method].search(said)
        passed = passed or (result == "pass" and found is not None and _is_aligned(found[1], domain, method))
    return passed


def _results(message):
    """(method, result, rest) of each result that the trusted server wrote."""
    trusted = settings.MAIL_AUTHSERV_ID.lower()
    found, seen = [], False
    for name, value in message.headers if trusted else []:
        if seen and name == "received":
            break
        if name != "authentication-results":
            continue
        first, *results = _without_remarks(value).split(";")
        if first.split()[:1] and first.split()[0].lower() == trusted:
            seen = True
            found += [m for m in map(RESULT.match, results[:MOST_RESULTS]) if m]
    return [(m[1].lower(), m[2].lower(), m[3]) for m in found]


def _without_remarks(value):
    """The header without what is quoted or in brackets, whatever it looks like; nothing of one that does not end.

    Read sign by sign: the sender chose some of it, and a quote within brackets must not open a quotation.
    """
    said, depth, quoted, signs = [], 0, False, iter(value)
    for sign in signs:
        if sign == "\\" and (depth or quoted):
            next(signs, "")
        elif sign == '"' and not depth:
            quoted = not quoted
        elif sign in "()" and not quoted:
            depth += 1 if sign == "(" else -1
            if depth < 0:
                return ""
        elif not (depth or quoted):
            said.append(sign)
    return "" if depth or quoted else "".join(said)


def _is_aligned(signer, domain, method):
    """The same domain, or one above it; a domain below may be somebody else's, without a list of public suffixes."""
    signer = signer.lower().rstrip(".")
    if method == "dmarc":
        return signer == domain
    return signer == domain or ("." in signer and domain.endswith(f".{signer}"))
