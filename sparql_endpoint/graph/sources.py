"""The texts that quotes are taken from: files of a folder that is no part of the project."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sparql_endpoint.errors import DataError, NotFoundError
from sparql_endpoint.names import PREFIXES

__all__ = ["SourceText", "read_source", "source_slug", "text_path"]


@dataclass(frozen=True)
class SourceText:
    """A source's text as it was published.

    Args:
        slug: the last part of the source's IRI.
        sha256: the digest of the file's bytes, in lower-case hexadecimal digits.
        text: its Unicode code points; offsets of quotes count them from 0.
    """

    slug: str
    sha256: str
    text: str


def source_slug(iri: str) -> str:
    """Return the slug of a source's IRI; an IRI of another kind as it is."""
    return iri.removeprefix(PREFIXES["source"])


def text_path(folder: Path, slug: str) -> Path:
    """Return where the text of a source lies in ``folder``."""
    return folder / f"{slug}.txt"


def read_source(folder: Path, slug: str) -> SourceText:
    """Read the text of a source byte for byte: no newline is translated, no mark stripped.

    Raises:
        NotFoundError: the folder, or the text in it, is not there.
        DataError: the text is not UTF-8.
    """
    if not folder.is_dir():
        raise NotFoundError(f"{folder}: no such folder of texts")
    path = text_path(folder, slug)
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except FileNotFoundError:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.txt"))) or "none"
        raise NotFoundError(f"{path}: no such text; the folder has: {known}") from None
    except UnicodeDecodeError as fault:
        raise DataError(f"{path}: not UTF-8 at byte {fault.start}") from None
    return SourceText(slug, hashlib.sha256(content).hexdigest(), text)
