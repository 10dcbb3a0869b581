"""Looking for the code that proves a domain; where to look is pluggable, so that it is tested against real servers."""

from registry.core.fetch import FetchRefused, fetch, lookup_txt

from .models import DomainCheck


def look_for_code(check, *, fetch=fetch, lookup_txt=lookup_txt):
    """`(proved, problem)`: whether the code stands in the TXT record or the file, and if not, why not."""
    if check.method == DomainCheck.Method.DNS:
        return _in_dns(check, lookup_txt)
    return _in_file(check, fetch)


def _in_dns(check, lookup_txt):
    try:
        records = lookup_txt(check.record_name)
    except (FetchRefused, OSError) as problem:
        return False, f"{check.record_name} could not be looked up: {problem}"
    if check.expected in (record.strip() for record in records):
        return True, ""
    return False, f"{check.record_name} has {len(records)} TXT records, and none is {check.expected}."


def _in_file(check, fetch):
    try:
        answer = fetch(check.file_url, max_bytes=4096, timeout=10)
    except (FetchRefused, OSError) as problem:
        return False, f"{check.file_url} could not be read: {problem}"
    if answer.status != 200:
        return False, f"{check.file_url} answered with status {answer.status}; it must be 200, without a redirect."
    lines = answer.body.decode("utf-8", "replace").split()
    return (True, "") if check.expected in lines else (False, f"{check.file_url} does not hold {check.expected}.")
