"""Who may run: quick queries at once, slow ones behind them, in turn, and fair between clients.

A query starts in a quick place at full priority. Most end there. One that lasts longer than
``quick_time``, while there are others, gives its place to the next and goes on in a slow place at
low priority; while all slow places are taken it is stopped, its clock running on. One that is alone
is in nobody's way. It keeps its priority, which nobody could give back to its process, so that this
is used again: it has by then its own copies of those pages of the store that reading writes to. A
count over a million triples took 33 ms in it, and 180 ms in a fresh one.

In their first second of slow time queries take turns, the one that had the fewest first, so that a
short one never waits behind a long one. Among long ones the first to come is the first to run, so
that some of them end at all. When all places for queries are taken, a new one takes the place of
the one that has run longest.

The scheduler decides by the clock it is handed; ``tick`` is called every 20 ms or so.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable

from sparql_endpoint.engine.handle import Child
from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.engine.ticket import Phase, Ticket
from sparql_endpoint.errors import (
    ForumGraphError,
    QueryCancelledError,
    QueryTimeoutError,
    ServerBusyError,
    TooManyRequestsError,
)

__all__ = ["FRESH_TIME", "LOWEST", "TURN", "Scheduler"]

FRESH_TIME = 1.0
"""Seconds of slow time in which a query comes before longer ones."""
TURN = 0.2
"""Seconds of slow time before it is another one's turn."""
LOWEST = 10
"""The niceness of slow queries."""
_STALLED = 0.05
_POLL = 0.1


class Scheduler:
    """Places for queries; every method may be called from any thread."""

    def __init__(self, limits: Limits, slowed: Callable[[Child], None]) -> None:
        """``slowed`` is told of each child whose query leaves its quick place for a slow one."""
        self._limits, self._slowed = limits, slowed
        self._tickets: list[Ticket] = []
        self._lock = threading.Condition()
        self._last_tick = time.monotonic()
        self._closed = False

    def enter(
        self,
        client: str | None,
        cancelled: Callable[[], bool] | None = None,
        time_limit: float | None = None,
    ) -> Ticket:
        """Wait for a quick place and return the ticket that holds it.

        Raises:
            TooManyRequestsError: the client has too many queries under way.
            ServerBusyError: too many are waiting, or the engine is stopping.
            QueryTimeoutError: the query's time was over before it started.
            QueryCancelledError: ``cancelled`` says so.
        """
        with self._lock:
            ticket = self._queue(client, time_limit)
            try:
                while ticket.phase is Phase.WAITING:
                    self._wait(ticket, cancelled)
            except BaseException:
                self._remove(ticket)
                raise
            if ticket.doom:
                raise ticket.doom
        return ticket

    def enter_at_once(self, client: str | None) -> Ticket | None:
        """Return a ticket that holds a quick place, or None where it would have to wait for one.

        Raises:
            TooManyRequestsError, ServerBusyError: as ``enter``.
        """
        with self._lock:
            ticket = self._queue(client, None)
            if ticket.phase is not Phase.WAITING:
                return ticket
            self._remove(ticket)
        return None

    def assign(self, ticket: Ticket, child: Child) -> None:
        """Give the ticket the child that answers it; its quick time starts now."""
        with self._lock:
            ticket.child = child
            ticket.phase_since = ticket.started = time.monotonic()

    def leave(self, ticket: Ticket) -> None:
        """Give the ticket's place to the next; its child goes on if it was stopped."""
        with self._lock:
            self._remove(ticket)
            if ticket.stopped and ticket.child:
                ticket.child.resume()
                ticket.stopped = False
            now = time.monotonic()
            self._admit(now)
            self._dispatch()

    def tick(self, now: float) -> None:
        """End what is over its time, lower what is no longer quick, and fill the slow places."""
        with self._lock:
            passed, self._last_tick = now - self._last_tick, now
            for ticket in list(self._tickets):
                if ticket.phase is Phase.SLOW:
                    ticket.attained += passed
                self._check_time(ticket, now)
                if self._is_over_quick(ticket, now):
                    self._slow_down(ticket, now)
            self._admit(now)
            self._dispatch()

    def doom(self, ticket: Ticket, error: ForumGraphError) -> None:
        """End a query; whoever waits for its answer gets ``error``."""
        with self._lock:
            self._doom(ticket, error)

    def close(self) -> None:
        """Let nobody in any more."""
        with self._lock:
            self._closed = True

    def under_way(self) -> list[Ticket]:
        """Return the queries that have a place."""
        with self._lock:
            return [ticket for ticket in self._tickets if ticket.phase is not Phase.WAITING]

    def phases(self) -> Counter[Phase]:
        """Return how many queries are in each phase."""
        with self._lock:
            return Counter(ticket.phase for ticket in self._tickets)

    def _queue(self, client: str | None, time_limit: float | None) -> Ticket:
        self._refuse(client)
        ticket = Ticket(client, time_limit or self._limits.query_time)
        self._tickets.append(ticket)
        self._admit(ticket.arrived)
        return ticket

    def _refuse(self, client: str | None) -> None:
        if self._closed:
            raise ServerBusyError("the server is stopping", 5)
        if client is None:
            return
        own = sum(ticket.client == client for ticket in self._tickets)
        if own >= self._limits.max_queries_per_client:
            raise TooManyRequestsError(
                f"{own} queries of yours are under way, as many as one client may have", 1
            )
        waiting = sum(ticket.phase is Phase.WAITING for ticket in self._tickets)
        if waiting > self._limits.queue_length:
            raise ServerBusyError(f"{waiting} queries are waiting already", 2)

    def _wait(self, ticket: Ticket, cancelled: Callable[[], bool] | None) -> None:
        self._lock.wait(_POLL)
        if ticket.phase is not Phase.WAITING:
            return
        if cancelled is not None and cancelled():
            raise QueryCancelledError("the client is gone")
        self._check_time(ticket, time.monotonic())

    def _admit(self, now: float) -> None:
        """Give free quick places to those who wait, the client with the fewest queries first."""
        while True:
            waiting = [t for t in self._tickets if t.phase is Phase.WAITING]
            if not waiting:
                return
            placed = [t for t in self._tickets if t.phase is not Phase.WAITING]
            quick = sum(t.phase is Phase.QUICK for t in placed)
            if quick >= self._limits.quick_places:
                return
            if len(placed) >= self._limits.max_queries and not self._shed(placed, now):
                return
            running = Counter(t.client for t in placed)
            chosen = min(waiting, key=lambda t: (running[t.client], t.arrived))
            chosen.started = now
            chosen.enter(Phase.QUICK, now)
            self._lock.notify_all()

    def _shed(self, placed: list[Ticket], now: float) -> bool:
        slow = [t for t in placed if t.phase is not Phase.QUICK and t.client is not None]
        if not slow:
            return False
        oldest = min(slow, key=lambda t: t.started)
        reason = f"the server is full, and after {oldest.age(now):.1f} s this query had run longest"
        self._doom(oldest, ServerBusyError(reason, 10))
        return True

    def _check_time(self, ticket: Ticket, now: float) -> None:
        limit = ticket.time_limit
        if ticket.doom is not None:
            return
        if ticket.age(now) > limit:
            self._doom(ticket, QueryTimeoutError(self._timeout_text(ticket)))
        elif now - ticket.arrived > limit + self._limits.delivery_time:
            text = f"the answer was not read within {self._limits.delivery_time:g} s: read faster"
            self._doom(ticket, QueryTimeoutError(text))

    def _timeout_text(self, ticket: Ticket) -> str:
        limit = f"the query took longer than {ticket.time_limit:g} s"
        if ticket.phase is Phase.WAITING:
            return f"{limit}, all of it waiting for a place: try again later"
        if ticket.phase is Phase.PAUSED:
            return f"{limit}, part of it waiting for others: try again later, or ask for less"
        return f"{limit}: ask for less, or add a LIMIT"

    def _is_over_quick(self, ticket: Ticket, now: float) -> bool:
        quick = ticket.phase is Phase.QUICK and ticket.child is not None
        in_the_way = len(self._tickets) > 1
        return quick and in_the_way and now - ticket.phase_since > self._limits.quick_time

    def _slow_down(self, ticket: Ticket, now: float) -> None:
        ticket.enter(Phase.PAUSED, now)
        if ticket.child:
            ticket.child.lower(LOWEST)
            self._slowed(ticket.child)

    def _dispatch(self) -> None:
        """Fill the slow places, then stop who has none."""
        now = time.monotonic()
        running = [t for t in self._tickets if t.phase is Phase.SLOW and t.stalled(now) < _STALLED]
        paused = [t for t in self._tickets if t.phase is Phase.PAUSED]
        places = self._limits.slow_places - len(running)
        while paused:
            share = Counter(t.client for t in running)
            chosen = min(paused, key=lambda t: (_turn(t), share[t.client], t.arrived))
            if places <= 0 and not self._make_room(chosen, running, now):
                break
            paused.remove(chosen)
            running.append(chosen)
            places -= 1
            self._run(chosen, now)
        for ticket in paused:
            self._stop(ticket)

    def _make_room(self, chosen: Ticket, running: list[Ticket], now: float) -> bool:
        victim = max(running, key=lambda t: t.attained, default=chosen)
        if _turn(victim) <= _turn(chosen):
            return False
        running.remove(victim)
        victim.enter(Phase.PAUSED, now)
        self._stop(victim)
        return True

    def _run(self, ticket: Ticket, now: float) -> None:
        ticket.enter(Phase.SLOW, now)
        if ticket.stopped and ticket.child:
            ticket.child.resume()
            ticket.stopped = False

    def _stop(self, ticket: Ticket) -> None:
        if not ticket.stopped and ticket.child:
            ticket.child.pause()
            ticket.stopped = True

    def _doom(self, ticket: Ticket, error: ForumGraphError) -> None:
        if ticket.doom is None and ticket.phase is not Phase.DONE:
            ticket.doom = error
            if ticket.child:
                ticket.child.kill()
            self._remove(ticket)

    def _remove(self, ticket: Ticket) -> None:
        ticket.phase = Phase.DONE
        if ticket in self._tickets:
            self._tickets.remove(ticket)
        self._lock.notify_all()


def _turn(ticket: Ticket) -> int:
    """Return how many turns a query has had; all past its first second count as one."""
    return int(min(ticket.attained, FRESH_TIME) / TURN)
