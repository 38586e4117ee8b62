"""A query on its way through the engine: how long it may run, and why it was ended."""

import time
from dataclasses import dataclass, field
from enum import Enum

from sparql_endpoint.engine.handle import Child
from sparql_endpoint.errors import ForumGraphError

__all__ = ["Phase", "Ticket"]


class Phase(Enum):
    """Where a query stands."""

    WAITING = "waiting"
    """for a place"""
    QUICK = "quick"
    """running at full priority"""
    SLOW = "slow"
    """running behind all quick ones"""
    PAUSED = "paused"
    """stopped until a slow place is free"""
    DONE = "done"
    """answered, failed or ended"""


@dataclass(eq=False)
class Ticket:
    """One query; times are seconds of the monotonic clock."""

    client: str | None
    """Who asks; None is ourselves, whom no limit for one client holds."""
    time_limit: float
    arrived: float = field(default_factory=time.monotonic)
    phase: Phase = Phase.WAITING
    started: float = 0.0
    child: Child | None = None
    doom: ForumGraphError | None = None
    """Why it was ended from outside."""
    attained: float = 0.0
    """Time spent in a slow place."""
    phase_since: float = 0.0
    stopped: bool = False
    """Whether its child is stopped."""
    read_by_client: float = 0.0
    """Time in which the engine waited for the client to read."""
    stalled_since: float | None = None
    """Since when the engine waits for the client to read, if it does."""

    def stall(self) -> None:
        """Note that from now on the engine waits for the client."""
        self.stalled_since = time.monotonic()

    def unstall(self) -> None:
        """Note that the client wants more."""
        if self.stalled_since is not None:
            self.read_by_client += time.monotonic() - self.stalled_since
            self.stalled_since = None

    def stalled(self, now: float) -> float:
        """Return for how long the engine has been waiting for the client."""
        since = self.stalled_since
        return 0.0 if since is None else now - since

    def age(self, now: float) -> float:
        """Return the query's own time: since its arrival, without the client's time to read."""
        return now - self.arrived - self.read_by_client - self.stalled(now)

    def enter(self, phase: Phase, now: float) -> None:
        """Change the phase."""
        self.phase, self.phase_since = phase, now
