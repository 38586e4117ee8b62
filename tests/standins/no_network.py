"""No test reaches beyond this machine: a connection to elsewhere fails at once."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

_HERE = ("127.", "::1", "localhost", "0.0.0.0")


class OutsideError(RuntimeError):
    """A test tried to leave this machine."""


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every name and every address that is not of this machine."""
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def local_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_outside(host)
        return look_up(host, *arguments, **options)

    def local_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_outside(address[0])
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", local_look_up)
        patch.setattr(socket.socket, "connect", local_connect)
        yield


def _refuse_outside(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name and not str(name).startswith(_HERE):
        raise OutsideError(f"a test tried to reach {name}")
