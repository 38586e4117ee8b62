"""What a child is asked to do: answer a query, or call a trusted function with the store.

A job is pickled by the front and run in a child. It writes its answer to its channel.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Protocol, cast

from pyoxigraph import (
    QueryBoolean,
    QuerySolutions,
    Store,
    Triple,
)

from sparql_endpoint.engine.admission import admit
from sparql_endpoint.engine.federation import NO_FEDERATION, Federation, untouched_error
from sparql_endpoint.engine.messages import told
from sparql_endpoint.engine.output import Channel, EnoughRows, Output, TooManyBytes
from sparql_endpoint.engine.rows import cut, row_counter
from sparql_endpoint.errors import ForumGraphError, QueryError, RemoteError
from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.query.escapes import unescaped
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS
from sparql_endpoint.query.merge import Dataset, Merges
from sparql_endpoint.query.outline import Outline
from sparql_endpoint.query.run import ask
from sparql_endpoint.query.syntax import explain
from sparql_endpoint.query.write import write_triples
from sparql_endpoint.query.xml_text import XmlRepair

__all__ = ["CallJob", "Job", "QueryJob", "Workplace"]

_XML_FORMATS = {"xml"}


class Workplace:
    """What a child works with: its store, the merges of its graphs, its channel, the prefixes."""

    def __init__(self, store: Store, channel: Channel, prefixes: dict[str, str]) -> None:
        self.store, self.channel, self.prefixes = store, channel, prefixes
        self.merges = Merges(store)
        self._marks = [(f"{prefix}:", prefix) for prefix in prefixes]

    def prefixes_in(self, text: str) -> dict[str, str]:
        """Return the prefixes that ``text`` may use; to hand over all takes as long as a query."""
        return {prefix: self.prefixes[prefix] for mark, prefix in self._marks if mark in text}


class Job(Protocol):
    """Something to do in a child."""

    def run(self, place: Workplace) -> None:
        """Do it, and send the answer by the workplace's channel."""
        ...


@dataclass(frozen=True)
class QueryJob:
    """A query with what its answer may take. A format is None where its kind is not wanted."""

    text: str
    result_format: str | None
    graph_format: str | None
    max_rows: int
    max_bytes: int
    buffer_bytes: int
    max_nesting: int
    federation: Federation = NO_FEDERATION
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    base: str | None = None

    def run(self, place: Workplace) -> None:
        """Answer the query in the format that its kind asks for."""
        channel = place.channel
        try:
            self._answer(place)
        except ForumGraphError as error:
            channel.refuse(**told(error))
        except SyntaxError as error:
            own = untouched_error(self.text, error, place.prefixes) if self._relayed else error
            channel.refuse(**told(explain(self.text, own, self.base)))
        except (RuntimeError, OSError, ValueError) as error:
            channel.refuse(**told(self.federation.fault(error) or QueryError(str(error))))

    def _answer(self, place: Workplace) -> None:
        text = unescaped(self.text)
        found = admit(text, self.max_nesting, self.federation.allowed, self.base)
        dataset = self._dataset(place, found)
        if found and isinstance(dataset.store, Store):  # another server calls its services itself
            text = self.federation.turned(text, found.services)
        result, notices = ask(dataset, text, place.prefixes_in(text), self.base)
        self._write_whole(result, place, notices)

    @property
    def _relayed(self) -> bool:
        return bool(self.federation.relay)

    def _dataset(self, place: Workplace, found: Outline | None) -> Dataset:
        """Return what to ask; graphs named beside the query win over its FROM.

        A dataset that names graphs of one kind only has none of the other: SPARQL 1.1 Protocol,
        section 2.1.4, https://www.w3.org/TR/sparql11-protocol/#dataset.
        """
        if self.default_graphs is not None or self.named_graphs is not None:
            return place.merges.dataset(self.default_graphs or (), self.named_graphs or ())
        if found is not None and found.dataset is not None:
            return place.merges.dataset(*found.dataset)
        return Dataset(place.store)

    def _write_whole(
        self,
        result: QuerySolutions | QueryBoolean | Iterable[Triple],
        place: Workplace,
        notices: Sequence[Notice],
    ) -> None:
        try:
            self._write(result, place, notices)
        except SyntaxError as error:  # only another server's answer is parsed while it is written
            raise RemoteError(f"the server behind sent what is no whole answer: {error}") from error

    def _write(
        self,
        result: QuerySolutions | QueryBoolean | Iterable[Triple],
        place: Workplace,
        notices: Sequence[Notice],
    ) -> None:
        kind, variables = _kind_of(result)
        wanted = self.graph_format if kind == "GRAPH" else self.result_format
        if wanted is None:
            place.channel.refuse("format", kind)
            return
        output = Output(
            place.channel,
            buffer_bytes=self.buffer_bytes,
            max_bytes=self.max_bytes,
            meta={"kind": kind, "variables": variables, "format": wanted}
            # A list grows while another server's answer is read.
            | ({"notices": notices} if notices or isinstance(notices, list) else {}),
        )
        try:
            if isinstance(result, QuerySolutions):
                self._write_solutions(result, wanted, output)
            elif not isinstance(result, QueryBoolean):
                self._write_triples(result, wanted, output, place.prefixes)
            else:
                output.write(result.serialize(format=RESULT_FORMATS[wanted].engine) or b"")
                output.settle()
                output.finish(complete=True, rows=1)
        except TooManyBytes:
            if output.streamed:
                output.finish(complete=False, rows=output.rows)
            else:
                place.channel.refuse("bytes")

    def _write_solutions(self, solutions: QuerySolutions, wanted: str, output: Output) -> None:
        output.count_rows(row_counter(wanted), self.max_rows)
        try:
            target = _repairing(output, wanted)
            solutions.serialize(cast("IO[bytes]", target), RESULT_FORMATS[wanted].engine)
            target.flush()
            output.settle()
        except EnoughRows:
            body = None if output.streamed else cut(output.body(), self.max_rows, wanted)
            output.finish(complete=False, rows=self.max_rows, body=body)
        else:
            output.finish(complete=True, rows=output.rows)

    def _write_triples(
        self, triples: Iterable[Triple], wanted: str, output: Output, prefixes: dict[str, str]
    ) -> None:
        passed = _Passed(triples, self.max_rows, output)
        try:
            write_triples(passed, RDF_FORMATS[wanted], cast("IO[bytes]", output), prefixes)
            output.settle()
        except EnoughRows:
            passed.cut = True
        output.finish(complete=not passed.cut, rows=passed.count)


class _Passed:
    """Triples on their way, counted and cut behind ``most``.

    While nothing has gone out the cut ends the document properly, afterwards it breaks it off.
    """

    def __init__(self, triples: Iterable[Triple], most: int, output: Output) -> None:
        self.count = 0
        self.cut = False
        self._triples, self._most, self._output = triples, most, output

    def __iter__(self) -> Iterator[Triple]:
        for triple in self._triples:
            if self.count == self._most:
                self.cut = True
                if self._output.streamed:
                    raise EnoughRows
                return
            self.count += 1
            yield triple


@dataclass(frozen=True)
class CallJob:
    """A call of a trusted function, which writes its answer, any bytes, to the output."""

    function: Callable[..., None]
    arguments: tuple[Any, ...]
    max_bytes: int
    buffer_bytes: int

    def run(self, place: Workplace) -> None:
        """Call it with the store, the output and the arguments."""
        output = Output(
            place.channel,
            buffer_bytes=self.buffer_bytes,
            max_bytes=self.max_bytes,
            meta={"kind": "CALL", "variables": [], "format": ""},
        )
        try:
            self.function(place.store, output, *self.arguments)
            output.settle()
        except TooManyBytes:
            output.finish(complete=False, rows=0)
        else:
            output.finish(complete=True, rows=0)


def _repairing(output: Output, wanted: str) -> Output | XmlRepair:
    return XmlRepair(output.write) if wanted in _XML_FORMATS else output


def _kind_of(result: QuerySolutions | QueryBoolean | Iterable[Triple]) -> tuple[str, list[str]]:
    if isinstance(result, QuerySolutions):
        return "SELECT", [variable.value for variable in result.variables]
    return ("ASK", []) if isinstance(result, QueryBoolean) else ("GRAPH", [])
