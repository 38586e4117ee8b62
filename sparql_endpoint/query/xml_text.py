"""Text as XML 1.0 holds it, and a guard over XML that the engine writes.

The engine writes a carriage return as it is, which every XML parser reads as a line feed
(https://www.w3.org/TR/xml/#sec-line-ends), and characters that XML cannot hold at all
(https://www.w3.org/TR/xml/#charsets), at which every parser stops.
"""

import re
from collections.abc import Callable

from sparql_endpoint.errors import UnwritableTermError

__all__ = ["XmlRepair", "escaped"]

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_IN_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_CUT = re.compile(rb"\xef(?:\xbf)?\Z")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
_AROUND = 30
"""Characters that an error shows on either side of a forbidden one."""


def escaped(text: str) -> str:
    """Return text for an element or an attribute of XML.

    Raises:
        UnwritableTermError: XML has no such character.
    """
    if match := _FORBIDDEN.search(text):
        raise _refusal(text, match.start())
    return text.translate(_ESCAPES)


class XmlRepair:
    """A writer of UTF-8 XML that hands each piece on, with ``&#13;`` for a carriage return."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._kept = b""

    def write(self, piece: bytes) -> int:
        """Write ``piece``, but keep a character that is cut in two until its rest comes.

        Raises:
            UnwritableTermError: there is a character in it that XML cannot hold.
        """
        text = self._kept + piece
        cut = _CUT.search(text)
        self._kept = cut[0] if cut else b""
        self._pass_on(text[: len(text) - len(self._kept)])
        return len(piece)

    def flush(self) -> None:
        """Write what was kept, at the end."""
        self._pass_on(self._kept)
        self._kept = b""

    def _pass_on(self, text: bytes) -> None:
        if match := _IN_BYTES.search(text):
            before = text[: match.start()].decode(errors="replace")
            raise _refusal(before + text[match.start() :].decode(errors="replace"), len(before))
        self._write(text.replace(b"\r", b"&#13;"))


def _refusal(text: str, place: int) -> UnwritableTermError:
    around = text[max(0, place - _AROUND) : place + _AROUND]
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in around)
    return UnwritableTermError(
        f"XML cannot hold the character U+{ord(text[place]):04X} in '{shown}': take another format"
    )
