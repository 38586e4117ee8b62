"""Descriptors and what to call when they are ready, by epoll(7)."""

import select
from collections.abc import Callable
from contextlib import suppress

__all__ = ["GONE", "READ", "EventLoop"]

READ = select.EPOLLIN | select.EPOLLRDHUP
GONE = select.EPOLLHUP | select.EPOLLERR


class EventLoop:
    """Calls the handler of each descriptor with its events."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._handlers: dict[int, Callable[[int], None]] = {}

    def add(self, descriptor: int, handler: Callable[[int], None], events: int = READ) -> None:
        """Call ``handler`` with the events of a descriptor from now on."""
        self._handlers[descriptor] = handler
        self._epoll.register(descriptor, events)

    def change(self, descriptor: int, events: int) -> None:
        """Wait for other events of a descriptor; 0 waits for the end of its connection only.

        Raises:
            OSError: the descriptor was not added.
        """
        self._epoll.modify(descriptor, events)

    def remove(self, descriptor: int) -> None:
        """Stop waiting for events of a descriptor."""
        if self._handlers.pop(descriptor, None) is not None:
            with suppress(OSError):
                self._epoll.unregister(descriptor)

    def wait(self, seconds: float) -> list[tuple[int, int]]:
        """Return the descriptors that are ready, and their events."""
        return self._epoll.poll(seconds)

    def handle(self, ready: list[tuple[int, int]]) -> None:
        """Call the handler of each ready descriptor, unless an earlier handler removed it."""
        for descriptor, events in ready:
            handler = self._handlers.get(descriptor)
            if handler is not None:
                handler(events)

    def close(self) -> None:
        """Forget all descriptors."""
        self._epoll.close()
