"""Statements with their literals as they were written, where the store has them by value.

Files that are served are read again; a store on disk has, beside its own files, one with the
statements that it changes (see ``graph.forms``).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse, serialize

from sparql_endpoint.graph.dataset import quads_of_files
from sparql_endpoint.graph.forms import Forms, stored_quad
from sparql_endpoint.query.formats import engine_of

__all__ = ["AsWritten", "Stamp", "forms_file", "forms_to", "stamp"]

_FORMS = "as-written.nq"
Stamp = tuple[int, int]
"""Size and time of change of a file, in bytes and nanoseconds."""


def stamp(path: Path) -> Stamp:
    """Return what tells a file apart from the same one after a change."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def forms_file(folder: Path) -> Path:
    """Return the file of a store on disk that has the statements as they were written."""
    return folder / _FORMS


def forms_to(file: IO[bytes]) -> Forms:
    """Return a counter that writes each statement whose value a store changes to ``file``."""
    return Forms(lambda quad: file.write(serialize([quad], format=RdfFormat.N_QUADS) or b""))


@dataclass(frozen=True)
class AsWritten:
    """Where the literals of a dataset stand as they were written; nowhere, if nothing is given.

    ``files`` with their ``stamps`` are all of the dataset, in ``data_format`` or in the format of
    their names; ``union`` makes the merge of their graphs the default graph. ``forms`` is the file
    of a store on disk.
    """

    files: tuple[Path, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    data_format: str | None = None
    union: bool = False
    forms: Path | None = None

    def statements(self, found: Iterable[Quad], *, named: bool) -> Iterator[Quad]:
        """Yield what a store has, as it was written.

        Args:
            found: the statements of its default graph, and of its named graphs if ``named``.
            named: whether statements of named graphs are wanted.
        """
        if self.files and self._unchanged():
            yield from self._of_files(named=named)
        elif self.forms and self.forms.is_file():
            yield from _restored(found, self.forms)
        else:
            yield from found

    def _unchanged(self) -> bool:
        try:
            return tuple(map(stamp, self.files)) == self.stamps
        except OSError:
            return False

    def _of_files(self, *, named: bool) -> Iterator[Quad]:
        for quad in quads_of_files(self.files, engine_of(self.data_format)):
            inside = quad.graph_name != DefaultGraph()
            if named or not inside:
                yield quad
            if inside and self.union:
                yield Quad(quad.subject, quad.predicate, quad.object)


def _restored(found: Iterable[Quad], forms: Path) -> Iterator[Quad]:
    written: defaultdict[Quad, list[Quad]] = defaultdict(list)
    for quad in parse(path=forms, format=RdfFormat.N_QUADS):
        written[stored_quad(quad)].append(quad)
    for quad in found:
        yield from written.get(quad, [quad])
