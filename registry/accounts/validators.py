"""Handles and ORCID iDs."""

import re

from django.core.exceptions import ValidationError

RESERVED = {
    "about", "account", "accounts", "admin", "administrator", "api", "anonymous", "daylight", "everyone", "help",
    "me", "moderator", "new", "nobody", "root", "staff", "support", "system", "www",
}  # fmt: skip


def validate_orcid(value):
    """An ORCID iD with its check digit (ISO 7064 MOD 11-2)."""
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", value):
        raise ValidationError("Write the ORCID iD as 0000-0000-0000-0000.")
    total = 0
    for digit in value.replace("-", "")[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if value[-1] != ("X" if check == 10 else str(check)):
        raise ValidationError("This ORCID iD has a wrong check digit; look for a typing error.")
