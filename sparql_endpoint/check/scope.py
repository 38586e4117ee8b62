"""What a check reads, and of what it tells.

Without paths it is the project's ontology and data. A path inside the project is judged in the
context of the whole project, and only findings in that path are told: this is what an editor of one
file wants. Files from elsewhere are judged with the project's ontology but without its data, so
that a changed copy is not completed by the original.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Store

from sparql_endpoint.graph.dataset import project_files, turtle_files
from sparql_endpoint.graph.document import Document, read_document
from sparql_endpoint.names import BASE, expand
from sparql_endpoint.paths import DATA, ONTOLOGY, SHAPES

__all__ = ["Scope", "read_scope"]

_ONTOLOGY = (NamedNode(f"{BASE}ontology"), NamedNode(expand("rdf:type")))


@dataclass(frozen=True)
class Scope:
    """Files read: ``judged`` are those asked for, ``context`` completes them to one graph.

    ``shapes`` are judged too where the whole project is.
    """

    judged: tuple[Document, ...]
    context: tuple[Document, ...]
    shapes: tuple[Document, ...]
    whole: bool

    @property
    def graph(self) -> tuple[Document, ...]:
        """The files of the graph that is checked, those asked for first."""
        return self.judged + self.context

    def store(self) -> Store:
        """Return ontology and data as one graph, the default graph of a store."""
        store = Store()
        for document in self.graph:
            store.extend(document.statements)
        return store


def read_scope(paths: Sequence[Path], shapes: Path | None = None) -> Scope:
    """Read the files of ``paths``, or of the project, and those that complete them.

    Raises:
        NotFoundError: a path does not exist, or a folder has no Turtle file in it.
        DataError: a file is not UTF-8.
        RdfSyntaxError: a file is not Turtle.
    """
    shape_documents = _read(turtle_files([shapes or SHAPES]))
    if not paths:
        return Scope(_read(project_files()), (), shape_documents, whole=True)
    judged = _read(turtle_files(path.absolute() for path in paths))
    inside = any(_is_inside(path.resolve()) for path in paths)
    others = turtle_files([ONTOLOGY, DATA] if inside else [ONTOLOGY])
    if _has_ontology(judged) and not inside:
        others = []
    known = {document.path.resolve() for document in judged}
    context = _read(path for path in others if path.resolve() not in known)
    return Scope(judged, context, shape_documents, whole=False)


def _read(paths: Iterable[Path]) -> tuple[Document, ...]:
    return tuple(map(read_document, paths))


def _is_inside(path: Path) -> bool:
    return any(path.is_relative_to(folder.resolve()) for folder in (DATA, ONTOLOGY))


def _has_ontology(documents: Iterable[Document]) -> bool:
    """Tell whether the files bring a version of the ontology of their own."""
    return any(
        (quad.subject, quad.predicate) == _ONTOLOGY
        for document in documents
        for quad in document.statements
    )
