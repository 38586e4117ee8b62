"""The child: a process that answers one request at a time over the store it was forked with."""

import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from pyoxigraph import Store

from sparql_endpoint.engine.isolation import die_with_parent, hold_memory, prefer_for_oom
from sparql_endpoint.engine.jobs import QueryJob, Workplace
from sparql_endpoint.engine.output import Channel
from sparql_endpoint.engine.wire import Frame, FrameReader, frame

__all__ = ["ChildOptions", "be_child"]


@dataclass(frozen=True)
class ChildOptions:
    """What a child is born with.

    It is the memory a query may take, how much of it the child may keep for the next, and the
    prefixes that a query need not declare.
    """

    query_memory: int
    kept_memory: int
    prefixes: dict[str, str]


def be_child(
    open_store: Callable[[], Store], sock: socket.socket, parent: int, options: ChildOptions
) -> NoReturn:
    """Answer what comes over ``sock`` until it closes, then end the process."""
    code = 1
    try:
        _settle_in(parent)
        store = open_store()
        hold_memory(options.query_memory)
        _warm_up(store)
        sock.sendall(frame(Frame.READY))
        _serve(store, sock, options)
        code = 0
    except (BrokenPipeError, ConnectionError):
        code = 0
    except BaseException as error:  # noqa: BLE001  # nothing may unwind into the zygote's loop
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
    finally:
        os._exit(code)


def _settle_in(parent: int) -> None:
    die_with_parent(parent)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    prefer_for_oom()


def _warm_up(store: Store) -> None:
    """Answer a first query for nobody, so that the first client does not pay for it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        job = QueryJob("ASK {}", "json", None, 1, 1024, 1024, 1)
        job.run(Workplace(store, Channel(ours, 0), {}))


def _serve(store: Store, sock: socket.socket, options: ChildOptions) -> None:
    reader, channel = FrameReader(sock), Channel(sock, options.kept_memory)
    place = Workplace(store, channel, options.prefixes)
    while not channel.spent:
        try:
            _, payload = reader.read()
        except EOFError:
            return
        job = pickle.loads(payload)  # noqa: S301  # only the front, our parent, writes here
        try:
            job.run(place)
        except MemoryError:
            channel.refuse("memory")
            return
