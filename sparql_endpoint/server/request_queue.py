"""Complete requests that wait for a worker, and how they are handed to workers."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from sparql_endpoint.errors import (
    ForumGraphError,
    QueryTimeoutError,
    ServerBusyError,
    TooManyRequestsError,
)
from sparql_endpoint.limits import Limits
from sparql_endpoint.server.connection import Connection, State
from sparql_endpoint.server.messages import Kind, Message
from sparql_endpoint.server.pools import Pools
from sparql_endpoint.server.rejections import RejectedError, of_error
from sparql_endpoint.server.shared_state import SharedState

__all__ = ["RequestQueue"]

_FAILURE_SECONDS = 0.4
"""Seconds to wait for a worker that sends the error; after that the listener sends it."""


class RequestQueue:
    """The connections whose requests wait for a worker, the longest-waiting first."""

    def __init__(self, limits: Limits, state: SharedState, pools: Pools) -> None:
        self._limits, self._state, self._pools = limits, state, pools
        self._connections: list[Connection] = []
        self.closed = False
        """Whether the server is stopping, so that no worker may stay with its client."""

    def __len__(self) -> int:
        return len(self._connections)

    def __iter__(self) -> Iterator[Connection]:
        return iter(tuple(self._connections))

    def add(self, connection: Connection, others: Iterable[Connection]) -> None:
        """Hand a request to a worker, or queue it.

        ``others`` are connections that read answers; they count towards their clients' limit.

        Raises:
            RejectedError: the client is at its limit of requests, or the queue is full.
        """
        own = self._state.busy_of(connection.client)
        for waiting in (self._connections, others):
            own += sum(other.client == connection.client for other in waiting)
        if own >= self._limits.max_queries_per_client:
            reason = f"{own} requests of yours are under way, as many as one client may have"
            raise RejectedError(of_error(TooManyRequestsError(reason, 1)))
        if self._dispatch(connection):
            return
        if len(self) >= self._limits.queue_length + 1:
            reason = f"{len(self)} requests are waiting already"
            raise RejectedError(of_error(ServerBusyError(reason, 2)))
        self._wait(connection)
        self._pools.current.release_one()

    def add_failed(self, connection: Connection, error: ForumGraphError) -> None:
        """Have another worker send the error of a request, before all other requests."""
        connection.failure = error
        if not self._dispatch(connection):
            self._wait(connection, 0)

    def remove(self, connection: Connection) -> None:
        """Remove a request from the queue, if it is there."""
        with suppress(ValueError):
            self._connections.remove(connection)

    def give_out(self, connections: Iterable[Connection]) -> None:
        """Hand waiting requests to workers, first those of the clients with the fewest workers.

        ``connections`` are all connections of the server.
        """
        while self._connections:
            running = Counter(c.client for c in connections if c.worker is not None)
            chosen = min(
                self._connections,
                key=lambda c: (c.failure is None, running[c.client], c.since),
            )
            if not self._dispatch(chosen):
                break
            self._connections.remove(chosen)
        self._state.waiting = bool(self._connections) or self.closed

    def close(self) -> None:
        """From now on, allow no worker to stay with its client."""
        self.closed = self._state.waiting = True

    @property
    def has_new(self) -> bool:
        """Whether a request waits that no worker has had."""
        return any(connection.failure is None for connection in self._connections)

    def check(self, connection: Connection, now: float) -> None:
        """Check how long a request has waited.

        Raises:
            RejectedError: it has waited too long, or no worker can be started.
        """
        waited, pool = now - connection.since, self._pools.current
        if connection.failure is not None:
            if waited > _FAILURE_SECONDS:
                raise RejectedError(of_error(connection.failure))
        elif pool.is_failing:
            reason = f"no worker can be started: {pool.last_failure}"
            raise RejectedError(of_error(ServerBusyError(reason, 10)))
        elif waited > self._limits.query_time:
            limit = f"the query took longer than {self._limits.query_time:g} s"
            reason = f"{limit}, all of it waiting for a worker: try again later"
            raise RejectedError(of_error(QueryTimeoutError(reason)))

    def _wait(self, connection: Connection, place: int | None = None) -> None:
        connection.enter(State.QUEUED)
        self._connections.insert(len(self) if place is None else place, connection)
        self._state.waiting = True

    def _dispatch(self, connection: Connection) -> bool:
        """Hand a request to a free worker; return False where there is none."""
        fields: dict[str, Any] = {"client": connection.peer, "number": connection.client}
        if connection.failure is not None:
            fields |= {"error": type(connection.failure).__name__}
            fields |= {"arguments": _arguments(connection.failure)}
        message = Message(Kind.REQUEST, connection.request, fields)
        started = connection.since if connection.failure is None else time.monotonic()
        worker = self._pools.current.assign(
            connection, message, [connection.sock.fileno()], started
        )
        if worker is None:
            return False
        connection.worker = worker
        connection.enter(State.ANSWERING)
        return True


def _arguments(error: ForumGraphError) -> list[Any]:
    """Return the arguments with which the class of an error makes the same error."""
    if isinstance(error, ServerBusyError):
        return [str(error).rpartition("; try again")[0], error.retry_after]
    return [str(error)]
