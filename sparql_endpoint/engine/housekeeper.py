"""The thread that looks after the processes: births, deaths, time, memory, and a lost zygote."""

import logging
import os
import selectors
import threading
import time
from typing import Protocol

from sparql_endpoint.engine.family import Family
from sparql_endpoint.engine.handle import Child
from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.engine.scheduler import Scheduler
from sparql_endpoint.engine.ticket import Phase, Ticket
from sparql_endpoint.errors import QueryMemoryError

__all__ = ["Housekeeper"]

_log = logging.getLogger(__name__)
_TICK = 0.02
_MEMORY_EVERY = 0.1
_IDLE_AFTER = 1.0
_SLEEP = 60.0


class _Household(Protocol):
    """What the housekeeper tells of its work."""

    def child_ready(self) -> None: ...
    def breed(self) -> None: ...
    def child_died(self, family: Family, child: Child) -> None: ...
    def family_ended(self, family: Family) -> None: ...


class Housekeeper:
    """One thread over all families of an engine."""

    def __init__(self, limits: Limits, scheduler: Scheduler, household: _Household) -> None:
        self.memory = 0
        """Bytes that all queries hold beside the data, as last seen."""
        self._limits, self._scheduler, self._household = limits, scheduler, household
        self._selector = selectors.DefaultSelector()
        self._bell_end, self._bell = os.pipe()
        self._selector.register(self._bell_end, selectors.EVENT_READ)
        self._orders: list[tuple[bool, Family]] = []
        self._busy_until = 0.0
        self._asleep = False
        self._next_tick = 0.0
        self._memory_seen = 0.0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="housekeeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stopping = True
        self._ring()
        self._thread.join()
        self._selector.close()
        os.close(self._bell)
        os.close(self._bell_end)

    def adopt(self, family: Family) -> None:
        """Look after a family that has loaded."""
        self._orders.append((True, family))
        self._ring()

    def dismiss(self, family: Family) -> None:
        """Look after a family no more, and end it."""
        self._orders.append((False, family))
        self._ring()

    def stay_awake(self) -> None:
        """Say that there are queries: the clock must tick."""
        self._busy_until = time.monotonic() + _IDLE_AFTER
        if self._asleep:
            self._ring()

    def _obey(self, adopt: bool, family: Family) -> None:  # noqa: FBT001  # an order as it was put
        if adopt:
            self._selector.register(family.control, selectors.EVENT_READ, (family, None))
        else:
            self._dismiss(family)

    def _dismiss(self, family: Family) -> None:
        for key in list(self._selector.get_map().values()):
            if key.data is not None and key.data[0] is family:
                self._selector.unregister(key.fileobj)
        threading.Thread(target=family.end, name="burial").start()

    def _ring(self) -> None:
        os.write(self._bell, b".")

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._look_after()
            except Exception:  # noqa: BLE001  # whatever it is, the limits must go on to hold
                _log.exception("the housekeeper met a fault of its own and goes on")
                time.sleep(_TICK)

    def _look_after(self) -> None:
        for key, _ in self._selector.select(self._pause(self._next_tick)):
            self._attend(key)
        self._asleep = False
        now = time.monotonic()
        if now >= self._next_tick:
            self._next_tick = now + _TICK
            self._tick(now)

    def _pause(self, next_tick: float) -> float:
        """Return how long to wait for news; sleep only if nothing came up meanwhile."""
        now = time.monotonic()
        if now < self._busy_until or self._scheduler.under_way():
            return max(next_tick - now, 0)
        self._asleep = True
        return _SLEEP if time.monotonic() >= self._busy_until else 0

    def _attend(self, key: selectors.SelectorKey) -> None:
        if key.fileobj == self._bell_end:
            os.read(self._bell_end, 4096)
            while self._orders:
                self._obey(*self._orders.pop(0))
            return
        family, child = key.data
        if child is None:
            self._read_control(family)
        elif child.sock.fileno() >= 0:  # it may have been buried since it spoke
            self._selector.unregister(child.sock)
            family.read_birth(child)
            self._household.child_ready()

    def _read_control(self, family: Family) -> None:
        for child in family.read_control(self._selector):
            self._household.child_died(family, child)
        if family.ended:
            self._selector.unregister(family.control)
            self._household.family_ended(family)

    def _tick(self, now: float) -> None:
        self._scheduler.tick(now)
        self._household.breed()
        if now - self._memory_seen > _MEMORY_EVERY:
            self._memory_seen = now
            self._watch_memory()

    def _watch_memory(self) -> None:
        held = {
            ticket: ticket.child.grown()
            for ticket in self._scheduler.under_way()
            if ticket.child is not None and ticket.phase is not Phase.QUICK
        }
        self.memory = sum(held.values())
        for ticket, size in held.items():
            if size > self._limits.query_memory:
                self._scheduler.doom(ticket, QueryMemoryError(memory_text(self._limits)))
        if self.memory > self._limits.total_memory:
            largest: Ticket = max(held, key=lambda ticket: held[ticket])
            total = self._limits.total_memory >> 20
            self._scheduler.doom(
                largest,
                QueryMemoryError(
                    f"all queries together want more than {total} MiB, and this one holds most:"
                    " ask for less, or try again later"
                ),
            )


def memory_text(limits: Limits) -> str:
    """Return what to say of a query that wanted too much memory."""
    return f"the query wanted more than {limits.query_memory >> 20} MiB of memory: ask for less"
