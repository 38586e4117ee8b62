"""The families of an engine: the one that answers now, and those that end on older data."""

import signal
import threading
import time
from collections.abc import Callable

from sparql_endpoint.engine.family import Family
from sparql_endpoint.engine.handle import Child
from sparql_endpoint.engine.housekeeper import Housekeeper
from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.engine.scheduler import Scheduler
from sparql_endpoint.engine.statistics import Statistics
from sparql_endpoint.engine.ticket import Ticket
from sparql_endpoint.engine.zygote import Charge
from sparql_endpoint.errors import ForumGraphError, QueryCancelledError, ServerBusyError

__all__ = ["Dynasty"]

_SPARE = 2
_POLL = 0.05
_FAILURES = 3
"""Processes in a row that did not start, after which no query waits for one."""
_REVIVAL_MAX = 30.0


class Dynasty:
    """A succession of families, each with its data, of which the last answers new queries.

    A family whose zygote dies is replaced by one that loads the same data again. ``furnish`` is
    told of each family before it answers.
    """

    def __init__(
        self, limits: Limits, statistics: Statistics, furnish: Callable[[Family], None]
    ) -> None:
        self.scheduler = Scheduler(limits, self._replace)
        self.housekeeper = Housekeeper(limits, self.scheduler, self)
        self.current: Family
        self._limits, self._statistics, self._furnish = limits, statistics, furnish
        self._old: list[Family] = []
        self._changed = threading.Condition()
        self._stopping = False

    def begin(self, charge: Charge) -> None:
        """Begin to load the first data."""
        self.current = self._launch(charge)

    def await_load(self) -> None:
        """Wait for the first data; nothing may be asked before.

        Raises:
            DataError, NotFoundError, UsageError: they cannot be loaded.
        """
        self._settle(self.current)
        self.housekeeper.start()
        self.housekeeper.adopt(self.current)

    def succeed(self, charge: Charge) -> None:
        """Load other data, and answer from them from now on.

        Raises:
            DataError, NotFoundError, UsageError: as ``begin``; nothing has changed then.
        """
        self._enthrone(self._found(charge))

    def lend(self, ticket: Ticket, cancelled: Callable[[], bool] | None) -> tuple[Family, Child]:
        """Wait for a child that is ready, and return it with its family.

        Raises:
            ForumGraphError: the ticket's doom, or that no process can be started.
        """
        while True:
            lent = self.lend_at_once(ticket)
            if lent is not None:
                return lent
            family = self.current
            if ticket.doom is not None:
                raise ticket.doom
            if family.failures > _FAILURES:
                raise ServerBusyError(f"no process can be started: {family.last_failure}", 10)
            if cancelled is not None and cancelled():
                raise QueryCancelledError("the client is gone")
            with self._changed:
                self._changed.wait(_POLL)

    def lend_at_once(self, ticket: Ticket) -> tuple[Family, Child] | None:
        """Return a child that is ready with its family, or None where there is none."""
        family = self.current
        child = family.take()
        if child is None:
            return None
        self.scheduler.assign(ticket, child)
        return family, child

    def stop(self) -> None:
        """End all processes."""
        self._stopping = True
        self.housekeeper.stop()
        for family in [*self._old, self.current]:
            family.end()

    def child_ready(self) -> None:
        """Wake up who waits for a child."""
        with self._changed:
            self._changed.notify_all()

    def breed(self) -> None:
        """Replace the children that are gone."""
        self.current.breed()

    def child_died(self, family: Family, child: Child) -> None:
        """Take note of a death; the last child of an old family takes its zygote along."""
        if child.status and child.status != -signal.SIGKILL:
            self._statistics.crashed += 1
        if family is not self.current and not family.children:
            self.housekeeper.dismiss(family)

    def family_ended(self, family: Family) -> None:
        """Load the data again if the process that held them died."""
        if family is self.current and not self._stopping:
            self._statistics.restarts += 1
            threading.Thread(target=self._revive, args=(family,), daemon=True).start()

    def _found(self, charge: Charge) -> Family:
        return self._settle(self._launch(charge))

    def _launch(self, charge: Charge) -> Family:
        return Family(charge, self._limits.quick_places + _SPARE)

    def _settle(self, family: Family) -> Family:
        family.await_load(lambda: self._stopping)
        self._furnish(family)
        return family

    def _enthrone(self, family: Family) -> None:
        self.housekeeper.adopt(family)
        old, self.current = self.current, family
        self._old = [one for one in self._old if not one.buried] + [old]
        old.retire()
        if not old.children:
            self.housekeeper.dismiss(old)

    def _revive(self, lost: Family) -> None:
        wait = 0.5
        while not self._stopping and self.current is lost:
            try:
                self._enthrone(self._found(lost.charge))
            except (ForumGraphError, OSError):
                time.sleep(wait)
                wait = min(wait * 2, _REVIVAL_MAX)

    def _replace(self, child: Child) -> None:
        self.current.replace(child)
