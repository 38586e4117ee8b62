"""Listening, and the address that is told."""

from contextlib import closing

import pytest

from sparql_endpoint.errors import AddressError
from sparql_endpoint.server.address import listen, web_address


@pytest.mark.parametrize(
    ("bound", "told"),
    [
        ("127.0.0.1", "http://127.0.0.1:"),
        ("0.0.0.0", "http://127.0.0.1:"),
        ("::1", "http://[::1]:"),
    ],
)
def test_the_address_told_is_one_to_open(bound: str, told: str) -> None:
    """Also where it listens everywhere, or on IPv6."""
    try:
        listener = listen(bound, 0)
    except AddressError:
        pytest.skip(f"this machine has no {bound}")
    with closing(listener):
        address = web_address(listener)
        assert address == f"{told}{listener.getsockname()[1]}/"


def test_a_port_that_is_taken() -> None:
    """Another is to be chosen."""
    with closing(listen("127.0.0.1", 0)) as taken, pytest.raises(AddressError, match="--port"):
        listen("127.0.0.1", taken.getsockname()[1])
