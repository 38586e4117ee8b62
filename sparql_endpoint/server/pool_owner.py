"""The interface of the listener that a pool of workers uses."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.server.messages import Message
from sparql_endpoint.server.worker_process import WorkerProcess

if TYPE_CHECKING:
    from sparql_endpoint.server.worker_pool import WorkerPool

__all__ = ["PoolOwner"]


class PoolOwner(Protocol):
    """The listener, as a pool of workers sees it."""

    def watch(self, descriptor: int, handler: Callable[[], None]) -> None:
        """Call ``handler`` whenever ``descriptor`` can be read."""
        ...

    def unwatch(self, descriptor: int) -> None:
        """Stop watching ``descriptor``."""
        ...

    def take_slot(self) -> int | None:
        """Return a free slot, None if there is none."""
        ...

    def free_slot(self, number: int) -> None:
        """Take back a slot."""
        ...

    def worker_message(
        self, worker: WorkerProcess, task: Any, message: Message, descriptors: list[int]
    ) -> None:
        """Handle the last message of a worker about its task."""
        ...

    def worker_failed(self, worker: WorkerProcess, task: Any, error: ForumGraphError) -> None:
        """Handle a task whose worker is gone."""
        ...

    def workers_ready(self, pool: "WorkerPool") -> None:
        """Hand the waiting requests to the pool, in which a worker is free."""
        ...

    def pool_ended(self, pool: "WorkerPool", error: ForumGraphError | None) -> None:
        """Handle the end of a fork server; ``error`` is why it could not load the data, if so."""
        ...
