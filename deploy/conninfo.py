"""A database URL as libpq keywords, for connecting without Django."""

from urllib.parse import urlsplit, urlunsplit

import environ


def conninfo(url):
    """Keywords for a `postgres://` or `pgmq://` URL, socket folders in the query included."""
    parts = urlsplit(url)
    found = environ.Env.db_url_config(urlunsplit(parts._replace(scheme="postgres")))
    plain = {"host": found["HOST"], "port": found["PORT"], "dbname": found["NAME"], "user": found["USER"],
             "password": found["PASSWORD"], **found.get("OPTIONS", {})}
    return {name: str(value) for name, value in plain.items() if value not in ("", None)}
