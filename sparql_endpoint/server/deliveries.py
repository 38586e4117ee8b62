"""Answers that clients read slowly: the listener sends what is left of them, from a file."""

import logging
import os
import select
import time
from collections.abc import Callable, Iterator

from sparql_endpoint.server.connection import Connection, Delivery, State
from sparql_endpoint.server.event_loop import EventLoop
from sparql_endpoint.server.messages import Message

__all__ = ["Deliveries"]

_log = logging.getLogger(__name__)


class Deliveries:
    """The connections whose clients have not yet read their whole answer.

    ``close`` is called with each connection that is given up. A client may read nothing for
    ``send_seconds``, and a whole delivery may take ``delivery_time`` seconds.
    """

    def __init__(
        self,
        loop: EventLoop,
        close: Callable[[Connection], None],
        send_seconds: float,
        delivery_time: float,
    ) -> None:
        self._loop, self._close = loop, close
        self._send_seconds, self._delivery_time = send_seconds, delivery_time
        self._connections: set[Connection] = set()

    def __len__(self) -> int:
        return len(self._connections)

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._connections)

    @property
    def size(self) -> int:
        """The bytes of all these answers."""
        return sum(c.delivery.size for c in self._connections if c.delivery is not None)

    def begin(self, connection: Connection, message: Message, file: int) -> None:
        """Begin to send the rest of an answer that a worker has handed over."""
        now, fields, size = time.monotonic(), message.fields, os.fstat(file).st_size
        connection.delivery = Delivery(file, fields["offset"], size, fields["keep_alive"], now, now)
        connection.behind = message.data
        connection.enter(State.DELIVERING)
        self._connections.add(connection)
        self._loop.change(connection.sock.fileno(), select.EPOLLOUT)

    def go_on(self, connection: Connection) -> bool | None:
        """Send the next part of an answer to a client that reads.

        Returns:
            None while a part is left; at the end, whether the connection stays open.

        Raises:
            OSError: the connection is lost.
        """
        if not connection.deliver():
            return None
        assert connection.delivery is not None  # noqa: S101  # as in ``deliver``
        keep_alive = connection.delivery.keep_alive
        self.forget(connection)
        return keep_alive

    def forget(self, connection: Connection) -> None:
        """Send no more to a client."""
        connection.end_delivery()
        self._connections.discard(connection)

    def check(self, connection: Connection, now: float) -> None:
        """Give up a delivery that takes too long."""
        delivery = connection.delivery
        assert delivery is not None  # noqa: S101  # as in ``deliver``
        if now - delivery.progress > self._send_seconds:
            self._break_off(connection, "its client did not read")
        elif now - delivery.began > self._delivery_time:
            limit = self._delivery_time
            self._break_off(connection, f"its client did not read it within {limit:g} s")

    def bound(self, room: int) -> None:
        """Give up the largest answer if all have more than ``room`` bytes."""
        sizes = {c: c.delivery.size for c in self._connections if c.delivery is not None}
        if sizes and sum(sizes.values()) > room:
            self._break_off(max(sizes, key=sizes.__getitem__), "all answers take too much memory")

    def _break_off(self, connection: Connection, reason: str) -> None:
        _log.warning("an answer was broken off: %s", reason)
        connection.reset()
        self._close(connection)
