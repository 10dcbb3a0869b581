"""Every form of EMAIL_URL as options of a mail backend."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from registry.core.mail_url import mail_backend

SMTP = "django.core.mail.backends.smtp.EmailBackend"
HOST = {"host": "mail.example"}


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("smtp://mail.example", HOST | {"port": 25}),
        ("smtp://mail.example:2525", HOST | {"port": 2525}),
        ("smtp+tls://mail.example", HOST | {"port": 587, "use_tls": True}),
        ("smtp+ssl://mail.example", HOST | {"port": 465, "use_ssl": True}),
        ("smtps://mail.example", HOST | {"port": 465, "use_ssl": True}),
        ("smtp+tls://ada:secret@mail.example:25",
         HOST | {"port": 25, "use_tls": True, "username": "ada", "password": "secret"}),
        ("smtp+ssl://ada%40example.org:p%40ss%2F%3A%23w@mail.example",
         HOST | {"port": 465, "use_ssl": True, "username": "ada@example.org", "password": "p@ss/:#w"}),
        ("smtp://token@mail.example", HOST | {"port": 25, "username": "token", "password": ""}),
        ("smtp://[2001:db8::1]:25", {"host": "2001:db8::1", "port": 25}),
    ],
)  # fmt: skip
def test_a_mail_server(url, options):
    assert mail_backend(url) == (SMTP, options)


@pytest.mark.parametrize(
    ("url", "backend", "options"),
    [
        ("filemail:///var/mail/of%20daylight", "filebased", {"file_path": "/var/mail/of daylight"}),
        ("consolemail://", "console", {}),
        ("memorymail://", "locmem", {}),
        ("dummymail://", "dummy", {}),
    ],
)
def test_what_sends_nothing(url, backend, options):
    assert mail_backend(url) == (f"django.core.mail.backends.{backend}.EmailBackend", options)


@pytest.mark.parametrize(
    "url",
    ["mail.example", "smtp://", "smtp+tls://:587", "smtp://mail.example:port", "smtp://a:b#c@mail.example",
     "smtp://mail.example:0", "https://mail.example", "filemail://", "submission://mail.example"],
)  # fmt: skip
def test_what_cannot_be_meant_stops_the_start(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail_backend(url)
