"""Requests to addresses that users gave: never to our own network, never for long, never for much.

The name is resolved once, every address it has is checked, and the connection goes to the address that was
checked. Only tasks call this: no request of a user waits for another host.
"""

import http.client
import io
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import dns.exception
import dns.resolver

MAX_BYTES = 1_000_000
SECONDS = 10.0
DNS_SECONDS = 4.0
MAX_ADDRESSES = 16
PORTS = {"http": 80, "https": 443}
USER_AGENT = "Daylight (registry of release decisions)"
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
LOOKS_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.ASCII)
FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")

# Everything but the addresses handed out for the public internet, and, within those, the ranges in which
# an IPv6 address stands for an IPv4 one: 6to4, Teredo. NAT64, IPv4-mapped and the like lie outside 2000::/3.
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
REFUSED_NETWORKS = [
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20", "5f00::/16")
]

Resolver = Callable[[str, str], list[str]]  # (name, "A" | "AAAA" | "TXT") -> values; OSError if that fails


class FetchFailed(OSError):
    """There is no usable answer; the message says why in one sentence."""


class FetchRefused(FetchFailed):
    """The address is one that Daylight does not connect to."""


class Fetched(NamedTuple):
    """An answer of whatever status; a redirect is returned, never followed."""

    status: int
    headers: dict[str, str]
    body: bytes


class Target(NamedTuple):
    scheme: str
    host: str
    port: int
    path: str


def fetch(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
    timeout: float = SECONDS,
    resolver: Resolver | None = None,
    allow: Callable[[str, int], bool] | None = None,
) -> Fetched:
    """Ask another host, in `timeout` seconds for everything; `allow(address, port)` is for tests only."""
    deadline = time.monotonic() + timeout
    target = parse(url)
    addresses = _checked_addresses(target, resolver or _ask_dns, allow)
    try:
        with _connect(target, addresses, deadline) as connection:
            return _exchange(connection, target, method, body, headers or {}, max_bytes, deadline)
    except FetchFailed:
        raise
    except TimeoutError:
        raise FetchFailed(f"{target.host} did not answer within {timeout:g} seconds.") from None
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or "TLS failed"
        raise FetchFailed(f"No secure connection to {target.host}: {reason}.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchFailed(f"{target.host} gave no usable answer ({type(error).__name__}).") from error


def lookup_txt(name: str, resolver: Resolver | None = None) -> list[str]:
    """The TXT records of a name, an empty list when it has none."""
    _check_host(name.rstrip(".").lower().replace("_", "a"))  # _daylight.example.org is usual here
    try:
        return (resolver or _ask_dns)(name, "TXT")
    except OSError as error:
        raise FetchFailed(f"The name servers of {name} did not answer.") from error


def parse(url: str) -> Target:
    """Take an address apart and refuse every spelling that two parsers could read differently."""
    if not url.isascii() or FORBIDDEN.search(url):
        raise FetchRefused("The address has blanks, backslashes or letters beyond ASCII; encode them.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchRefused("The address cannot be read.") from None
    if parts.scheme not in PORTS:
        raise FetchRefused("Only addresses that begin with http:// or https:// are possible.")
    if "@" in parts.netloc:
        raise FetchRefused("The address must not contain a user name or password.")
    host = (parts.hostname or "").removesuffix(".")
    _check_host(host)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + ("?" + parts.query if parts.query else "")
    return Target(parts.scheme, host, PORTS[parts.scheme] if port is None else port, path)


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, read strictly."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.version == 6 and (ip not in PUBLIC_IPV6 or ip.scope_id):
        return False
    if any(ip in network for network in REFUSED_NETWORKS if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _check_host(host):
    if _as_address(host):
        return
    labels = host.split(".")
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise FetchRefused("The address has no usable host name.")
    # 2130706433, 0x7f.1 and 127.1 are all 127.0.0.1 for some programs.
    if LOOKS_NUMERIC.fullmatch(labels[-1]):
        raise FetchRefused("Write the number of a host in the usual way, such as 192.0.2.1.")


def _as_address(host):
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _checked_addresses(target, resolver, allow):
    addresses = [target.host] if _as_address(target.host) else _resolve(target.host, resolver)
    for address in addresses:
        if allow and allow(address, target.port):
            continue
        if target.port not in PORTS.values():
            raise FetchRefused("Only the ports 80 and 443 are possible.")
        if not is_public(address):
            raise FetchRefused(f"{target.host} is not on the public internet.")
    return addresses


def _resolve(host, resolver):
    addresses, failure = [], None
    for kind in ("A", "AAAA"):
        try:
            addresses += resolver(host, kind)
        except OSError as error:
            failure = error
    if not addresses:
        raise FetchFailed(f"The name {host} could not be resolved.") from failure
    return addresses[:MAX_ADDRESSES]


def _ask_dns(name, kind):
    """By dnspython: the system's own resolver cannot be given a time limit."""
    try:
        answer = dns.resolver.resolve(name, kind, lifetime=DNS_SECONDS / 2, search=False)
    except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
        return []
    except dns.exception.DNSException as error:
        raise OSError(str(error)) from error
    if kind == "TXT":
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
    return [record.address for record in answer]


def _connect(target, addresses, deadline):
    failure = None
    for address in addresses:
        try:
            connection = socket.create_connection((address, target.port), timeout=_left(deadline))
        except TimeoutError:
            raise
        except OSError as error:
            failure = error
            continue
        return _secured(connection, target, deadline) if target.scheme == "https" else connection
    raise failure


def _secured(connection, target, deadline):
    try:
        connection.settimeout(_left(deadline))
        return _tls().wrap_socket(connection, server_hostname=target.host)
    except BaseException:
        connection.close()
        raise


def _tls():
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _exchange(connection, target, method, body, headers, max_bytes, deadline):
    client = http.client.HTTPConnection(target.host, target.port)
    client.sock = _Timed(connection, deadline)
    name = f"[{target.host}]" if ":" in target.host else target.host
    client.request(
        method,
        target.path,
        body=body,
        headers={
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            **headers,
            "Host": name if target.port == PORTS[target.scheme] else f"{name}:{target.port}",
            "Accept-Encoding": "identity",
            "Connection": "close",
        },
    )
    answer = client.getresponse()
    if answer.getheader("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise FetchFailed(f"{target.host} sent a compressed answer although none was asked for.")
    content = _body(answer, target.host, max_bytes)
    return Fetched(answer.status, {key.lower(): value for key, value in answer.getheaders()}, content)


def _body(answer, host, max_bytes):
    content = answer.read(max_bytes + 1) if (answer.length or 0) <= max_bytes else None
    if content is None or len(content) > max_bytes:
        raise FetchFailed(f"The answer of {host} is larger than {max_bytes:,} bytes.")
    if answer.length:
        raise FetchFailed(f"The answer of {host} broke off.")
    return content


def _left(deadline):
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Timed:
    """A socket for http.client on which all reading and writing together ends at one deadline."""

    def __init__(self, connection, deadline):
        self.connection, self.deadline = connection, deadline

    def sendall(self, data):
        self.connection.settimeout(_left(self.deadline))
        self.connection.sendall(data)

    def makefile(self, mode):
        return io.BufferedReader(_TimedReader(self.connection, self.deadline))

    def close(self):
        """Left to the `with` that opened the connection."""


class _TimedReader(io.RawIOBase):
    def __init__(self, connection, deadline):
        self.connection, self.deadline = connection, deadline

    def readable(self):
        return True

    def readinto(self, buffer):
        # A slow host sends one byte a second for ever: the time left shrinks with each of them.
        self.connection.settimeout(_left(self.deadline))
        return self.connection.recv_into(buffer)
