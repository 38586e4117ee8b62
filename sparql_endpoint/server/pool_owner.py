"""What a pool of workers tells of, and needs of, the listener."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.server.messages import Message
from sparql_endpoint.server.worker_process import WorkerProcess

if TYPE_CHECKING:
    from sparql_endpoint.server.worker_pool import WorkerPool

__all__ = ["PoolOwner"]


class PoolOwner(Protocol):
    """What a pool tells of; the listener."""

    def watch(self, descriptor: int, handler: Callable[[], None]) -> None:
        """Call ``handler`` whenever ``descriptor`` can be read."""
        ...

    def unwatch(self, descriptor: int) -> None:
        """Watch it no more."""
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
        """Deal with what a worker says of its task, which it has ended."""
        ...

    def worker_failed(self, worker: WorkerProcess, task: Any, error: ForumGraphError) -> None:
        """Deal with a task whose worker is gone."""
        ...

    def workers_ready(self, pool: "WorkerPool") -> None:
        """Give the pool what waits: a worker is free."""
        ...

    def pool_ended(self, pool: "WorkerPool", error: ForumGraphError | None) -> None:
        """Take note that the fork server is gone; ``error`` is why it could not load."""
        ...
