"""Checks of RDF data that are too large to be kept file by file: they are read once into a store.

All checks of ``sparql_endpoint.check.run`` are made over all of the data. The price is that
findings have no line, and that only the first findings of a rule are listed; others are counted.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple
from rdflib import Graph

from sparql_endpoint.check.checked import Checked
from sparql_endpoint.check.evidence import check_evidence, check_texts, read_texts, texts_missing
from sparql_endpoint.check.links import check_links
from sparql_endpoint.check.notices import notices
from sparql_endpoint.check.rdf import are_stored_as_written
from sparql_endpoint.check.report import Places, Report, order
from sparql_endpoint.check.shapes import read_shapes, tally_shapes
from sparql_endpoint.check.syntax import check_values
from sparql_endpoint.check.tally import Tally
from sparql_endpoint.check.targets import count_focus_nodes, targets
from sparql_endpoint.check.terms import check_terms
from sparql_endpoint.check.validation import Data, Progress
from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.dataset import parse_quads, turtle_files
from sparql_endpoint.graph.document import read_document
from sparql_endpoint.graph.evidence import read_evidence
from sparql_endpoint.graph.files import format_of, open_rdf
from sparql_endpoint.names import BASE, expand
from sparql_endpoint.paths import ONTOLOGY, SHAPES

__all__ = ["MOST", "NO_TARGET", "NO_TEXTS", "check_data"]

MOST = 100
"""Maximum findings of one rule that are listed."""

_AT_ONCE = 10_000
"""Statements that are read before they are added to the store."""
_ONTOLOGY = (NamedNode(f"{BASE}ontology"), NamedNode(expand("rdf:type")))
NO_TARGET = "the shapes are about nothing in it"
NO_TEXTS = "texts not given: quotes not compared with them"
_WITH_DATA = "with --data: whether rdflib's parser reads the files, and statements that stand twice"


def check_data(  # noqa: PLR0913  # each is an option of the command
    files: Sequence[Path],
    sources: Path | None = None,
    shapes: Path | None = None,
    *,
    house_rules: bool = False,
    rdf_format: RdfFormat | None = None,
    most: int | None = MOST,
    progress: Progress = lambda _what, _done, _of: None,
) -> Report[Checked]:
    """Check RDF files of any format and size as one graph, whatever graphs they name.

    The data are checked with the project's ontology, unless they contain one, and without the
    project's data. With other shapes and no house rules, the project's ontology is left out too.

    Args:
        files: files of RDF, plain or compressed, each in the format that its name ends with.
        sources: the folder of the sources' texts; without it quotes are not compared with them.
        shapes: a file or folder of shapes instead of the project's.
        house_rules: whether the project's other rules are added to such shapes.
        rdf_format: the format of every file, whatever its name.
        most: the maximum findings of one rule that are listed; None lists all.
        progress: is called with the present step, and how much of it is done.

    Raises:
        NotFoundError: a file does not exist.
        DataError: a file cannot be read, the shapes have no shape, or no node is a target.
        RdfSyntaxError: a file does not parse.
    """
    rules = read_shapes(map(read_document, turtle_files([shapes or SHAPES])))
    ours = shapes is None or house_rules
    tally, store = Tally(most), Store()
    reading = _Reading(store, files, tally if ours else None, rdf_format)
    statements = reading.read(progress)
    ontology = _ontology(store) if ours else ()
    focus_nodes = _add(store, ontology, rules)
    if ours and not focus_nodes:
        names = ", ".join(map(str, files))
        raise DataError(f"{names}: nothing to check: {NO_TARGET}")
    data = Data(store, reading.as_written(ontology))
    tally_shapes(tally, data, rules, progress, own=shapes is None)
    progress("evidence", 0, 0)
    evidence = read_evidence(store if ours else Store())
    texts = read_texts(evidence, sources) if sources else {}
    tally.add(check_evidence(evidence, store))
    tally.add(check_texts(evidence, texts) if sources else ())
    progress("links", 0, 0)
    tally.add(check_links(store) if ours else ())
    figures = Checked(
        files=len(files),
        statements=statements,
        shapes=len(targets(rules)),
        focus_nodes=focus_nodes,
        claims=len(evidence.claims),
        quotes=len(evidence.quotes),
        texts=len(texts),
        compared=sum(quote.source in texts for quote in evidence.quotes),
    )
    places = Places((), evidence)
    gone = texts_missing(evidence, texts) if sources else (NO_TEXTS,)
    unchecked = (*gone, _WITH_DATA)
    ignored = notices(rules) if shapes else ()
    return Report(
        order(places.place(finding) for finding in tally.findings),
        figures,
        (*ignored, *(unchecked if ours else () if focus_nodes else (NO_TARGET,))),
        unlisted=tally.unlisted,
    )


class _Reading:
    """Reads files into the default graph of a store, and can read them again as they are written.

    Args:
        store: the store; it changes the text or datatype of some literals.
        files: the files.
        tally: receives the findings about names and values; None for none.
        rdf_format: the format of every file; None takes it from each file's name.
    """

    def __init__(
        self,
        store: Store,
        files: Sequence[Path],
        tally: Tally | None,
        rdf_format: RdfFormat | None = None,
    ) -> None:
        self._store, self._files, self._tally, self._format = store, files, tally, rdf_format
        self._stored_as_written = True

    def read(self, progress: Progress) -> int:
        """Fill the store; return the number of statements."""
        statements = 0
        for chunk, done in self._chunks():
            if self._tally is not None:
                self._tally.add(check_terms(chunk))
                self._tally.add(check_values(chunk))
            literals = (quad.object for quad in chunk if isinstance(quad.object, Literal))
            if self._stored_as_written:
                self._stored_as_written = are_stored_as_written(literals)
            self._store.bulk_extend(chunk)
            statements += len(chunk)
            progress("reading", done, sum(map(_size, self._files)))
        return statements

    def as_written(self, ontology: Sequence[Quad]) -> Callable[[], Iterable[Quad]] | None:
        """Return a function that reads the statements again; None if the store changed none."""
        if self._stored_as_written and are_stored_as_written(
            quad.object for quad in ontology if isinstance(quad.object, Literal)
        ):
            return None
        return lambda: chain((quad for chunk, _ in self._chunks() for quad in chunk), ontology)

    def _chunks(self) -> Iterator[tuple[list[Quad], int]]:
        """Yield some thousand statements at a time, and how many bytes have been read."""
        done = 0
        for path in self._files:
            rdf_format = self._format or format_of(path)
            with open_rdf(path) as (raw, file):
                quads = parse_quads(file, path, rdf_format, apart=len(self._files) > 1)
                while chunk := [_merged(quad, path) for quad in islice(quads, _AT_ONCE)]:
                    yield chunk, done + raw.tell()
            done += _size(path)


def _size(path: Path) -> int:
    """Return the size of a file in bytes; 0 if it is missing, which opening it reports."""
    return path.stat().st_size if path.is_file() else 0


def _merged(quad: Quad, path: Path) -> Quad:
    if isinstance(quad.object, Triple):
        raise DataError(f"{path}: has triple terms of RDF 1.2, and SHACL is about RDF 1.1")
    if isinstance(quad.graph_name, DefaultGraph):
        return quad
    return Quad(quad.subject, quad.predicate, quad.object)


def _ontology(store: Store) -> Sequence[Quad]:
    """Return the statements of the project's ontology; none if the data contain one."""
    if next(store.quads_for_pattern(*_ONTOLOGY, None, DefaultGraph()), None) is not None:
        return ()
    return [quad for path in turtle_files([ONTOLOGY]) for quad in read_document(path).statements]


def _add(store: Store, ontology: Sequence[Quad], rules: Graph) -> int:
    """Add the ontology to the data; return the number of focus nodes that are not its own."""
    alone = Store()
    alone.extend(ontology)
    store.extend(ontology)
    return count_focus_nodes(store, rules) - count_focus_nodes(alone, rules, only_there=True)
