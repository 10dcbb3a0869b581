"""The services that tests start: what two of them are given never meets."""

import socket

from .services import free_port


def test_a_port_is_given_once_even_where_it_is_not_bound_yet():
    first, second = free_port(), free_port()

    assert first != second
    for port in (first, second):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", port))
