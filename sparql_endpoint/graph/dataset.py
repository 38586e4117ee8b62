"""RDF files as one dataset in an Oxigraph store.

The project's own files become one named graph each, and the default graph is their merge (SPARQL
1.1 Query, section 13: https://www.w3.org/TR/sparql11-query/#rdfDataset). Files of somebody else
load as they stand: triples into the default graph, quads into the graphs they name.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from sparql_endpoint.errors import NotFoundError, RdfSyntaxError
from sparql_endpoint.graph.files import format_of, open_rdf
from sparql_endpoint.names import GRAPH
from sparql_endpoint.paths import DATA, ONTOLOGY, TOP

__all__ = [
    "graph_name",
    "load_files",
    "load_project",
    "parse_quads",
    "project_files",
    "read_quads",
    "turtle_files",
]


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


def load_project() -> Store:
    """Return the project's ontology and data: one named graph a file, their merge as default graph.

    Raises:
        RdfSyntaxError: a file is not Turtle.
    """
    store = Store()
    for path in project_files():
        name = graph_name(path)
        for quad in read_quads(path):
            store.add(quad)
            store.add(Quad(quad.subject, quad.predicate, quad.object, name))
    return store


def load_files(paths: Iterable[Path]) -> Store:
    """Return the RDF of ``paths`` exactly as it stands, with quads in the graphs they name.

    Blank nodes of several files stay apart, whatever labels they have there (RDF 1.1 Semantics,
    section 4.1: https://www.w3.org/TR/rdf11-mt/#shared-blank-nodes-unions-and-merges).

    Raises:
        NotFoundError: a path does not exist.
        DataError: the ending of a file's name is of no RDF format.
        RdfSyntaxError: a file does not parse.
    """
    store, files = Store(), list(paths)
    for path in files:
        store.bulk_extend(read_quads(path, apart=len(files) > 1))
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
    file: BinaryIO, path: Path, rdf_format: RdfFormat, *, apart: bool = False
) -> Iterator[Quad]:
    """Yield the quads of an open file; ``path`` is its base IRI and stands in errors.

    ``apart`` gives blank nodes labels that no other file has.

    Raises:
        RdfSyntaxError: it does not parse.
    """
    try:
        yield from parse(
            file,
            format=rdf_format,
            base_iri=path.absolute().as_uri(),
            rename_blank_nodes=apart,
        )
    except SyntaxError as fault:
        raise RdfSyntaxError(path, fault.lineno or 1, fault.offset or 1, fault.msg) from None
