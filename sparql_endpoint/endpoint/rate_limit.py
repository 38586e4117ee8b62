"""How many requests a client may make: a bucket of tokens for each, refilled all the time.

The buckets of all workers lie in memory that they share. Two clients may share a bucket, of which
there are 65,536; and two requests at the same instant may count as one. A limit of this kind can
bear both.
"""

import mmap
import struct
import time
from collections.abc import Callable
from hashlib import blake2b

from sparql_endpoint.errors import TooManyRequestsError

__all__ = ["RATE_BYTES", "RateLimit"]

_SECONDS = 10
_BUCKETS = 1 << 16
_BUCKET = struct.Struct("=dd")
"""The tokens that were taken, and when that was (seconds of the monotonic clock)."""
RATE_BYTES = _BUCKETS * _BUCKET.size
"""Bytes of memory that all buckets take."""


class RateLimit:
    """Lets each client make ``rate`` requests a second, and ten seconds' worth at once.

    ``memory`` holds the buckets; it begins as zeros.
    """

    def __init__(
        self,
        rate: float,
        memory: "mmap.mmap | memoryview | None" = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate, self._room, self._clock = rate, max(1.0, rate * _SECONDS), clock
        self._memory = memory or mmap.mmap(-1, RATE_BYTES)

    def count(self, client: str) -> None:
        """Count a request of ``client``; a rate of 0 counts nothing.

        Raises:
            TooManyRequestsError: it has made too many; the error says when to come again.
        """
        if not self._rate:
            return
        now = self._clock()
        digest = blake2b(client.encode(), digest_size=2).digest()
        at = int.from_bytes(digest) * _BUCKET.size
        used, since = _BUCKET.unpack_from(self._memory, at)
        used = max(0.0, used - (now - since) * self._rate)
        if used + 1 > self._room:
            wait = int((used + 1 - self._room) / self._rate) + 1
            raise TooManyRequestsError(f"more than {self._rate:g} requests a second", wait)
        _BUCKET.pack_into(self._memory, at, used + 1, now)
