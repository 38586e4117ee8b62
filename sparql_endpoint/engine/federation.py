"""A query's SERVICE in a child, which has no network: turned to the relay, and back in its errors.

https://www.w3.org/TR/sparql11-federated-query/.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Store

from sparql_endpoint.errors import RemoteError
from sparql_endpoint.query.services import Service

__all__ = ["NO_FEDERATION", "Federation", "untouched_error"]

_BROKEN = "Parser error"
_PAYLOAD = "with payload:\n"


@dataclass(frozen=True)
class Federation:
    """The services that queries may call, and the relay's address with this query's pass."""

    allowed: tuple[str, ...] = ()
    relay: str = ""

    def turned(self, text: str, found: Sequence[Service]) -> str:
        """Return the query ``text`` with each SERVICE turned to a path below the relay.

        The path is the number of its endpoint among those allowed.
        """
        for service in reversed(found):
            if service.target is not None:
                start, end = service.span
                number = self.allowed.index(service.target)
                text = f"{text[:start]}<{self.relay}/{number}>{text[end:]}"
        return text

    def fault(self, error: Exception) -> RemoteError | None:
        """Return the error of a service that made a query fail, None if it failed by itself.

        The relay explains in the body of its answer, and the engine quotes that.
        """
        said = str(error)
        far = isinstance(error, OSError) or self.relay in said or said.startswith(_BROKEN)
        if not (self.relay and far):
            return None
        _, _, explained = said.partition(_PAYLOAD)
        return RemoteError(f"SERVICE: {explained or 'the endpoint gave no whole answer'}")


NO_FEDERATION = Federation()
"""What calls no service."""


def untouched_error(text: str, error: SyntaxError, prefixes: dict[str, str]) -> SyntaxError:
    """Return the error of the query as it was written, given that of the query as it was turned."""
    try:
        Store().query(text, prefixes=prefixes)  # is parsed, and not run: nobody reads its result
    except SyntaxError as original:
        return original
    return error
