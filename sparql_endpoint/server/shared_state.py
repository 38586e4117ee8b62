"""Memory that the listener and all workers share: the activity of each worker, and figures.

Every field has one writer at a time: the listener while a worker is idle, the worker while it
answers. A reader may see an old value, but never half of a number on which a decision rests.
"""

import mmap
import os
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from sparql_endpoint.endpoint.rate_limit import RATE_BYTES

__all__ = ["FIGURES", "LONGEST_REQUEST", "SharedState", "Slot", "client_number"]

FIGURES = (
    "connections",
    "rejected",
    "killed",
    "crashed",
    "restarts",
    "open_connections",
    "queued",
    "running",
    "slow",
    "deliveries",
    "workers",
    "request_memory_bytes",
)
"""The figures that the listener counts, in their order in the memory."""

LONGEST_REQUEST = 1 << 16
"""Maximum bytes of a request in a slot; of a longer request the slot has no bytes."""

_HEAD = struct.Struct("=dQIBB")
_SLOT = struct.Struct("=dQIBB42x")
_SLOT_SIZE = _SLOT.size
_FIGURE = struct.Struct("=Q")
_WAITING, _SPARE = 0, 1
_FIGURES_AT = 64
_SLOTS_AT = 4096


@dataclass(frozen=True)
class _Activity:
    started: float
    client: int
    length: int
    busy: bool
    delivering: bool


class SharedState:
    """The memory, as one process sees it; ``slots`` is the maximum number of workers at once.

    ``descriptor`` is the memory's descriptor where another process made it.
    """

    def __init__(self, slots: int, descriptor: int | None = None) -> None:
        self.slots = slots
        self._rates_at = _SLOTS_AT + slots * _SLOT_SIZE
        self._requests_at = self._rates_at + RATE_BYTES
        size = self._requests_at + slots * LONGEST_REQUEST
        if descriptor is None:
            descriptor = os.memfd_create("forumgraph")
            os.ftruncate(descriptor, size)
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, size)

    @property
    def rate_memory(self) -> memoryview:
        """The memory of the rate limit."""
        return memoryview(self._memory)[self._rates_at : self._rates_at + RATE_BYTES]

    @property
    def waiting(self) -> bool:
        """Whether a request waits for a worker; then no worker stays with its client."""
        return self._memory[_WAITING] == 1

    @waiting.setter
    def waiting(self, value: bool) -> None:
        self._memory[_WAITING] = value

    @property
    def spare(self) -> bool:
        """Whether a worker is free."""
        return self._memory[_SPARE] == 1

    @spare.setter
    def spare(self, value: bool) -> None:
        self._memory[_SPARE] = value

    def figures(self) -> Mapping[str, int]:
        """Return the figures that the listener has counted, by name."""
        return {
            name: _FIGURE.unpack_from(self._memory, _FIGURES_AT + number * _FIGURE.size)[0]
            for number, name in enumerate(FIGURES)
        }

    def set_figure(self, name: str, value: int) -> None:
        """Set a figure; only the listener may do so."""
        at = _FIGURES_AT + FIGURES.index(name) * _FIGURE.size
        _FIGURE.pack_into(self._memory, at, value)

    def slot(self, number: int) -> "Slot":
        """Return the slot of that number."""
        head = _SLOTS_AT + number * _SLOT_SIZE
        return Slot(self._memory, head, self._requests_at + number * LONGEST_REQUEST)

    def busy_of(self, client: int) -> int:
        """Return how many workers answer ``client`` now."""
        slots = memoryview(self._memory)[_SLOTS_AT : self._rates_at]
        return sum(busy and holder == client for _, holder, _, busy, _ in _SLOT.iter_unpack(slots))


class Slot:
    """The part of the memory that belongs to one worker: its request, and since when it runs."""

    def __init__(self, memory: mmap.mmap, head: int, request: int) -> None:
        self._memory, self._head, self._request = memory, head, request

    def begin(self, client: int, request: bytes, started: float | None = None) -> None:
        """Note that a request of ``client`` is being answered since ``started``, else now."""
        length = len(request) if len(request) <= LONGEST_REQUEST else 0
        self._memory[self._request : self._request + length] = request[:length]
        started = time.monotonic() if started is None else started
        _HEAD.pack_into(self._memory, self._head, started, client, length, 1, 0)

    def deliver(self) -> None:
        """Note that bytes of the answer go out from now on."""
        self._memory[self._head + _HEAD.size - 1] = True

    def end(self) -> None:
        """Note that the request is answered."""
        self._memory[self._head + _HEAD.size - 2] = False

    @property
    def activity(self) -> _Activity:
        """The worker's activity: client, start in seconds of the monotonic clock, and state."""
        started, client, length, busy, delivering = _HEAD.unpack_from(self._memory, self._head)
        return _Activity(started, client, length, bool(busy), bool(delivering))

    @property
    def request(self) -> bytes:
        """The bytes of the request; empty if it is longer than ``LONGEST_REQUEST``."""
        length = self.activity.length
        return self._memory[self._request : self._request + length]


def client_number(client: str) -> int:
    """Return the number that stands for a client in slots, a hash of its address."""
    return int.from_bytes(blake2b(client.encode(), digest_size=8).digest())
