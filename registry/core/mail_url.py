"""`EMAIL_URL`: which of Django's mail backends delivers, and how it reaches its server."""

from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKEND = "django.core.mail.backends.{}.EmailBackend"
SMTP = {  # scheme: the usual port, and how the connection is secured
    "smtp": (25, {}),
    "smtp+tls": (587, {"use_tls": True}),
    "smtp+ssl": (465, {"use_ssl": True}),
    "smtps": (465, {"use_ssl": True}),
}
FOR_TRYING_OUT = {"consolemail": "console", "memorymail": "locmem", "dummymail": "dummy"}


def mail_backend(url):
    """`(backend, options)` for `smtp+tls://user:password@host:587`, `filemail:///folder` and their like."""
    parts = urlsplit(url)
    if parts.scheme in SMTP:
        return BACKEND.format("smtp"), _server(parts)
    if parts.scheme == "filemail" and parts.path:
        return BACKEND.format("filebased"), {"file_path": unquote(parts.path)}
    if parts.scheme in FOR_TRYING_OUT:
        return BACKEND.format(FOR_TRYING_OUT[parts.scheme]), {}
    raise ImproperlyConfigured(
        "EMAIL_URL must be smtp+tls://user:password@host:587 (STARTTLS), smtp+ssl://user:password@host:465, "
        "smtp://host:25 or filemail:///folder."
    )


def _server(parts):
    try:
        port = parts.port
    except ValueError:
        port = 0
    if not parts.hostname or port == 0:
        raise ImproperlyConfigured(
            "EMAIL_URL names no host and port that can be used; write signs such as @ : / # in a password as %40 and "
            "so on."
        )
    usual, secured = SMTP[parts.scheme]
    options = {"host": parts.hostname, "port": port or usual, **secured}
    if parts.username:
        options |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return options
