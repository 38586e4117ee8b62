"""What a front needs so that SERVICE works: a relay for each family, a pass for each query."""

from sparql_endpoint.engine.family import Family
from sparql_endpoint.engine.federation import NO_FEDERATION, Federation
from sparql_endpoint.engine.limits import Limits

__all__ = ["Embassy"]


class Embassy:
    """Gives queries their federation; without services it gives them none, and opens nothing.

    Raises:
        UsageError: a service of ``limits`` is no plain https:// address.
    """

    def __init__(self, limits: Limits, *, local: bool) -> None:
        self._services = limits.services
        if limits.services:
            # Only here, for it imports an HTTP client, which takes a tenth of a second.
            from sparql_endpoint.engine.outreach import Outreach  # noqa: PLC0415
            from sparql_endpoint.engine.relay import Passes  # noqa: PLC0415

            self._outreach, self._passes = Outreach(limits, local), Passes()
            self._outreach.check_settings()

    def open(self, family: Family) -> None:
        """Open the relay of a family that has loaded."""
        if family.port is not None:
            from sparql_endpoint.engine.relay import Relay  # noqa: PLC0415  # as above

            family.relay = Relay(family.port, self._outreach, self._passes)

    def admit(self, family: Family) -> Federation:
        """Return what a query of this family may call, with a pass of its own."""
        if family.relay is None:
            return NO_FEDERATION
        return Federation(self._services, f"{family.relay.address}/{self._passes.issue()}")

    def expel(self, federation: Federation) -> None:
        """Withdraw a query's pass."""
        if federation.relay:
            self._passes.withdraw(federation.relay.rpartition("/")[2])
