"""Proof of work: a puzzle that costs a browser a second and a sender of bulk a lot, without any outside service.

The challenge is signed for one person, is used once and expires. Solved is whoever names a number for which SHA-256 of
`challenge:number` begins with BITS zero bits; `work.js` looks for it while the person writes. It also tells how long
a form was open: nobody writes a comment in less than LEAST seconds.
"""

import hashlib
import secrets

from django.core.signing import BadSignature, TimestampSigner

from .idempotency import OnceKey

BITS = 14
LEAST, MOST = 2, 4 * 3600  # seconds between a form's being shown and sent
TRAP = "website"  # a field that no person sees, so that only machines fill it in
signer = TimestampSigner(salt="registry.core.work")


def challenge_for(user):
    return signer.sign(f"{user.pk}.{secrets.token_hex(8)}")


def is_done(user, given):
    """Whether a posted form shows that a person wrote it; must be called inside the act's transaction.

    The challenge is spent with the act, and free again where the act is undone.
    """
    challenge, answer = given.get("work", "")[:200], given.get("work_answer", "")
    if given.get(TRAP) or not (answer.isascii() and answer.isdigit() and len(answer) <= 12):
        return False
    try:
        whose, _, nonce = signer.unsign(challenge, max_age=MOST).partition(".")
    except BadSignature:
        return False
    if whose != str(user.pk) or was_quick(challenge) or not _is_solved(challenge, answer):
        return False
    return OnceKey.objects.get_or_create(user=user, key=f"work:{nonce}", defaults={"request": ""})[1]


def was_quick(challenge):
    """Whether a form with this challenge or stamp was sent sooner than a person can fill it in."""
    try:
        signer.unsign(challenge, max_age=LEAST)
    except BadSignature:
        return False
    return True


def stamp():
    """When a form was shown, for forms of nobody in particular."""
    return signer.sign("shown")


def _is_solved(challenge, answer):
    digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - BITS) == 0
