"""RDF files as one dataset in an Oxigraph store.

The project's own files become one named graph each, and the default graph is their merge (SPARQL
1.1 Query, section 13: https://www.w3.org/TR/sparql11-query/#rdfDataset). Files of somebody else
load as they stand: triples into the default graph, quads into the graphs they name.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from sparql_endpoint.errors import DataError, NotFoundError, RdfSyntaxError
from sparql_endpoint.graph.entities import bounded
from sparql_endpoint.graph.files import format_of, open_rdf
from sparql_endpoint.graph.forms import Forms
from sparql_endpoint.graph.whole_xml import whole_xml
from sparql_endpoint.graph.xml_encoding import in_utf8, without_mark
from sparql_endpoint.names import GRAPH
from sparql_endpoint.paths import DATA, ONTOLOGY, TOP

__all__ = [
    "Place",
    "graph_name",
    "load_files",
    "load_project",
    "parse_quads",
    "project_files",
    "project_quads",
    "quads_of_files",
    "read_quads",
    "turtle_files",
]

_CONTEXT = "No LoadDocumentCallback has been set"
_REMOTE = re.compile(rb'"@context"\s*:\s*(?:\[[^\]]*?)?"([a-z]+:[^"]+)"')
_HEAD = 1 << 20
_WHERE = re.compile(r"^Parser error (?:at|between) [^:]*: ")
_SHOWN = 60
"""Characters of a file that an error shows."""
Place = tuple[int, str]
"""The number of a line, from 1, and what is wrong there."""


def turtle_files(paths: Iterable[Path]) -> list[Path]:
    """Return the Turtle files that ``paths`` name, sorted, folders searched to the bottom.

    Raises:
        NotFoundError: a path does not exist, or a folder holds no Turtle file.
    """
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            inside = set(path.rglob("*.ttl"))
            if not inside:
                raise NotFoundError(f"{path}: no Turtle file (*.ttl) in this folder")
            found |= inside
        elif path.is_file():
            found.add(path)
        else:
            raise NotFoundError(f"{path}: no such file or folder")
    return sorted(found)


def project_files() -> list[Path]:
    """Return the files of the project's ontology and data, the ontology's first."""
    return turtle_files([ONTOLOGY]) + turtle_files([DATA])


def graph_name(path: Path) -> NamedNode:
    """Return the named graph of a project file: its path below the top without its ending."""
    return NamedNode(GRAPH + path.relative_to(TOP).with_suffix("").as_posix())


def project_quads() -> Iterator[Quad]:
    """Yield the statements of the project's ontology and data, each in the graph of its file.

    Raises:
        RdfSyntaxError: a file is not Turtle.
    """
    for path in project_files():
        name = graph_name(path)
        for quad in read_quads(path):
            yield Quad(quad.subject, quad.predicate, quad.object, name)


def load_project() -> Store:
    """Return the project's ontology and data: one named graph a file, their merge as default graph.

    Raises:
        RdfSyntaxError: a file is not Turtle.
    """
    store, quads = Store(), list(project_quads())
    store.extend(quads)
    store.extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads)
    return store


def quads_of_files(paths: Iterable[Path], rdf_format: RdfFormat | None = None) -> Iterator[Quad]:
    """Yield the statements of files exactly as they stand there, in the graphs that they name.

    Blank nodes of several files stay apart, whatever labels they have there (RDF 1.1 Semantics,
    section 4.1: https://www.w3.org/TR/rdf11-mt/#shared-blank-nodes-unions-and-merges).

    Raises:
        NotFoundError: a path does not exist.
        DataError: the ending of a file's name is of no RDF format, or what it holds is too large.
        RdfSyntaxError: a file does not parse.
    """
    files = list(paths)
    for path in files:
        yield from read_quads(path, rdf_format, apart=len(files) > 1)


def load_files(
    paths: Iterable[Path], rdf_format: RdfFormat | None = None, forms: Forms | None = None
) -> Store:
    """Return a store of the statements of files, as ``quads_of_files`` yields them.

    The store keeps numbers, dates and durations by their value and not as they are written;
    ``forms`` counts these.

    Raises:
        NotFoundError, DataError, RdfSyntaxError: as ``quads_of_files``.
    """
    store = Store()
    quads = quads_of_files(paths, rdf_format)
    store.bulk_extend(forms.watch(quads) if forms else quads)
    return store


def read_quads(
    path: Path, rdf_format: RdfFormat | None = None, *, apart: bool = False
) -> Iterator[Quad]:
    """Yield the quads of an RDF file, plain or compressed, in its name's format or the one given.

    ``apart`` gives blank nodes labels that no other file has.

    Raises:
        NotFoundError, DataError, RdfSyntaxError: as ``load_files``.
    """
    with open_rdf(path) as (_, file):
        yield from parse_quads(file, path, rdf_format or format_of(path), apart=apart)


def parse_quads(
    file: BinaryIO,
    path: Path,
    rdf_format: RdfFormat,
    *,
    apart: bool = False,
    skip: Callable[[Place], object] | None = None,
) -> Iterator[Quad]:
    """Yield the quads of an open file; ``path`` is its base IRI and stands in errors.

    ``apart`` gives blank nodes labels that no other file has. With ``skip`` a line that does not
    parse is left out, and it is called with the line's number and what is wrong; that goes with
    formats that have a statement a line.

    Raises:
        RdfSyntaxError: it does not parse; the error shows the text there.
        DataError: a term is longer than the parser takes, or entities of XML stand for too much.
    """
    is_xml = rdf_format == RdfFormat.RDF_XML
    source = whole_xml(bounded(in_utf8(file, path), path)) if is_xml else file
    statements: Iterator[Quad] = parse(
        source,
        format=rdf_format,
        base_iri=path.absolute().as_uri(),
        rename_blank_nodes=apart,
    )
    if is_xml:
        statements = map(without_mark, statements)
    try:
        while skip is not None:  # the parser goes on behind what it raised an error for
            try:
                yield from statements
            except SyntaxError as fault:
                skip((fault.lineno or 1, _WHERE.sub("", fault.msg)))
            else:
                return
        yield from statements
    except SyntaxError as fault:
        line, column = fault.lineno or 1, fault.offset or 1
        raise RdfSyntaxError(path, line, column, _reason(path, fault)) from None
    except MemoryError:  # the parser's own bound
        raise DataError(
            f"{path}: a term or statement in it is longer than 16 MiB, the most that can be read:"
            " shorten it, or keep it in a file that the data point to"
        ) from None


def _reason(path: Path, fault: SyntaxError) -> str:
    """Return what is wrong, with the text at which it is."""
    if _CONTEXT in fault.msg:
        return _no_context(path)
    reason, place = _WHERE.sub("", fault.msg), (fault.lineno or 1) - 1
    with open_rdf(path) as (_, file):
        line = next(islice(file, place, None), b"").decode(errors="replace")
    start = max((fault.offset or 1) - 1, 0)
    text = line[start : start + _SHOWN].strip()
    return f"{reason}, at {text!r}" if text else reason


def _no_context(path: Path) -> str:
    """Return the error of JSON-LD whose context stands on the web, with the context's address."""
    with open_rdf(path) as (_, file):
        named = _REMOTE.search(file.read(_HEAD))
    which = f" <{named[1].decode(errors='replace')}>" if named else ""
    return (
        f"the context{which} stands on the web, and no context is fetched: put its text in place"
        " of its address"
    )
