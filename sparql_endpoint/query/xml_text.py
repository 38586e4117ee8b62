"""Repairing XML that the engine writes.

The engine writes a carriage return as it is, which every XML parser reads as a line feed
(https://www.w3.org/TR/xml/#sec-line-ends), and characters that XML cannot hold at all
(https://www.w3.org/TR/xml/#charsets), at which every parser stops.
"""

import re
from collections.abc import Callable

__all__ = ["XmlRepair", "repaired"]

_WRONG = re.compile(rb"[\x00-\x08\x0b-\x0d\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_CUT = re.compile(rb"\xef(?:\xbf)?\Z")
_REPLACEMENT = "\ufffd".encode()


def _right(match: re.Match[bytes]) -> bytes:
    return b"&#13;" if match[0] == b"\r" else _REPLACEMENT


class XmlRepair:
    """A writer of UTF-8 XML that hands each piece on, repaired.

    A carriage return becomes ``&#13;`` and so survives; a character that XML does not have becomes
    U+FFFD, the replacement character.
    """

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._kept = b""

    def write(self, piece: bytes) -> int:
        """Write ``piece``, but keep a character that is cut in two until its rest comes."""
        text = self._kept + piece
        cut = _CUT.search(text)
        self._kept = cut[0] if cut else b""
        self._write(repaired(text[: len(text) - len(self._kept)]))
        return len(piece)

    def flush(self) -> None:
        """Write what was kept, at the end."""
        self._write(self._kept)
        self._kept = b""


def repaired(text: bytes) -> bytes:
    """Return a whole text of XML, repaired."""
    return _WRONG.sub(_right, text)
