"""Loading RDF files in bulk into a store on disk, all of them or nothing."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from sparql_endpoint.columns.engine import available, columns_of
from sparql_endpoint.columns.making import Passing, make
from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.dataset import Place, parse_quads
from sparql_endpoint.graph.files import format_of, open_rdf
from sparql_endpoint.store.as_written import recorded_forms
from sparql_endpoint.store.generations import new_generation

__all__ = ["Loaded", "Progress", "load"]

_LINES = frozenset({RdfFormat.N_TRIPLES, RdfFormat.N_QUADS})
"""Formats with a statement a line, where the rest is right without one that is not."""
_log = logging.getLogger(__name__)
_STEP = 10_000
"""Statements between two reports of progress."""

Progress = Callable[[int, int], None]
"""Told, as a load goes on, the bytes read from disk and the statements read, both in all."""


@dataclass(frozen=True)
class Loaded:
    """What a load came to: distinct statements now in the store, and the seconds it took.

    ``notice`` says what the store keeps by value and not as written, empty for nothing; ``columns``
    are the seconds that its columns took beside, None where there are none; ``skipped`` are the
    lines that were left out, and ``first_skipped`` says which was the first, and why.
    """

    statements: int
    seconds: float
    notice: str = ""
    columns: float | None = None
    skipped: int = 0
    first_skipped: str = ""


def load(  # noqa: PLR0913  # each is a choice of whoever loads
    files: Sequence[Path],
    store: Path,
    rdf_format: RdfFormat | None = None,
    progress: Progress = lambda _bytes, _statements: None,
    *,
    skip_errors: bool = False,
    union: bool = False,
) -> Loaded:
    """Load ``files`` into a new generation of the store at ``store``, and make it current.

    Triples go into the default graph, quads into the graphs they name. Each file is in
    ``rdf_format``, or in the format its name ends with. ``skip_errors`` leaves lines out that do
    not parse. With ``union`` the default graph has what the named graphs have, too.

    Raises:
        NotFoundError, DataError, RdfSyntaxError: a file cannot be read; the store is as it was.
        UsageError: as ``new_generation``; or lines are to be left out of a format without lines.
    """
    formats = [rdf_format or format_of(path) for path in files]
    if skip_errors and not _LINES.issuperset(formats):
        raise UsageError("errors can be skipped in N-Triples and N-Quads only: a line a statement")
    skipped = _Skipped() if skip_errors else None
    began = time.perf_counter()
    with new_generation(store) as folder:
        database = Store(str(folder))
        with recorded_forms(folder) as forms:
            quads = _quads(files, formats, progress, skipped)
            quads = _merged(quads) if union else quads
            passing = Passing(folder / "rows.csv") if available() else None
            quads = quads if passing is None else passing.watch(quads)
            database.bulk_extend(forms.watch(quads))
        database.flush()
        statements = len(database)
        del database  # closes it before the folder is renamed
        seconds = time.perf_counter() - began
        columns = _make_columns(folder, passing, statements) if passing is not None else None
    loaded = Loaded(statements, seconds, forms.notice, columns)
    return (
        replace(loaded, skipped=skipped.count, first_skipped=skipped.first) if skipped else loaded
    )


def _make_columns(folder: Path, passing: Passing, statements: int) -> float | None:
    """Make the columns of a store, which serves without them too; return the seconds it took."""
    began = time.perf_counter()
    try:
        if not make(passing, columns_of(folder), folder, statements):
            return None
    except Exception:  # noqa: BLE001  # whatever it is, the load went well
        _log.exception("no columns were made")
        return None
    finally:
        passing.rows.unlink(missing_ok=True)
    return time.perf_counter() - began


class _Skipped:
    """Counts the lines that were left out."""

    def __init__(self) -> None:
        self.count = 0
        self.first = ""

    def note(self, path: Path, place: Place) -> None:
        """Count a line of a file."""
        self.count += 1
        self.first = self.first or f"{path}:{place[0]}: {place[1]}"


def _merged(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield each statement, and once more in the default graph where it is in a named one."""
    for quad in quads:
        yield quad
        if quad.graph_name != DefaultGraph():
            yield Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())


def _quads(
    files: Sequence[Path],
    formats: Sequence[RdfFormat],
    progress: Progress,
    skipped: _Skipped | None,
) -> Iterator[Quad]:
    done = statements = 0
    apart = len(files) > 1
    for path, rdf_format in zip(files, formats, strict=True):
        skip = partial(skipped.note, path) if skipped else None
        with open_rdf(path) as (raw, file):
            for quad in parse_quads(file, path, rdf_format, apart=apart, skip=skip):
                yield quad
                statements += 1
                if statements % _STEP == 0:
                    progress(done + raw.tell(), statements)
        done += path.stat().st_size
        progress(done, statements)
