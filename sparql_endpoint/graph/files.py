"""Files of RDF, plain or compressed, opened by what their names end with."""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from pyoxigraph import RdfFormat

from sparql_endpoint.errors import DataError, NotFoundError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["format_of", "open_rdf"]

_COMPRESSED = (".gz", ".zst")


def format_of(path: Path) -> RdfFormat:
    """Return the RDF format that the name of ``path`` ends with, before ``.gz`` or ``.zst``.

    Raises:
        DataError: no RDF format has such names.
    """
    plain = path.with_suffix("") if path.suffix in _COMPRESSED else path
    rdf_format = RdfFormat.from_extension(plain.suffix.removeprefix("."))
    if rdf_format is None:
        raise DataError(
            f"{path}: no RDF format has names that end in '{plain.suffix}': rename the file (.ttl, "
            ".nt, .nq, .trig, .rdf, .jsonld), or name its format where you load it (--format)"
        )
    return rdf_format


@contextmanager
def open_rdf(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open ``path``, and give the file as it lies on disk and the bytes to parse.

    The two are one and the same where the file is not compressed. The first tells, by ``tell()``,
    how far the reading has come.

    Raises:
        NotFoundError: there is no such file.
        DataError: it is a folder, cannot be read, or is not compressed as its name says.
    """
    try:
        with path.open("rb") as raw:
            if path.suffix == ".gz":
                with gzip.open(raw) as unpacked:
                    yield raw, cast("BinaryIO", unpacked)
            elif path.suffix == ".zst":
                with zstd.open(raw) as unpacked:
                    yield raw, cast("BinaryIO", unpacked)
            else:
                yield raw, raw
    except FileNotFoundError:
        raise NotFoundError(f"{path}: no such file") from None
    except (gzip.BadGzipFile, zstd.ZstdError, EOFError) as fault:
        raise DataError(f"{path}: not compressed as its name says: {fault}") from None
    except OSError as fault:
        raise DataError(f"{path}: {fault.strerror or fault}") from None
