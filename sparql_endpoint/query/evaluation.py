"""Running a query over a store in this process: the one way for command line, workers and tests.

What bounds time and memory is outside: in a server, the process that runs this may be ended at any
moment (``server.worker_pool``).
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any, Protocol, cast

from pyoxigraph import QueryBoolean, QuerySolutions, Store, Triple

from sparql_endpoint.errors import (
    QueryError,
    QueryTooLongError,
    RemoteError,
    ResultTooLargeError,
    UsageError,
)
from sparql_endpoint.limits import Limits, memory_error
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query import trust
from sparql_endpoint.query.checks import check
from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.query.escapes import unescaped
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS
from sparql_endpoint.query.merge import Dataset, Merges
from sparql_endpoint.query.outline import Outline
from sparql_endpoint.query.result_sink import Body, EnoughRows, ResultSink, TooManyBytes
from sparql_endpoint.query.row_limit import row_limit
from sparql_endpoint.query.run import ask
from sparql_endpoint.query.service_rewrite import Federation
from sparql_endpoint.query.syntax import explain
from sparql_endpoint.query.write import write_triples
from sparql_endpoint.query.xml_text import XmlRepair

__all__ = ["OXIGRAPH", "Query", "QueryRunner", "Result", "SecondEngine"]


class Written(Iterable[bytes]):
    """Solutions that come as blocks of a document in SPARQL Results JSON."""


Results = QuerySolutions | QueryBoolean | Written | Iterable[Triple]
OXIGRAPH = "oxigraph"
"""The name of the engine that answers every query."""


class SecondEngine(Protocol):
    """What answers some queries quicker, with the same terms."""

    name: str

    def answer(
        self,
        text: str,
        dataset: tuple[tuple[str, ...], tuple[str, ...]] | None,
        base: str | None,
        most: int,
        *,
        as_json: bool = False,
    ) -> Results | None:
        """Return the answer to a query, None for one that is for the first engine.

        Args:
            text: the query, without codepoint escapes, checked.
            dataset: the IRIs of its default graphs and of its named ones, None for the data's own.
            base: the IRI that its relative IRIs resolve against where it has no BASE.
            most: rows of which one more than these is enough.
            as_json: whether solutions may come as ``Written``.
        """

    def make(self, store: Store) -> bool:
        """Make what it reads of a store, and return whether that can be made."""


@dataclass(frozen=True)
class Query:
    """A query, the graphs it is asked of, and the formats its answer may have."""

    text: str
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    """IRIs of the graphs whose merge is the default graph, and of the named graphs, instead of
    FROM and FROM NAMED; None leaves the query its own."""
    result_format: str | None = "json"
    """Short name of the format of a SELECT or ASK; None refuses these kinds."""
    graph_format: str | None = "turtle"
    """Short name of the format of a CONSTRUCT or DESCRIBE; None refuses these kinds."""
    max_rows: int | None = None
    """Rows wanted at most; the limit of the service holds as well, unless all is wanted."""
    base: str | None = None
    """The IRI that relative IRIs of the text resolve against where it has no BASE."""
    whole: bool = False
    """Whether all is wanted, as by the service itself: no limit on rows cuts the answer."""
    trust: str = trust.DEFAULT
    """The name of the policy of trust under which it is asked (``query.trust``)."""


@dataclass(frozen=True)
class Result:
    """An answer: its kind, its bytes, and whether they are all of it."""

    is_graph: bool
    """Whether it is triples, of a CONSTRUCT or DESCRIBE."""
    body: Body
    complete: bool
    """False for an answer that was cut; it is a proper document nevertheless."""
    rows: int
    """Rows or triples."""
    notices: tuple[Notice, ...] = ()
    """Warnings beside the answer: where it is not what SPARQL 1.1 asks."""
    engine: str = OXIGRAPH
    """The name of what evaluated the query."""


@dataclass
class QueryRunner:
    """Runs queries over one dataset.

    ``open_store`` is called once, before the first query.
    """

    open_store: Callable[[], Store]
    limits: Limits = field(default_factory=Limits)
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)
    """Prefixes that a query may use without declaring them."""
    federation: Federation = field(default_factory=Federation)
    second: SecondEngine | None = None
    _merges: Merges | None = None
    _under: dict[str, "QueryRunner"] = field(default_factory=dict)
    """Runners over the same graph under policies of trust, each made when it is first asked."""

    @classmethod
    def over(cls, store: Store, **options: Any) -> "QueryRunner":
        """Return a runner over a store that is open."""
        return cls(lambda: store, **options)

    @property
    def store(self) -> Store:
        """The store."""
        return self._datasets.store

    def store_under(self, policy: str) -> Store:
        """Return the store as it is under a policy of trust.

        Raises:
            UsageError: there is no such policy.
        """
        return self.store if policy == trust.DEFAULT else self._runner_under(policy).store

    @property
    def _datasets(self) -> Merges:
        if self._merges is None:
            self._merges = Merges(self.open_store())
        return self._merges

    def run(self, query: Query) -> Result:
        """Return the answer, whole or cut by the limit on rows.

        Raises:
            QueryError: the query cannot be run as it stands.
            UpdateRefusedError: it is an update.
            UsageError: its kind has no answer in the formats that were asked for, or there is no
                such policy of trust.
            ResultTooLargeError: its answer has more bytes than an answer may have.
            QueryMemoryError: it wanted more memory than it may have.
            RemoteError: a server that was asked on its behalf failed.
        """
        if query.trust != trust.DEFAULT:
            return self._runner_under(query.trust).run(replace(query, trust=trust.DEFAULT))
        limits = self.limits
        if len(query.text) > limits.max_query_length:
            raise QueryTooLongError(
                f"the query has {len(query.text):,} characters,"
                f" and may have {limits.max_query_length:,}"
            )
        try:
            text = unescaped(query.text)
            outline = check(text, limits.max_nesting, self.federation.allowed, query.base)
            found = self._by_second(text, query, outline)
            if found is not None and self.second is not None:
                return replace(self._write(found, query), engine=self.second.name)
            results, notices = self._evaluate(text, query, outline)
            result = self._write(results, query)
            return replace(result, notices=tuple(notices))  # some come while results are read
        except SyntaxError as error:
            own = self.federation.error_as_written(query.text, error, self.prefixes)
            raise explain(query.text, own, query.base) from None
        except MemoryError:
            raise memory_error(limits) from None
        except (RuntimeError, OSError, ValueError) as error:
            raise self.federation.fault(error) or QueryError(str(error)) from None

    def _runner_under(self, name: str) -> "QueryRunner":
        if name not in self._under:
            policy = trust.find(name)
            store = trust.under(self.store, trust.facts(self.store, policy))
            self._under[name] = QueryRunner.over(
                store, limits=self.limits, prefixes=self.prefixes, federation=self.federation
            )
        return self._under[name]

    def _by_second(self, text: str, query: Query, outline: Outline | None) -> Results | None:
        if self.second is None or (outline is not None and outline.services):
            return None
        dataset = query.dataset or (None if outline is None else outline.dataset)
        as_json = query.result_format == "json"
        return self.second.answer(text, dataset, query.base, self._most(query), as_json=as_json)

    def _most(self, query: Query) -> int:
        most = sys.maxsize if query.whole else self.limits.max_rows
        return min(query.max_rows or most, most)

    def _evaluate(
        self, text: str, query: Query, outline: Outline | None
    ) -> tuple[Results, Sequence[Notice]]:
        dataset = self._dataset(query, outline)
        if outline is not None and isinstance(dataset.store, Store):
            text = self.federation.rewrite(text, outline.services)  # another server asks by itself
        used = {name: iri for name, iri in self.prefixes.items() if f"{name}:" in text}
        return ask(dataset, text, used, query.base)

    def _dataset(self, query: Query, outline: Outline | None) -> Dataset:
        """Return what to ask; graphs named beside the query win over its FROM.

        A dataset that names graphs of one kind only has none of the other: SPARQL 1.1 Protocol,
        section 2.1.4, https://www.w3.org/TR/sparql11-protocol/#dataset.
        """
        if query.dataset is not None:
            return self._datasets.dataset(*query.dataset)
        if outline is not None and outline.dataset is not None:
            return self._datasets.dataset(*outline.dataset)
        return Dataset(self._datasets.store)

    def _write(self, results: Results, query: Query) -> Result:
        is_graph = not isinstance(results, QuerySolutions | QueryBoolean | Written)
        format_name = query.graph_format if is_graph else query.result_format
        if format_name is None:
            kind = "CONSTRUCT or DESCRIBE" if is_graph else "SELECT or ASK"
            raise UsageError(f"a {kind} query has no answer in the format asked for")
        most = self._most(query)
        sink = ResultSink(
            buffer_bytes=self.limits.buffer_bytes,
            max_bytes=self.limits.max_result_bytes,
            limit=row_limit(format_name, most) if _has_rows(results) else None,
        )
        try:
            complete, rows = self._serialize(results, format_name, sink, most)
        except TooManyBytes:
            size = self.limits.max_result_bytes >> 20
            raise ResultTooLargeError(
                f"the result has more than {size} MiB: add a LIMIT, or ask in parts"
            ) from None
        except SyntaxError as error:  # only another server's answer is parsed while it is written
            raise RemoteError(f"the server behind sent what is no whole answer: {error}") from error
        return Result(is_graph, sink.body(), complete, rows)

    def _serialize(
        self, results: Results, format_name: str, sink: ResultSink, most: int
    ) -> tuple[bool, int]:
        """Write all results up to the limit; return whether these are all, and how many."""
        target = cast("IO[bytes]", XmlRepair(sink.write) if format_name == "xml" else sink)
        if isinstance(results, QueryBoolean):
            sink.write(results.serialize(format=RESULT_FORMATS[format_name].engine) or b"")
            sink.settle()
            return True, 1
        if isinstance(results, QuerySolutions | Written):
            try:
                if isinstance(results, Written):
                    for block in results:
                        sink.write(block)
                else:
                    results.serialize(target, RESULT_FORMATS[format_name].engine)
                    target.flush()
                sink.settle()
            except EnoughRows:
                return False, most
            return True, sink.rows
        triples = _Counted(results, most)
        write_triples(triples, RDF_FORMATS[format_name], cast("IO[bytes]", sink), self.prefixes)
        sink.settle()
        return not triples.cut, triples.count


def _has_rows(results: Results) -> bool:
    return isinstance(results, QuerySolutions | Written)


class _Counted:
    """Triples, counted, and cut behind ``most`` of them."""

    def __init__(self, triples: Iterable[Triple], most: int) -> None:
        self.count = 0
        self.cut = False
        self._triples, self._most = triples, most

    def __iter__(self) -> Iterator[Triple]:
        for triple in self._triples:
            if self.count == self._most:
                self.cut = True
                return
            self.count += 1
            yield triple
