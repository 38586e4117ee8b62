"""The pools of workers: the current one, its successor with new content, and retired ones."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace

from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.server.data_source import DataSource, is_url
from sparql_endpoint.server.fork_server import PoolConfig
from sparql_endpoint.server.pool_owner import PoolOwner
from sparql_endpoint.server.shared_state import SharedState
from sparql_endpoint.server.worker_pool import WorkerPool
from sparql_endpoint.server.worker_process import WorkerProcess

__all__ = ["Pools"]

_LOOK_SECONDS = 0.5
"""Seconds between two checks of a store on disk for new content."""
_log = logging.getLogger(__name__)


class Pools:
    """The pools of one server; requests go to ``current``."""

    def __init__(
        self, source: DataSource, config: PoolConfig, state: SharedState, owner: PoolOwner
    ) -> None:
        self._source, self._config, self._state, self._owner = source, config, state, owner
        self.retired: list[WorkerPool] = []
        """Former pools, which end after their last requests."""
        self._next: WorkerPool | None = None
        self._failed_digest = ""
        self._looked_at = time.monotonic()
        self.restarts = 0
        """The number of times that the data had to be loaded again."""
        self.current = WorkerPool(config, state, owner)

    def __iter__(self) -> Iterator[WorkerPool]:
        """Yield the pools that may have requests: the current one and the retired ones."""
        return iter((self.current, *self.retired))

    def of(self, worker: WorkerProcess) -> WorkerPool:
        """Return the pool of a worker."""
        return next(pool for pool in self if worker.pid in pool.workers)

    def look_for_new_content(self, now: float) -> None:
        """Load the content of a store on disk anew if it has changed; check twice a second."""
        if now - self._looked_at <= _LOOK_SECONDS:
            return
        self._looked_at = now
        if not self._source.store or is_url(self._source.store) or self._next is not None:
            return
        try:
            dataset = self._source.dataset()
        except (ForumGraphError, OSError) as error:  # it is being changed, or is gone
            _log.error("the new content of %s is not served: %s", self._source.store, error)
            return
        if dataset.about.digest not in {self._config.dataset.about.digest, self._failed_digest}:
            self._failed_digest = dataset.about.digest  # until it serves
            config = replace(self._config, dataset=dataset)
            self._next = WorkerPool(config, self._state, self._owner)

    def take_up(self, pool: WorkerPool) -> None:
        """Make ``pool`` the current one if it is the next; running requests end in the old one."""
        if pool is not self._next:
            return
        former, self.current, self._next = self.current, pool, None
        self._config = replace(pool.config)
        self.retired.append(former)
        former.retire()
        _log.warning("serving the new content of %s", self._source.store)

    def end(self, pool: WorkerPool, error: ForumGraphError | None) -> bool:
        """Remove the pool of a fork server that is gone; return False if it is the current one."""
        pool.stop()
        if pool in self.retired:
            self.retired.remove(pool)
        elif pool is self._next:
            self._next = None
            _log.error("the new content of %s is not served: %s", self._source.store, error)
        else:
            return False
        return True

    def restart(self) -> None:
        """Load the data again."""
        self.restarts += 1
        _log.error("the process that holds the data died: it is started again")
        self.current = WorkerPool(self._config, self._state, self._owner)

    def stop(self) -> None:
        """End all pools."""
        for pool in (self.current, self._next, *self.retired):
            if pool is not None:
                pool.stop()
