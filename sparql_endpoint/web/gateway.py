"""Running a WSGI application for an ASGI server, in threads of its own.

a2wsgi does as much, but it reads a hung-up client's whole answer to its end, and hands over every
piece by a switch of threads, of which a page needs one.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from werkzeug.wsgi import FileWrapper

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from uvicorn._types import ASGISendCallable, ASGISendEvent

__all__ = ["Gateway"]

_PIECE = 1 << 18


class _HungUpError(Exception):
    """Nobody is left to read the answer."""


class Gateway:
    """Runs applications in ``threads``.

    An answer whose length is known to be short is handed over at once; a longer one piece by piece,
    as fast as the client reads, and while it is there.
    """

    def __init__(self, threads: Executor) -> None:
        self._threads = threads

    async def __call__(
        self,
        app: "WSGIApplication",
        environ: "WSGIEnvironment",
        send: "ASGISendCallable",
        gone: Callable[[], bool],
    ) -> None:
        """Answer a request by ``app``; ``gone`` tells whether the client has hung up."""
        environ["wsgi.file_wrapper"] = _in_pieces
        loop = asyncio.get_running_loop()

        def tell(event: "ASGISendEvent") -> None:
            if gone():
                raise _HungUpError
            asyncio.run_coroutine_threadsafe(_sent(send, event), loop).result()

        rest = await loop.run_in_executor(self._threads, _run, app, environ, tell)
        for event in rest:
            await send(event)


def _in_pieces(file: IO[bytes], _: int = 0) -> FileWrapper:
    """Return a file in pieces that are worth a switch of threads."""
    return FileWrapper(file, _PIECE)


async def _sent(send: "ASGISendCallable", event: "ASGISendEvent") -> None:
    await send(event)


def _run(
    app: "WSGIApplication", environ: "WSGIEnvironment", tell: "Callable[[ASGISendEvent], None]"
) -> "list[ASGISendEvent]":
    """Run ``app``, tell what it sends while it does, and return what is left to be sent."""
    head: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
        head["status"] = int(status[:3])
        head["headers"] = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        return _no_write

    pieces = app(environ, start)
    try:
        pieces_left = pieces if _is_short(head) else _tell_all(pieces, tell, head)
        body = b"".join(pieces_left)
    except _HungUpError:
        return []
    finally:
        with suppress(AttributeError):
            pieces.close()  # type: ignore[attr-defined]  # PEP 3333 lets it have one
    if "told" in head:
        return [{"type": "http.response.body", "body": b"", "more_body": False}]
    return [_start(head), {"type": "http.response.body", "body": body, "more_body": False}]


def _is_short(head: dict[str, Any]) -> bool:
    """Return whether the answer is so short that it is handed over at once."""
    lengths = [int(value) for name, value in head["headers"] if name == b"content-length"]
    bodiless = head["status"] in {204, 304}
    return bodiless or bool(lengths and lengths[0] <= _PIECE)


def _tell_all(
    pieces: Iterable[bytes], tell: "Callable[[ASGISendEvent], None]", head: dict[str, Any]
) -> tuple[bytes, ...]:
    tell(_start(head))
    head["told"] = True
    for piece in pieces:
        tell({"type": "http.response.body", "body": piece, "more_body": True})
    return ()


def _start(head: dict[str, Any]) -> "ASGISendEvent":
    return {
        "type": "http.response.start",
        "status": head["status"],
        "headers": head["headers"],
        "trailers": False,
    }


def _no_write(_: bytes) -> None:
    """Raise: no application of ours writes this way."""
    raise NotImplementedError
