"""Listening, and the address that is told."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask

from sparql_endpoint.errors import AddressError, DataError
from sparql_endpoint.web.answering import hang_up
from sparql_endpoint.web.server import Server, listen, web_address
from sparql_endpoint.web.settings import Settings


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


class Backend:
    """Something that is stopped."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.graces: list[float] = []

    def stop(self, grace: float) -> None:
        self.graces.append(grace)
        self.stopped.set()


@pytest.fixture
def server() -> Iterator[tuple[Server, Backend, list[str]]]:
    """Return a server that does not run yet, what is behind it, and what was said."""
    backend, said = Backend(), list[str]()
    before = signal.getsignal(signal.SIGTERM)
    with closing(listen("127.0.0.1", 0)) as listener:
        settings = Settings(stop_seconds=3)
        made = Server(lambda: (Flask("x"), backend), listener, settings, lambda: said.append("up"))
        yield made, backend, said
    signal.signal(signal.SIGTERM, before)


def test_a_signal_to_stop_reaches_what_is_behind(
    server: tuple[Server, Backend, list[str]],
) -> None:
    """The worker's own handler is called as well, and queries get their time to end."""
    made, backend, said = server
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: told.append(number))
    made.load()
    made.cfg.post_worker_init(None)
    signal.raise_signal(signal.SIGTERM)
    assert backend.stopped.wait(5)
    assert (said, told, backend.graces) == (["up"], [signal.SIGTERM], [3])
    made.cfg.worker_exit(None, None)
    assert backend.graces == [3, 0]


def test_what_cannot_be_made_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """By the code that keeps the master from trying again."""

    def fail() -> tuple[Flask, Backend]:
        raise DataError("broken.ttl: not Turtle")

    with closing(listen("127.0.0.1", 0)) as listener, pytest.raises(SystemExit) as ended:
        Server(fail, listener, Settings(), lambda: None).load()
    assert (ended.value.code, capsys.readouterr().err) == (
        4,
        "forumgraph: broken.ttl: not Turtle\n",
    )


def test_a_hang_up_is_seen() -> None:
    """A silent client and one that has sent more are there; one that closed is gone."""
    here, there = socket.socketpair()
    with closing(here):
        gone = hang_up({"gunicorn.socket": here})
        assert gone is not None
        assert gone() is False
        there.sendall(b"GET")
        assert gone() is False
        here.recv(3)
        there.close()
        assert gone() is True
    assert gone() is True


def test_without_a_socket_nobody_knows() -> None:
    """Under another server a hang-up is not seen."""
    assert hang_up({}) is None
