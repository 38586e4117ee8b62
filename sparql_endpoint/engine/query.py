"""What an engine is asked, and what it answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from sparql_endpoint.query.deviations import Notice  # noqa: TC001  # as the rest of the types

__all__ = ["Query", "Result"]


@dataclass(frozen=True)
class Query:
    """A query, the graphs it is asked of, and the formats its answer may have."""

    text: str
    result_format: str | None = "json"
    """Short name of the format of a SELECT or ASK; None refuses these kinds."""
    graph_format: str | None = "turtle"
    """Short name of the format of a CONSTRUCT or DESCRIBE; None refuses these kinds."""
    default_graphs: tuple[str, ...] | None = None
    """IRIs whose merge is the default graph, instead of FROM; None leaves the query its own."""
    named_graphs: tuple[str, ...] | None = None
    """IRIs of the named graphs, instead of FROM NAMED; None leaves the query its own."""
    client: str = ""
    """Who asks, as the limits for one client count it."""
    max_rows: int | None = None
    """Rows wanted at most; the limit of the engine holds as well, unless all is wanted."""
    whole: bool = False
    """Whether all of the answer is wanted at once, as by who asks for the service itself: it does
    not stream, and no limit on rows cuts it; those on time, memory and bytes hold."""
    base: str | None = None
    """The IRI that relative IRIs of the text resolve against where it has no BASE."""


class Result:
    """An answer: what it is, then its bytes. Close it, or read it to its end.

    ``complete`` and ``rows`` are None while a streamed answer has not ended. A streamed answer that
    is cut or fails raises from the iteration: its bytes are then no document, and must not be
    passed off as one. An answer that was cut before anything went out is a proper document with
    ``complete`` False.
    """

    def __init__(
        self,
        kind: str,
        variables: tuple[str, ...],
        format_name: str,
        chunks: Iterator[bytes],
        close: Callable[[], None],
    ) -> None:
        self.kind, self.variables, self.format = kind, variables, format_name
        """SELECT, ASK, GRAPH (of CONSTRUCT and DESCRIBE) or CALL; the names in SELECT; the format's
        short name."""
        self.notices: tuple[Notice, ...] = ()
        """Warnings beside the answer: where it is not what SPARQL 1.1 asks."""
        self.complete: bool | None = None
        self.rows: int | None = None
        self.streamed = True
        """Whether the answer is still being made when its first bytes are read."""
        self._chunks, self._close = chunks, close

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)

    def hold(self, chunks: list[bytes]) -> None:
        """Give ``chunks`` from now on, which are all of it."""
        self.streamed = False
        self._chunks = iter(chunks)

    def read(self) -> bytes:
        """Return all bytes that are left.

        Raises:
            EngineError: the answer ended before its time.
        """
        return b"".join(self)

    def close(self) -> None:
        """End the query if it still runs."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self._close()
