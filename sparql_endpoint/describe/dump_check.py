"""Does a file of the dataset hold what the dataset holds: read by two parsers, and compared."""

import gzip
import hashlib
import warnings
import zlib
from collections import Counter
from collections.abc import Iterable
from io import BytesIO

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    parse,
    parse_query_results,
)

from sparql_endpoint.export.labels import coloured, is_within_bound
from sparql_endpoint.graph.forms import stored_quad
from sparql_endpoint.query.formats import RDF_FORMATS, GraphFormat

__all__ = ["DumpCheck", "solutions"]

_WITH_GRAPHS = frozenset({"trig", "nquads"})
_MOST_BYTES = 64 << 20
"""Bytes up to which the second parser, which is slow and large, reads a file."""


def solutions(body: bytes) -> list[Quad]:
    """Return the statements that an answer in TSV has: ?s ?p ?o, and ?g of named graphs.

    Raises:
        SyntaxError: it does not parse.
        TypeError: it is no table.
    """
    rows = parse_query_results(body, QueryResultsFormat.TSV)
    if not isinstance(rows, QuerySolutions):
        raise TypeError("the answer is no table")
    return [Quad(*row) for row in rows]


class DumpCheck:
    """Compares files with the statements of a service.

    ``default`` are those of its default graph and ``named`` of its named graphs; None where the
    service does not give all of them, and then only the parsers judge.
    """

    def __init__(self, default: list[Quad] | None, named: list[Quad] | None) -> None:
        self._default, self._named = default, named
        self._read: dict[str, str] = {}

    def wrong(self, url: str, body: bytes) -> str:
        """Return what is wrong with the file at ``url``, empty for nothing."""
        ending = url.removesuffix(".gz").rpartition(".")[2]
        fmt = next((f for f in RDF_FORMATS.values() if f.extension == ending), None)
        if fmt is None:
            return ""
        try:
            text = gzip.decompress(body) if url.endswith(".gz") else body
        except (OSError, EOFError, zlib.error) as fault:
            return f"cannot be unpacked: {fault}"
        key = f"{fmt.name} {hashlib.sha256(text).hexdigest()}"
        if key not in self._read:
            self._read[key] = self._judge(fmt, text)
        return self._read[key]

    def _judge(self, fmt: GraphFormat, text: bytes) -> str:
        try:
            quads = set(parse(text, fmt.engine))
        except (SyntaxError, ValueError, MemoryError) as fault:
            return f"does not parse: {fault}"
        return self._differs(fmt, quads) or _second_reading(fmt, text, quads)

    def _differs(self, fmt: GraphFormat, quads: set[Quad]) -> str:
        if self._default is None or self._named is None:
            return ""
        if fmt.name not in _WITH_GRAPHS:
            return _difference(quads, self._default)
        merge = {Quad(*quad.triple) for quad in self._named}
        outside = any(quad.graph_name == DefaultGraph() for quad in quads)
        if not outside and set(self._default) == merge:  # then a file may leave the merge out
            return _difference(quads, self._named)
        return _difference(quads, [*self._default, *self._named])


def _difference(found: Iterable[Quad], expected: Iterable[Quad]) -> str:
    """Return how statements differ from those of the service, which has literals by their value."""
    have, want = (list(dict.fromkeys(map(stored_quad, each))) for each in (found, expected))
    bound = is_within_bound(have) and is_within_bound(want)
    comparable = _canonical if bound else coloured
    ours, theirs = Counter(comparable(have)), Counter(comparable(want))
    if ours == theirs:
        return ""
    missing, more = theirs - ours, ours - theirs
    example = min(missing or more, key=str)
    said = "it lacks" if missing else "the data lack"
    return (
        f"has {(ours & theirs).total():,} of the {theirs.total():,} statements of the data and"
        f" {more.total():,} others; {said} {example}"
    )


def _canonical(quads: Iterable[Quad]) -> Iterable[Quad]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _second_reading(fmt: GraphFormat, text: bytes, quads: set[Quad]) -> str:
    """Return what rdflib has against a file, by its own account and by the number of statements.

    RDF 1.2 and files too large for it are left out.
    """
    if len(text) > _MOST_BYTES or any("<<(" in str(quad.object) for quad in quads):
        return ""
    from rdflib import Dataset as RdflibDataset  # noqa: PLC0415  # takes 0.1 s, and only here

    from sparql_endpoint.check.quiet import quiet  # noqa: PLC0415  # as above

    read = RdflibDataset(default_union=False)
    try:
        with quiet("rdflib.term"), warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # of rdflib's parts among themselves
            read.parse(BytesIO(text), format=fmt.media_type, publicID="http://base.invalid/")
    except Exception as fault:  # noqa: BLE001  # rdflib's parsers raise whatever goes wrong in them
        reason = " ".join(str(fault).split())[:200]
        return f"a second parser, rdflib, cannot read it: {type(fault).__name__}: {reason}"
    least = len({stored_quad(quad) for quad in quads})  # rdflib too takes some forms for the same
    found = sum(1 for _ in read.quads())
    if least <= found <= len(quads):
        return ""
    return f"a second parser, rdflib, reads {found:,} statements of {len(quads):,}"
