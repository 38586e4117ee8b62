"""Checks of data too large to be held file by file: any RDF, read once into one store.

Every check of ``sparql_endpoint.check.run`` is made over all of it. What it costs is that findings
have no line, and that of each rule the first are listed and the rest is counted.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple
from rdflib import Graph

from sparql_endpoint.check.checked import Checked
from sparql_endpoint.check.evidence import check_evidence, check_texts, read_texts
from sparql_endpoint.check.links import check_links
from sparql_endpoint.check.report import Places, Report, order
from sparql_endpoint.check.shapes import read_shapes, tally_shapes
from sparql_endpoint.check.syntax import check_values
from sparql_endpoint.check.tally import Tally
from sparql_endpoint.check.targets import count_focus_nodes, targets
from sparql_endpoint.check.terms import check_terms
from sparql_endpoint.check.validation import Progress
from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.dataset import parse_quads, turtle_files
from sparql_endpoint.graph.document import read_document
from sparql_endpoint.graph.evidence import read_evidence
from sparql_endpoint.graph.files import format_of, open_rdf
from sparql_endpoint.names import BASE, expand
from sparql_endpoint.paths import ONTOLOGY, SHAPES

__all__ = ["MOST", "check_data"]

MOST = 100
"""Findings of one rule that are listed."""

_AT_ONCE = 10_000
"""Statements that are held outside the store while they are read."""
_ONTOLOGY = (NamedNode(f"{BASE}ontology"), NamedNode(expand("rdf:type")))
_NO_TEXTS = "texts not given: quotes not compared with them"
_WITH_DATA = "with --data: whether rdflib's parser reads the files, and statements that stand twice"


def check_data(
    files: Sequence[Path],
    sources: Path | None = None,
    shapes: Path | None = None,
    *,
    most: int | None = MOST,
    progress: Progress = lambda _what, _done, _of: None,
) -> Report[Checked]:
    """Check RDF files of any format and size as one graph, whatever graphs they name.

    They are judged with the project's ontology, or the one that they bring, without its data.

    Args:
        files: files of RDF, plain or compressed, each in the format that its name ends with.
        sources: the folder of the sources' texts; without it quotes are not compared with them.
        shapes: a file or folder of shapes instead of the project's.
        most: findings of one rule that are listed, the rest being counted; None for all.
        progress: told what is being done, and how much of it is.

    Raises:
        NotFoundError: a file does not exist.
        DataError: a file cannot be read, the shapes have no shape, or nothing is there to check.
        RdfSyntaxError: a file does not parse.
    """
    rules = read_shapes(map(read_document, turtle_files([shapes or SHAPES])))
    tally, store = Tally(most), Store()
    statements = _read(store, files, tally, progress)
    focus_nodes = _add_ontology(store, rules)
    if not focus_nodes:
        names = ", ".join(map(str, files))
        raise DataError(f"{names}: nothing to check: the shapes are about nothing in it")
    tally_shapes(tally, store, rules, progress)
    progress("evidence", 0, 0)
    evidence = read_evidence(store)
    texts = read_texts(evidence, sources) if sources else {}
    tally.add(check_evidence(evidence, store))
    tally.add(check_texts(evidence, texts) if sources else ())
    progress("links", 0, 0)
    tally.add(check_links(store))
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
    return Report(
        order(places.place(finding) for finding in tally.findings),
        figures,
        unchecked=(_WITH_DATA,) if sources else (_NO_TEXTS, _WITH_DATA),
        unlisted=tally.unlisted,
    )


def _read(store: Store, files: Sequence[Path], tally: Tally, progress: Progress) -> int:
    """Read files into the default graph, check names and values on the way, count statements."""
    sizes = [_size(path) for path in files]
    statements = done = 0
    for path, size in zip(files, sizes, strict=True):
        rdf_format = format_of(path)
        with open_rdf(path) as (raw, file):
            quads = parse_quads(file, path, rdf_format, apart=len(files) > 1)
            while chunk := [_merged(quad, path) for quad in islice(quads, _AT_ONCE)]:
                tally.add(check_terms(chunk))
                tally.add(check_values(chunk))
                store.bulk_extend(chunk)
                statements += len(chunk)
                progress("reading", done + raw.tell(), sum(sizes))
        done += size
    return statements


def _size(path: Path) -> int:
    """Return the bytes of a file, none where it is not there: opening it says so."""
    return path.stat().st_size if path.is_file() else 0


def _merged(quad: Quad, path: Path) -> Quad:
    if isinstance(quad.object, Triple):
        raise DataError(f"{path}: has triple terms of RDF 1.2, and SHACL is about RDF 1.1")
    if isinstance(quad.graph_name, DefaultGraph):
        return quad
    return Quad(quad.subject, quad.predicate, quad.object)


def _add_ontology(store: Store, rules: Graph) -> int:
    """Add the project's ontology to data without one; return how many nodes of it rules are about.

    Nodes of the project's ontology are not counted.
    """
    if next(store.quads_for_pattern(*_ONTOLOGY, None, DefaultGraph()), None) is not None:
        return count_focus_nodes(store, rules)
    ontology = Store()
    for path in turtle_files([ONTOLOGY]):
        ontology.extend(read_document(path).statements)
    store.extend(ontology)
    return count_focus_nodes(store, rules) - count_focus_nodes(ontology, rules)
