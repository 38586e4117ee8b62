"""The client of a request as the application sees it: still there, done sending, or gone."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["CLIENT", "Client"]

CLIENT = "forumgraph.client"
"""The name among the extensions of an ASGI scope under which its client is found."""


@dataclass
class Client:
    """The other end of a connection."""

    reset: Callable[[], None]
    """Breaks the connection off, so that nobody takes what came for whole."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it will send no more. Who waits long for an answer does not hang up half."""
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when nothing can be sent to it any more."""
