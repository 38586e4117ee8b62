"""Loading RDF files in bulk into a store on disk, all of them or nothing."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store

from sparql_endpoint.graph.dataset import parse_quads
from sparql_endpoint.graph.files import format_of, open_rdf
from sparql_endpoint.store.as_written import forms_file, forms_to
from sparql_endpoint.store.generations import new_generation

__all__ = ["Loaded", "Progress", "load"]

_STEP = 10_000
"""Statements between two reports of progress."""

Progress = Callable[[int, int], None]
"""Told, as a load goes on, the bytes read from disk and the statements read, both in all."""


@dataclass(frozen=True)
class Loaded:
    """What a load came to: distinct statements now in the store, and the seconds it took.

    ``notice`` says what the store keeps by value and not as written, empty for nothing.
    """

    statements: int
    seconds: float
    notice: str = ""


def load(
    files: Sequence[Path],
    store: Path,
    rdf_format: RdfFormat | None = None,
    progress: Progress = lambda _bytes, _statements: None,
) -> Loaded:
    """Load ``files`` into a new generation of the store at ``store``, and make it current.

    Triples go into the default graph, quads into the graphs they name. Each file is in
    ``rdf_format``, or in the format its name ends with.

    Raises:
        NotFoundError, DataError, RdfSyntaxError: a file cannot be read; the store is as it was.
        UsageError: as ``new_generation``.
    """
    formats = [rdf_format or format_of(path) for path in files]
    began = time.perf_counter()
    with new_generation(store) as folder:
        database = Store(str(folder))
        with forms_file(folder).open("wb") as file:
            forms = forms_to(file)
            database.bulk_extend(forms.watch(_quads(files, formats, progress)))
        database.flush()
        statements = len(database)
        del database  # closes it before the folder is renamed
    return Loaded(statements, time.perf_counter() - began, forms.notice)


def _quads(
    files: Sequence[Path], formats: Sequence[RdfFormat], progress: Progress
) -> Iterator[Quad]:
    done = statements = 0
    for path, rdf_format in zip(files, formats, strict=True):
        with open_rdf(path) as (raw, file):
            for quad in parse_quads(file, path, rdf_format, apart=len(files) > 1):
                yield quad
                statements += 1
                if statements % _STEP == 0:
                    progress(done + raw.tell(), statements)
        done += path.stat().st_size
        progress(done, statements)
