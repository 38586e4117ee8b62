"""Statements with their literals as they were written, where the store has them by value.

Files that are served are read again; a store on disk has, beside its own files, one with the
statements that it changes (see ``graph.forms``).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO

from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse, serialize

from sparql_endpoint.graph.dataset import quads_of_files
from sparql_endpoint.graph.forms import Forms, stored_quad
from sparql_endpoint.query.formats import engine_of

__all__ = ["AsWritten", "Stamp", "forms_file", "recorded_forms", "stamp"]

_FORMS = "as-written.nq"
_SEEN = "unchanged.digests"
_DIGEST = 16
"""Bytes of a digest, so many that no two statements share one."""
_AT_ONCE = 1_000_000
"""Digests held in memory at a time."""
Stamp = tuple[int, int]
"""Size and time of change of a file, in bytes and nanoseconds."""


def stamp(path: Path) -> Stamp:
    """Return what tells a file apart from the same one after a change."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def forms_file(folder: Path) -> Path:
    """Return the file of a store on disk that has the statements as they were written."""
    return folder / _FORMS


@contextmanager
def recorded_forms(folder: Path) -> Iterator[Forms]:
    """Give a counter that records each statement whose value a store at ``folder`` changes.

    In the end the statements are added that stand in the files beside one of these, as ``7`` beside
    ``007``, wherever they stand. To know them, a digest of each statement whose value does not
    change is put on the disk meanwhile.
    """
    path = folder / _SEEN
    with forms_file(folder).open("wb") as changed, path.open("wb+") as seen:
        forms = Forms(
            lambda quad: changed.write(_line(quad)), lambda quad: seen.write(_digest(quad))
        )
        yield forms
        changed.flush()
        changed.writelines([*map(_line, _beside(forms_file(folder), seen, forms.count))])
    path.unlink()


def _beside(forms: Path, seen: IO[bytes], count: int) -> Iterator[Quad]:
    """Yield as what the ``count`` statements of ``forms`` are stored, where it was ``seen`` too."""
    both = set[bytes]()
    parts = count // _AT_ONCE + 1
    for part in range(parts):
        wanted = {
            digest
            for quad in parse(path=forms, format=RdfFormat.N_QUADS)
            if int.from_bytes((digest := _digest(stored_quad(quad)))[:4], "big") % parts == part
        }
        seen.seek(0)
        both |= wanted.intersection(iter(lambda: seen.read(_DIGEST), b""))
    for quad in parse(path=forms, format=RdfFormat.N_QUADS) if both else ():
        same = stored_quad(quad)
        if (digest := _digest(same)) in both:
            both.remove(digest)
            yield same


def _line(quad: Quad) -> bytes:
    return serialize([quad], format=RdfFormat.N_QUADS) or b""


def _digest(quad: Quad) -> bytes:
    return blake2b(str(quad).encode(), digest_size=_DIGEST).digest()


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
