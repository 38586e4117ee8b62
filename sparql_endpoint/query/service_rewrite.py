"""SERVICE in a query that runs without a network: rewritten to the service proxy, and its errors.

https://www.w3.org/TR/sparql11-federated-query/.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Store

from sparql_endpoint.errors import RemoteError
from sparql_endpoint.query.services import Service

__all__ = ["Federation"]

_BROKEN = "Parser error"
_PAYLOAD = "with payload:\n"


@dataclass(frozen=True)
class Federation:
    """The services that queries may call, and the URL of the proxy that asks them."""

    allowed: tuple[str, ...] = ()
    proxy: str = ""

    def rewrite(self, text: str, services: Sequence[Service]) -> str:
        """Return the query ``text`` with each SERVICE rewritten to a path below the proxy.

        The path is the number of its endpoint among those allowed.
        """
        for service in reversed(services):
            if service.target is not None:
                start, end = service.span
                number = self.allowed.index(service.target)
                text = f"{text[:start]}<{self.proxy}/{number}>{text[end:]}"
        return text

    def fault(self, error: Exception) -> RemoteError | None:
        """Return the error of a service that made a query fail, None if it failed by itself.

        The proxy explains in the body of its answer, and the engine quotes that.
        """
        if isinstance(error, RemoteError) or not self.proxy:
            return None
        message = str(error)
        remote = isinstance(error, OSError) or self.proxy in message or message.startswith(_BROKEN)
        if not remote:
            return None
        _, _, reason = message.partition(_PAYLOAD)
        return RemoteError(f"SERVICE: {reason or 'the endpoint gave no whole answer'}")

    def error_as_written(
        self, text: str, error: SyntaxError, prefixes: Mapping[str, str]
    ) -> SyntaxError:
        """Return the error of the query as it was written, given that of the rewritten query."""
        if not self.proxy:
            return error
        try:
            Store().query(text, prefixes=dict(prefixes))  # this parses it, and does not run it
        except SyntaxError as original:
            return original
        return error
