"""The data that a service loads, and their description."""

import hashlib
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, Store

from sparql_endpoint import __version__
from sparql_endpoint.columns.engine import available, columns_of
from sparql_endpoint.endpoint.about import About
from sparql_endpoint.errors import NotFoundError, UsageError
from sparql_endpoint.graph.dataset import load_files, load_project, project_files
from sparql_endpoint.graph.forms import Forms
from sparql_endpoint.paths import QUERIES
from sparql_endpoint.project import project
from sparql_endpoint.query.formats import engine_of
from sparql_endpoint.store.as_written import AsWritten, forms_file, stamp
from sparql_endpoint.store.generations import current
from sparql_endpoint.store.opening import fingerprint, open_read_only

__all__ = ["DataSource", "Dataset", "is_url", "load"]


@dataclass(frozen=True)
class Dataset:
    """A loader of a dataset, and the dataset's description, which is known before it is loaded."""

    load: Callable[[], Store]
    about: About
    per_worker: bool = False
    network: bool = False
    folder: Path | None = None
    """The folder of a store on disk; None for other data."""


@dataclass(frozen=True)
class DataSource:
    """Where the dataset is from, as the command line names it.

    These are files, else a store (the folder of one on disk, or the URL of a SPARQL endpoint), else
    the project's own data. ``union`` makes the default graph of files the merge of all graphs.
    ``patience`` is the number of seconds that an endpoint may be silent. ``data_format`` is the
    format of files whose names do not show it.
    """

    files: tuple[Path, ...] = ()
    store: str = ""
    union: bool = False
    patience: float = 9.0
    data_format: str | None = None

    def dataset(self) -> Dataset:
        """Return the dataset as it is now, without loading it.

        Raises:
            NotFoundError: a file or store is not there.
            UsageError: the options exclude each other.
        """
        if self.files and self.store:
            raise UsageError("serve --data or --store, not both: load the files into the store")
        if self.union and not self.files:
            raise UsageError(
                "--union-default-graph goes with --data; for a store, give it to 'forumgraph load'"
            )
        if is_url(self.store):
            return self._remote()
        return self._on_disk() if self.store else self._in_memory()

    def engines(self, columns_triples: int) -> str:
        """Return a line that names the engine for analytical queries, empty if it is Oxigraph."""
        if is_url(self.store) or not available():
            return ""
        if not self.store:
            return f"\nColumns (DuckDB) are made of more than {columns_triples:,} triples."
        if columns_of(current(Path(self.store))).is_dir():
            return "\nColumns (DuckDB) answer analytical queries."
        return "\nThe store has no columns: load it again to have them."

    def _in_memory(self) -> Dataset:
        paths = list(self.files) or [*project_files(), *sorted(QUERIES.glob("*.rq"))]
        for path in paths:
            if not path.is_file():
                raise NotFoundError(f"{path}: no such file")
        modified = max(path.stat().st_mtime for path in paths)
        title = ", ".join(path.name for path in self.files) or project().name
        digest, own = _digest(paths, union=self.union), not self.files
        stamps = tuple(map(stamp, self.files))
        as_written = AsWritten(self.files, stamps, self.data_format, self.union)
        about = About(
            digest, _utc(modified), title, own=own, union=self.union, as_written=as_written
        )
        return Dataset(partial(load, self.files, self.data_format, union=self.union), about)

    def _on_disk(self) -> Dataset:
        folder = current(Path(self.store))
        about = About(
            fingerprint(folder),
            _utc(folder.stat().st_mtime),
            Path(self.store).name,
            as_written=AsWritten(forms=forms_file(folder)),
        )
        return Dataset(partial(open_read_only, folder), about, per_worker=True, folder=folder)

    def _remote(self) -> Dataset:
        """Return the dataset of an endpoint; it may change at any time, so no answer is cached."""
        about = About(secrets.token_hex(), datetime.now(UTC), self.store, immutable=False)
        from sparql_endpoint.store.remote import RemoteStore  # noqa: PLC0415  # httpx takes 0.2 s

        remote = partial(RemoteStore, self.store, self.patience)
        return Dataset(remote, about, per_worker=True, network=True)  # type: ignore[arg-type]  # it answers as a store


def is_url(store: str) -> bool:
    """Return whether ``store`` names an endpoint and not a folder."""
    return store.startswith(("http://", "https://"))


def load(
    files: Sequence[Path] = (), data_format: str | None = None, *, union: bool = False
) -> Store:
    """Return the data of ``files``; without files, those of the project with its questions.

    Raises:
        NotFoundError, DataError: as ``load_files``.
    """
    forms = Forms()
    store = load_files(files, engine_of(data_format), forms) if files else load_project()
    if forms.notice:
        sys.stderr.write(f"forumgraph: {forms.notice}\n")
        sys.stderr.flush()
    if not files:
        from sparql_endpoint.describe.examples import add_examples  # noqa: PLC0415  # not in the listener

        add_examples(store)
    if union:
        named = [quad for quad in store if quad.graph_name != DefaultGraph()]
        store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in named)
    return store


def _utc(seconds: float) -> datetime:
    """Return the time of a change; a file's time that lies in the future is replaced by now.

    RFC 9110, section 8.8.2.1: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.1
    """
    return datetime.fromtimestamp(int(min(seconds, time.time())), UTC)


def _digest(paths: Sequence[Path], *, union: bool) -> str:
    """Return a hash of the files' bytes and of the version, which decides how they are read."""
    total = hashlib.sha256(f"{__version__} {union}".encode())
    for path in paths:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
