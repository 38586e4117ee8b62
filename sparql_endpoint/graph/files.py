"""Files of RDF, plain or compressed, opened by what their names end with and their first bytes."""

import bz2
import gzip
import io
import lzma
import sys
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, cast
from zlib import error as ZlibError  # noqa: N812  # a class with the name of a function

from pyoxigraph import RdfFormat

from sparql_endpoint.errors import DataError, NotFoundError
from sparql_endpoint.graph.xml_encoding import is_utf16_xml

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["format_of", "open_rdf"]

_Opener = Callable[[BinaryIO], Any]  # the modules of the codings share no base
_CODINGS: Mapping[str, tuple[bytes, _Opener]] = MappingProxyType(
    {
        ".gz": (b"\x1f\x8b", lambda raw: gzip.GzipFile(fileobj=raw)),
        ".zst": (b"\x28\xb5\x2f\xfd", zstd.ZstdFile),
        ".bz2": (b"BZh", bz2.BZ2File),
        ".xz": (b"\xfd7zXZ\x00", lzma.LZMAFile),
    }
)
"""How compressed files end, how their bytes begin, and what unpacks them.

RFC 1952, section 2.3.1; RFC 8878, section 3.1.1; bzip2 and xz by their own documentation.
"""
_HEAD = 12
_ARCHIVES = (b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c", b"Rar!")
_ENDINGS = MappingProxyType(
    {
        "json-ld": RdfFormat.JSON_LD,
        "owl": RdfFormat.RDF_XML,
        "rdfs": RdfFormat.RDF_XML,
        "turtle": RdfFormat.TURTLE,
    }
)
"""Endings that people give their files besides those that the recommendations register."""


def format_of(path: Path) -> RdfFormat:
    """Return the RDF format that the name of ``path`` ends with, before ``.gz`` and the like.

    Capital letters are read as small ones.

    Raises:
        DataError: no RDF format has such names.
    """
    plain = path.with_suffix("") if path.suffix.lower() in _CODINGS else path
    ending = plain.suffix.lower().removeprefix(".")
    rdf_format = _ENDINGS.get(ending) or RdfFormat.from_extension(ending)
    if rdf_format is None:
        raise DataError(
            f"{path}: no RDF format has names that end in '{plain.suffix}': name the format of the"
            " data (--data-format; with load: --format), or rename the file (.ttl, .nt, .nq, .trig,"
            " .rdf, .owl, .jsonld)"
        )
    return rdf_format


@contextmanager
def open_rdf(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open ``path``, and give the file as it lies on disk and the bytes to parse.

    The two are one and the same where the file is not compressed, which its first bytes tell. The
    first tells, by ``tell()``, how far the reading has come. A byte order mark of UTF-8 is left
    out (https://www.unicode.org/faq/utf_bom.html#bom5).

    Raises:
        NotFoundError: there is no such file.
        DataError: it is a folder, an archive or UTF-16 that is no XML, cannot be read, or is not
            compressed as its name says.
    """
    try:
        with ExitStack() as opened:
            raw = opened.enter_context(path.open("rb"))
            opener = _coding(path, raw.peek(8))
            if opener is None:
                yield raw, _without_mark(path, raw)
            else:
                unpacked = opened.enter_context(opener(raw))
                buffered = io.BufferedReader(cast("io.RawIOBase", unpacked), 1 << 16)
                yield raw, _without_mark(path, cast("io.BufferedReader", buffered))
    except FileNotFoundError:
        raise NotFoundError(f"{path}: no such file") from None
    except (gzip.BadGzipFile, zstd.ZstdError, lzma.LZMAError, ZlibError, EOFError) as fault:
        raise DataError(f"{path}: damaged, or not compressed as its name says: {fault}") from None
    except OSError as fault:
        raise DataError(f"{path}: {fault.strerror or fault}") from None


def _coding(path: Path, head: bytes) -> _Opener | None:
    """Return what unpacks a file that begins with ``head``, None where it is not compressed."""
    for magic, opener in _CODINGS.values():
        if head.startswith(magic):
            return opener
    if path.suffix.lower() in _CODINGS:
        state = "other bytes begin it" if head else "it is empty"
        raise DataError(f"{path}: not compressed as its name says: {state}; make it again")
    if head.startswith(_ARCHIVES):
        raise DataError(
            f"{path}: an archive of files: unpack it; what is read is plain or compressed by gzip,"
            " zstd, bzip2 or xz"
        )
    return None


def _without_mark(path: Path, file: io.BufferedReader) -> BinaryIO:
    head = file.peek(_HEAD)
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) and not is_utf16_xml(head):
        raise DataError(f"{path}: encoded in UTF-16: save the file as UTF-8")
    if head.startswith(BOM_UTF8):
        file.read(len(BOM_UTF8))
    return cast("BinaryIO", file)
