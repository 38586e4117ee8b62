"""Compressing answers for clients that take it.

RFC 9110, section 12.5.3 (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3): a coding counts by
its own quality, else by that of ``*``; ``identity`` is acceptable unless it is refused by name.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

__all__ = ["IDENTITY", "WORTH_IT", "choose_coding", "compress", "compress_stream"]

IDENTITY = "identity"
WORTH_IT = 1000
"""Bytes below which compressing costs more than it saves."""

_GZIP_LEVEL = 5
_BROTLI_QUALITY = 4
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_CODINGS = ("br", "gzip")


@lru_cache(maxsize=256)
def choose_coding(accept_encoding: str) -> str:
    """Return ``br``, ``gzip`` or ``identity``, whichever the client likes best."""
    qualities = dict(parse_accept_header(accept_encoding, Accept))
    rest = qualities.get("*", 0)
    rated = {coding: qualities.get(coding, rest) for coding in _CODINGS}
    coding = max(_CODINGS, key=lambda name: rated[name])
    return coding if rated[coding] > 0 and rated[coding] >= qualities.get(IDENTITY, 0) else IDENTITY


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))


_COMPRESS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {"gzip": _gzip, "br": _brotli, IDENTITY: bytes}
)


def compress(body: bytes, coding: str) -> bytes:
    """Return ``body`` in ``coding``; the same bytes each time."""
    return _COMPRESS[coding](body)


class _Gzip:
    def __init__(self) -> None:
        self._engine = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)

    def process(self, data: bytes) -> bytes:
        return self._engine.compress(data)

    def finish(self) -> bytes:
        return self._engine.flush()


def compress_stream(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yield ``chunks`` in ``coding``; what cuts the chunks short cuts this short as well."""
    if coding == IDENTITY:
        yield from chunks
        return
    engine = _Gzip() if coding == "gzip" else brotli.Compressor(quality=_BROTLI_QUALITY)
    for chunk in chunks:
        if written := engine.process(chunk):
            yield written
    yield engine.finish()
