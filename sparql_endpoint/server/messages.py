"""Messages between the listener and a worker, with descriptors: one message a datagram.

A message is a byte for its kind, the length of its fields as JSON, the fields, and its data. Data
longer than ``LONGEST_DATA`` are in a file, which is the last descriptor; the first bit of the first
byte is then set.
"""

import json
import os
import socket
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

__all__ = ["LONGEST_DATA", "Kind", "Message", "receive", "send"]

LONGEST_DATA = 60_000
"""Maximum bytes of data in a message; longer data go into a file."""
_SIZE = LONGEST_DATA + 8192
_MOST_DESCRIPTORS = 2
_IN_FILE = 0x80


class Kind(IntEnum):
    """The kinds of messages: each names its sender and what the receiver is to do."""

    REQUEST = 1
    """Listener: answer this request of the client whose socket comes along."""
    RELEASE = 2
    """Listener: another client waits, so hand yours back after this request."""
    STOP = 3
    """Listener: end."""
    READY = 4
    """Worker: I can take requests."""
    IDLE = 5
    """Worker: the client's connection is yours again; the data are what it has sent already."""
    CLOSE = 6
    """Worker: the connection is to be closed."""
    DELIVER = 7
    """Worker: send the client the rest of the answer, from the file that comes along."""
    TASK = 8
    """Worker: have a task of that name done."""


@dataclass(frozen=True)
class Message:
    """A message; ``fields`` are few and short."""

    kind: Kind
    data: bytes = b""
    fields: dict[str, Any] = field(default_factory=dict)


def send(channel: socket.socket, message: Message, descriptors: list[int] | None = None) -> None:
    """Send a message.

    Raises:
        OSError: the other process is gone, or has many unread messages.
    """
    fields = json.dumps(message.fields).encode() if message.fields else b""
    descriptors = descriptors or []
    kind, data, file = int(message.kind), message.data, -1
    if len(data) > LONGEST_DATA:
        file = os.memfd_create("request")
        with os.fdopen(os.dup(file), "wb") as writable:
            writable.write(data)
        os.lseek(file, 0, os.SEEK_SET)
        kind, descriptors, data = kind | _IN_FILE, [*descriptors, file], b""
    parts = [bytes([kind]), len(fields).to_bytes(2), fields, data]
    try:
        if descriptors:
            socket.send_fds(channel, [b"".join(parts)], descriptors)
        else:
            channel.send(b"".join(parts))
    finally:
        if file >= 0:
            os.close(file)


def receive(channel: socket.socket) -> tuple[Message | None, list[int]]:
    """Return the next message and its descriptors; None where the other process is gone.

    Raises:
        BlockingIOError: there is none yet, on a channel that does not block.
    """
    try:
        data, descriptors, _, _ = socket.recv_fds(channel, _SIZE, _MOST_DESCRIPTORS)
    except ConnectionError:
        return None, []
    if not data:
        return None, []
    start = 3 + int.from_bytes(data[1:3])
    fields = json.loads(data[3:start]) if start > 3 else {}  # noqa: PLR2004  # the length of the head
    descriptors, content = list(descriptors), data[start:]
    if data[0] & _IN_FILE:
        with os.fdopen(descriptors.pop(), "rb") as file:
            content = file.read()
    return Message(Kind(data[0] & ~_IN_FILE), content, fields), descriptors
