"""The scope of a check: the files that it reads, and the files whose findings it reports.

Without paths these are the project's ontology, data and shapes. A path inside the project is
checked in the context of the whole project, and only findings in that path are reported, which
suits an editor of one file. Files from elsewhere are checked with the project's ontology, unless
they contain one, but without its data, so that the original does not complete a changed copy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Store

from sparql_endpoint.graph.dataset import project_files, turtle_files
from sparql_endpoint.graph.document import Document, parse_document, read_document
from sparql_endpoint.names import BASE, expand
from sparql_endpoint.paths import DATA, ONTOLOGY, SHAPES

__all__ = ["Scope", "read_scope"]

_ONTOLOGY = (NamedNode(f"{BASE}ontology"), NamedNode(expand("rdf:type")))


@dataclass(frozen=True)
class Scope:
    """The files of a check.

    Args:
        graph: ontology and data, which are checked as one graph, the files asked for first.
        shapes: the shapes.
        asked: the files of both whose findings are reported.
        releases: the folder of the lists of IRIs of releases, if the whole project is checked.
    """

    graph: tuple[Document, ...]
    shapes: tuple[Document, ...]
    asked: frozenset[Path]
    releases: Path | None = None

    @property
    def judged(self) -> tuple[Document, ...]:
        """The files asked for, those of the graph first."""
        return tuple(each for each in self.graph + self.shapes if each.path in self.asked)

    @property
    def judged_shapes(self) -> bool:
        """Whether the files asked for include shapes."""
        return any(document.path in self.asked for document in self.shapes)

    def store(self) -> Store:
        """Return ontology and data as one graph, the default graph of a store."""
        store = Store()
        for document in self.graph:
            store.extend(document.statements)
        return store


def read_scope(
    paths: Sequence[Path],
    shapes: Path | None = None,
    *,
    with_ontology: bool = True,
    changed: Mapping[Path, str] | None = None,
) -> Scope:
    """Read the files of ``paths``, or of the project, and those that complete them.

    Files from elsewhere are completed by the project's ontology, ``with_ontology``. ``changed``
    are files of the project as they are to be, in place of what is on disk; without ``paths``.

    Raises:
        NotFoundError: a path does not exist, or a folder has no Turtle file in it.
        DataError: a file is not UTF-8.
        RdfSyntaxError: a file is not Turtle.
    """
    shape_files = turtle_files([shapes or SHAPES])
    if not paths:
        new = changed or {}
        asked = sorted({*project_files(), *new})
        graph = tuple(_parse(path, new.get(path)) for path in asked)
        releases = DATA / "releases"
        return Scope(graph, _read(shape_files), frozenset(asked + shape_files), releases)
    asked = turtle_files(paths)
    documents = _read(_without(asked, shape_files))
    context = _read(_without(_context(documents, asked, with_ontology=with_ontology), asked))
    told = _without(shape_files, _without(shape_files, asked))
    return Scope(documents + context, _read(shape_files), frozenset(asked + told))


def _without(paths: Iterable[Path], others: Iterable[Path]) -> list[Path]:
    """Return the paths whose files are not among those of ``others``."""
    left_out = {path.resolve() for path in others}
    return [path for path in paths if path.resolve() not in left_out]


def _context(
    documents: Iterable[Document], asked: Iterable[Path], *, with_ontology: bool
) -> list[Path]:
    """Return the files of the project in whose context others are judged."""
    folders = [folder.resolve() for folder in (DATA, ONTOLOGY, SHAPES)]
    if any(path.resolve().is_relative_to(folder) for path in asked for folder in folders):
        return project_files()
    return turtle_files([ONTOLOGY]) if with_ontology and not _has_ontology(documents) else []


def _read(paths: Iterable[Path]) -> tuple[Document, ...]:
    return tuple(map(read_document, paths))


def _parse(path: Path, content: str | None) -> Document:
    return read_document(path) if content is None else parse_document(path, content.encode())


def _has_ontology(documents: Iterable[Document]) -> bool:
    """Return whether the files contain a version of the ontology."""
    return any(
        (quad.subject, quad.predicate) == _ONTOLOGY
        for document in documents
        for quad in document.statements
    )
