"""The engine: untrusted queries over a store, each in a process of its own.

pyoxigraph can neither end a query nor bound its memory, and a query can crash it. So a query runs
in a child process that may be killed at any moment. Measured at 100k triples on two cores, a child
that is kept ready costs about 0.1 ms a query; a fork for each costs 2 to 15 ms.

    front (threads)  -- orders children -->  zygote (holds the store, forks)
         |  ^                                    | fork: the store is shared, copy-on-write
         |  '-- socket: job >, < answer ----->  child, child, child ...
         '-- housekeeper: time, memory, turns; kills by pidfd
"""

import signal
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

from pyoxigraph import Store

from sparql_endpoint.engine.child import ChildOptions
from sparql_endpoint.engine.dialogue import Demand, Dialogue
from sparql_endpoint.engine.family import Child, Family
from sparql_endpoint.engine.housekeeper import Housekeeper
from sparql_endpoint.engine.isolation import require_linux
from sparql_endpoint.engine.jobs import CallJob, Job, QueryJob
from sparql_endpoint.engine.limits import MIB, Limits
from sparql_endpoint.engine.query import Query, Result
from sparql_endpoint.engine.scheduler import Scheduler
from sparql_endpoint.engine.statistics import Statistics
from sparql_endpoint.engine.ticket import Phase, Ticket
from sparql_endpoint.engine.zygote import Charge
from sparql_endpoint.errors import (
    DataError,
    QueryCancelledError,
    QueryTooLongError,
    ServerBusyError,
)

__all__ = ["Engine"]

_SPARE = 2
_KEPT_MEMORY = 64 * MIB
_POLL = 0.05
_FAILURES = 3
"""Processes in a row that did not start, after which no query waits for one."""
_REVIVAL_MAX = 30.0


class Engine:
    """Answers queries over one dataset, from any thread, within limits that hold.

    ``load`` makes the store: a function that pickles, such as a ``functools.partial`` of one that
    a module defines. It runs in a process of its own. With ``per_child`` every child runs it, as is
    right for a store on disk that is opened for reading. With ``network`` the children keep the
    network, as is right only for a store behind another server. ``prefixes`` may be used
    undeclared.

    Raises:
        DataError, NotFoundError: the data cannot be loaded.
        UsageError: this is not Linux.
    """

    def __init__(
        self,
        load: Callable[[], Store],
        limits: Limits | None = None,
        *,
        per_child: bool = False,
        network: bool = False,
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        require_linux()
        self.limits = limits or Limits()
        self._prefixes = dict(prefixes or {})
        self._statistics = Statistics()
        self._changed = threading.Condition()
        self._stopping = False
        self._scheduler = Scheduler(self.limits, self._slowed)
        self._housekeeper = Housekeeper(self.limits, self._scheduler, self)
        self._old: list[Family] = []
        self._family = self._found(self._charge(load, per_child=per_child, network=network))
        self._housekeeper.start()
        self._housekeeper.adopt(self._family)

    def run(self, query: Query, cancelled: Callable[[], bool] | None = None) -> Result:
        """Answer a query; ``cancelled`` is asked now and then whether the client is gone.

        Raises:
            QueryError: the query cannot be run as it stands.
            UsageError: its kind has no answer in the format asked for.
            TooManyRequestsError, ServerBusyError: there is no room; both say when to try again.
            EngineError: it was ended, and why.
        """
        limits = self.limits
        if len(query.text) > limits.max_query_length:
            raise QueryTooLongError(
                f"the query has {len(query.text):,} characters,"
                f" and may have {limits.max_query_length:,}"
            )
        job = QueryJob(
            query.text,
            query.result_format,
            query.graph_format,
            min(query.max_rows or limits.max_rows, limits.max_rows),
            limits.max_result_bytes,
            limits.buffer_bytes,
            limits.max_nesting,
            limits.services,
            query.default_graphs,
            query.named_graphs,
        )
        return self._do(job, Demand(query.client, query.text, query.whole, cancelled))

    def call(
        self, function: Callable[..., None], *arguments: Any, time_limit: float | None = None
    ) -> Result:
        """Run ``function(store, output, *arguments)`` of our own in a child, all of it picklable.

        What it writes to ``output``, a binary file, is the answer. Memory is limited as ever, time
        to ``time_limit`` seconds.

        Raises:
            EngineError: it was ended, and why.
        """
        job = CallJob(function, arguments, self.limits.max_result_bytes, self.limits.buffer_bytes)
        return self._do(job, Demand(None, time_limit=time_limit))

    def swap(self, load: Callable[[], Store], *, per_child: bool = False) -> None:
        """Load another dataset and answer from it from now on; queries under way end on the old.

        Raises:
            DataError, NotFoundError: it cannot be loaded; the old one stays.
        """
        family = self._found(self._charge(load, per_child=per_child, network=False))
        self._enthrone(family)

    def statistics(self) -> Statistics:
        """Return the totals, with how things stand now."""
        phases, family, now = self._scheduler.phases(), self._family, self._statistics
        now.waiting, now.paused = phases[Phase.WAITING], phases[Phase.PAUSED]
        now.running = phases.total() - phases[Phase.WAITING]
        now.processes, now.ready = len(family.children), family.ready
        now.memory = self._housekeeper.memory if now.running else 0
        return now

    @property
    def network(self) -> bool:
        """Whether the system let the children keep a network."""
        return self._family.network

    def stop(self, grace: float = 0.0) -> None:
        """Let nobody in, wait ``grace`` seconds for queries to end, tell the rest, end all."""
        if self._stopping:
            return
        self._stopping = True
        self._scheduler.close()
        self._await_quiet(grace)
        for ticket in self._scheduler.under_way():
            self._scheduler.doom(ticket, ServerBusyError("the server is stopping", 10))
        self._housekeeper.stop()
        for family in [*self._old, self._family]:
            family.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def child_ready(self) -> None:
        """Wake up who waits for a child."""
        with self._changed:
            self._changed.notify_all()

    def breed(self) -> None:
        """Replace the children that are gone."""
        self._family.breed()

    def child_died(self, family: Family, child: Child) -> None:
        """Take note of a death; the last child of an old dataset takes its zygote along."""
        if child.status and child.status != -signal.SIGKILL:
            self._statistics.crashed += 1
        if family is not self._family and not family.children:
            self._housekeeper.dismiss(family)

    def family_ended(self, family: Family) -> None:
        """Load the data again if the process that held it died."""
        if family is self._family and not self._stopping:
            self._statistics.restarts += 1
            threading.Thread(target=self._revive, args=(family,), daemon=True).start()

    def _charge(self, load: Callable[[], Store], *, per_child: bool, network: bool) -> Charge:
        options = ChildOptions(self.limits.query_memory, _KEPT_MEMORY, self._prefixes)
        return Charge(load, per_child, network, options)

    def _found(self, charge: Charge) -> Family:
        family = Family(charge, self.limits.quick_places + _SPARE)
        family.await_load(lambda: self._stopping)
        return family

    def _enthrone(self, family: Family) -> None:
        self._housekeeper.adopt(family)
        old, self._family = self._family, family
        self._old = [one for one in self._old if not one.buried] + [old]
        old.retire()
        if not old.children:
            self._housekeeper.dismiss(old)

    def _revive(self, lost: Family) -> None:
        wait = 0.5
        while not self._stopping and self._family is lost:
            try:
                self._enthrone(self._found(lost.charge))
            except DataError:
                time.sleep(wait)
                wait = min(wait * 2, _REVIVAL_MAX)

    def _do(self, job: Job, demand: Demand) -> Result:
        self._housekeeper.stay_awake()
        ticket = self._scheduler.enter(demand.client, demand.cancelled, demand.time_limit)
        try:
            family, child = self._lend(ticket, demand.cancelled)
        except BaseException as error:
            self._scheduler.leave(ticket)
            self._statistics.count(type(error).__name__)
            raise

        def release(reusable: bool, outcome: str, rows: int, size: int) -> None:  # noqa: FBT001  # called by one place
            self._scheduler.leave(ticket)
            family.give_back(child, reusable=reusable and not ticket.doom)
            self._statistics.count(outcome, rows, size)
            self._statistics.killed += not reusable

        return Dialogue(self.limits, demand, ticket, child, release).ask(job)

    def _lend(self, ticket: Ticket, cancelled: Callable[[], bool] | None) -> tuple[Family, Child]:
        """Wait for a ready child."""
        while True:
            family = self._family
            child = family.take()
            if child is not None:
                self._scheduler.assign(ticket, child)
                return family, child
            if ticket.doom is not None:
                raise ticket.doom
            if family.failures > _FAILURES:
                raise ServerBusyError(f"no process can be started: {family.last_failure}", 10)
            if cancelled is not None and cancelled():
                raise QueryCancelledError("the client is gone")
            with self._changed:
                self._changed.wait(_POLL)

    def _slowed(self, child: Child) -> None:
        self._family.replace(child)

    def _await_quiet(self, grace: float) -> None:
        end = time.monotonic() + grace
        while self._scheduler.under_way() and time.monotonic() < end:
            time.sleep(0.02)
