"""The engine: untrusted queries over a store, each in a process of its own.

pyoxigraph can neither end a query nor bound its memory, and a query can crash it. So a query runs
in a child process that may be killed at any moment. Measured at 100k triples on two cores, a child
that is kept ready costs 0.3 to 1.2 ms a query (``python -m benchmarks.isolation``); a fork for each
would cost 2 to 15 ms.

    front (threads)  -- orders children -->  zygote (holds the store, forks)
         |  ^                                    | fork: the store is shared, copy-on-write
         |  '-- socket: job >, < answer ----->  child, child, child ...
         '-- housekeeper: time, memory, turns; kills by pidfd
"""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Self

from pyoxigraph import Store

from sparql_endpoint.engine.child import ChildOptions
from sparql_endpoint.engine.dialogue import Demand, Dialogue
from sparql_endpoint.engine.dynasty import Dynasty
from sparql_endpoint.engine.embassy import Embassy
from sparql_endpoint.engine.family import Family
from sparql_endpoint.engine.handle import Child
from sparql_endpoint.engine.isolation import require_linux
from sparql_endpoint.engine.jobs import CallJob, Job, QueryJob
from sparql_endpoint.engine.limits import MIB, Limits
from sparql_endpoint.engine.query import Query, Result
from sparql_endpoint.engine.statistics import Statistics
from sparql_endpoint.engine.ticket import Phase, Ticket
from sparql_endpoint.engine.zygote import Charge
from sparql_endpoint.errors import ForumGraphError, QueryTooLongError, ServerBusyError

__all__ = ["Engine"]

_KEPT_MEMORY = 64 * MIB
"""Bytes beyond its birth that a child may have held and still be used again."""


class Engine:
    """Answers queries over one dataset, from any thread, within limits that hold.

    ``load`` makes the store: a function that pickles, such as a ``functools.partial`` of one that
    a module defines. It runs in a process of its own. With ``per_child`` every child runs it, as is
    right for a store on disk that is opened for reading. With ``network`` the children keep the
    network, as is right only for a store behind another server. ``prefixes`` may be used
    undeclared. Made not to ``wait``, it loads while its maker does something else, who must then
    call ``await_load``.

    Raises:
        DataError, NotFoundError: the data cannot be loaded.
        UsageError: this is not Linux, or a service is no https:// address.
    """

    _services_may_be_local = False
    """For tests to override, and no setting: see ``Outreach``."""

    def __init__(  # noqa: PLR0913  # all but one by name, each a choice of its own
        self,
        load: Callable[[], Store],
        limits: Limits | None = None,
        *,
        per_child: bool = False,
        network: bool = False,
        prefixes: Mapping[str, str] | None = None,
        wait: bool = True,
    ) -> None:
        require_linux()
        self.limits = limits or Limits()
        self._prefixes = dict(prefixes or {})
        self._statistics = Statistics()
        self._embassy = Embassy(self.limits, local=self._services_may_be_local)
        self._dynasty = Dynasty(self.limits, self._statistics, self._embassy.open)
        self._stopped = False
        self._dynasty.begin(self._charge(load, per_child=per_child, network=network))
        if wait:
            self.await_load()

    def await_load(self) -> None:
        """Wait until the data are loaded, once, where the engine was made not to wait for them.

        Raises:
            DataError, NotFoundError: they cannot be loaded.
        """
        self._dynasty.await_load()

    def run(self, query: Query, cancelled: Callable[[], bool] | None = None) -> Result:
        """Answer a query; ``cancelled`` is asked now and then whether the client is gone.

        Raises:
            QueryError: the query cannot be run as it stands.
            UsageError: its kind has no answer in the format asked for.
            TooManyRequestsError, ServerBusyError: there is no room; both say when to try again.
            EngineError: it was ended, and why.
        """
        return self._do(self._job(query), Demand(query.client, query.whole, cancelled))

    def begin(self, query: Query) -> Dialogue | None:
        """Begin a query without waiting for anything; None where that cannot be: ``run`` it then.

        Raises:
            QueryTooLongError, TooManyRequestsError, ServerBusyError: as ``run``.
        """
        job = self._job(query)
        self._dynasty.housekeeper.stay_awake()
        try:
            ticket = self._dynasty.scheduler.enter_at_once(query.client)
        except ForumGraphError as error:
            self._statistics.count(type(error).__name__)
            raise
        if ticket is None:
            return None
        lent = self._dynasty.lend_at_once(ticket)
        if lent is None:
            self._dynasty.scheduler.leave(ticket)
            return None
        return self._talk(job, Demand(query.client, query.whole), ticket, *lent)

    def _job(self, query: Query) -> QueryJob:
        limits = self.limits
        if len(query.text) > limits.max_query_length:
            raise QueryTooLongError(
                f"the query has {len(query.text):,} characters,"
                f" and may have {limits.max_query_length:,}"
            )
        most_rows = sys.maxsize if query.whole else limits.max_rows
        return QueryJob(
            query.text,
            query.result_format,
            query.graph_format,
            min(query.max_rows or most_rows, most_rows),
            limits.max_result_bytes,
            limits.buffer_bytes,
            limits.max_nesting,
            default_graphs=query.default_graphs,
            named_graphs=query.named_graphs,
            base=query.base,
        )

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
        self._dynasty.succeed(self._charge(load, per_child=per_child, network=False))

    def statistics(self) -> Statistics:
        """Return the totals, with how things stand now."""
        phases, now = self._dynasty.scheduler.phases(), self._statistics
        now.waiting, now.paused = phases[Phase.WAITING], phases[Phase.PAUSED]
        now.running = phases.total() - phases[Phase.WAITING]
        family = self._dynasty.current
        now.processes, now.ready = len(family.children), family.ready
        now.memory = self._dynasty.housekeeper.memory if now.running else 0
        return now

    @property
    def network(self) -> bool:
        """Whether the system let the children keep a network."""
        return self._dynasty.current.network

    def stop(self, grace: float = 0.0) -> None:
        """Let nobody in, wait ``grace`` seconds for queries to end, tell the rest, end all."""
        if self._stopped:
            return
        self._stopped = True
        scheduler = self._dynasty.scheduler
        scheduler.close()
        end = time.monotonic() + grace
        while scheduler.under_way() and time.monotonic() < end:
            time.sleep(0.02)
        for ticket in scheduler.under_way():
            scheduler.doom(ticket, ServerBusyError("the server is stopping", 10))
        self._dynasty.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _charge(self, load: Callable[[], Store], *, per_child: bool, network: bool) -> Charge:
        options = ChildOptions(self.limits.query_memory, _KEPT_MEMORY, self._prefixes)
        return Charge(load, per_child, network, bool(self.limits.services), options)

    def _do(self, job: Job, demand: Demand) -> Result:
        dynasty = self._dynasty
        dynasty.housekeeper.stay_awake()
        try:
            ticket = dynasty.scheduler.enter(demand.client, demand.cancelled, demand.time_limit)
        except ForumGraphError as error:
            self._statistics.count(type(error).__name__)
            raise
        try:
            family, child = dynasty.lend(ticket, demand.cancelled)
        except BaseException as error:
            dynasty.scheduler.leave(ticket)
            self._statistics.count(type(error).__name__)
            raise
        return self._talk(job, demand, ticket, family, child).result()

    def _talk(
        self, job: Job, demand: Demand, ticket: Ticket, family: Family, child: Child
    ) -> Dialogue:
        """Let the child that was lent begin the job."""
        dynasty = self._dynasty
        federation = self._embassy.admit(family)
        if isinstance(job, QueryJob) and federation.allowed:
            job = replace(job, federation=federation)

        def release(reusable: bool, outcome: str, rows: int, size: int) -> None:  # noqa: FBT001  # called by one place
            dynasty.scheduler.leave(ticket)
            self._embassy.expel(federation)
            family.give_back(child, reusable=reusable and not ticket.doom)
            self._statistics.count(outcome, rows, size)
            self._statistics.killed += not reusable

        dialogue = Dialogue(self.limits, demand, ticket, child, release)
        dialogue.send(job)
        return dialogue
