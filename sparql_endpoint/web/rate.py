"""How many requests a client may make: a bucket of tokens for each, refilled all the time."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from sparql_endpoint.errors import TooManyRequestsError

__all__ = ["RateLimit"]

_SECONDS = 10
_MOST_CLIENTS = 10_000


class RateLimit:
    """Lets each client make ``rate`` requests a second, and ten seconds' worth at once."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._room, self._clock = rate, max(1.0, rate * _SECONDS), clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def admit(self, client: str) -> None:
        """Count a request of ``client``; a rate of 0 counts nothing.

        Raises:
            TooManyRequestsError: it has made too many; the error says when to come again.
        """
        if not self._rate:
            return
        now = self._clock()
        with self._lock:
            tokens, since = self._buckets.pop(client, (self._room, now))
            tokens = min(self._room, tokens + (now - since) * self._rate)
            admitted = tokens >= 1
            self._buckets[client] = (tokens - admitted, now)
            if len(self._buckets) > _MOST_CLIENTS:
                self._buckets.popitem(last=False)
        if not admitted:
            wait = int((1 - tokens) / self._rate) + 1
            raise TooManyRequestsError(f"more than {self._rate:g} requests a second", wait)
