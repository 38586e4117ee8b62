"""Frames on the socket between the front process and a child.

A request is one frame with a pickled job; only the front, which is trusted, sends it. A short
answer is ``META`` (JSON), which tells how it ended, and its bytes as ``DATA``. A long one is
``META``, ``DATA`` again and again, and ``END`` (JSON), which tells that. ``ERROR`` (JSON) stands
instead of any. What a child sends is never unpickled.
"""

import json
import socket
import struct
from enum import IntEnum
from typing import Any

__all__ = ["Frame", "FrameReader", "frame", "json_frame"]

_HEADER = struct.Struct("!BI")
_READ_SIZE = 1 << 16
"""Bytes to read at once; twice as many would take new pages of the system for each read."""


class Frame(IntEnum):
    """What a frame holds."""

    JOB = 0
    READY = 1
    META = 2
    DATA = 3
    END = 4
    ERROR = 5


def frame(kind: Frame, payload: bytes = b"") -> bytes:
    """Return a frame as it goes on the wire."""
    return _HEADER.pack(kind, len(payload)) + payload


def json_frame(kind: Frame, value: dict[str, Any]) -> bytes:
    """Return a frame with a JSON object."""
    return frame(kind, json.dumps(value).encode())


class FrameReader:
    """Reads frames from a stream socket; a timeout of the socket leaves it where it was."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._held = bytearray()
        self.closed = False
        """Whether ``gather`` has met the end: the other side closed or died."""

    def gather(self) -> None:
        """Hold what has come by now, without waiting; the socket has no timeout afterwards."""
        self._sock.settimeout(0)
        try:
            data = self._sock.recv(_READ_SIZE)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        self._held += data
        self.closed = not data

    def held(self) -> list[Frame]:
        """Return the kinds of the frames that ``read`` would give without waiting."""
        kinds: list[Frame] = []
        at = 0
        while at + _HEADER.size <= len(self._held):
            kind, size = _HEADER.unpack_from(self._held, at)
            at += _HEADER.size + size
            if at > len(self._held):
                break
            kinds.append(Frame(kind))
        return kinds

    def read(self) -> tuple[Frame, bytes]:
        """Return the next frame's kind and payload.

        Raises:
            EOFError: the other side closed or died, at a frame's start or within it.
            TimeoutError: the socket's timeout passed; read again to go on.
        """
        self._fill(_HEADER.size)
        kind, size = _HEADER.unpack_from(self._held)
        end = _HEADER.size + size
        self._fill(end)
        with memoryview(self._held) as view:
            payload = bytes(view[_HEADER.size : end])
        del self._held[:end]
        return Frame(kind), payload

    def _fill(self, size: int) -> None:
        while len(self._held) < size:
            try:
                data = self._sock.recv(max(_READ_SIZE, min(size - len(self._held), 1 << 22)))
            except ConnectionError as error:
                raise EOFError from error
            if not data:
                raise EOFError
            self._held += data
