"""XML in other encodings than UTF-8, which is the only one that Oxigraph's parser reads.

XML 1.0, section 4.3.3 (https://www.w3.org/TR/xml/#charencoding): UTF-16 must be read, and the
declaration names what others there are.
"""

import codecs
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import IO, cast

from sparql_endpoint.errors import DataError

__all__ = ["in_utf8", "is_utf16_xml"]

_BLOCK = 1 << 16
_DECLARED = re.compile(r"""(<\?xml\s[^>]*?\bencoding\s*=\s*["'])([A-Za-z][A-Za-z0-9._-]*)""")
_KNOWN = re.compile(
    r"(?:iso-8859-\d{1,2}|windows-125\d|utf-16(?:le|be)?|us-ascii|koi8-[ru]|big5|gb(?:2312|k|18030)"
    r"|shift_jis|euc-(?:jp|kr)|iso-2022-jp)",
    re.IGNORECASE,
)
_MARKS = (BOM_UTF16_LE, BOM_UTF16_BE)


def is_utf16_xml(head: bytes) -> bool:
    """Return whether a file begins with a byte order mark of UTF-16 and an XML declaration."""
    return head.startswith(_MARKS) and head[:12].decode("utf-16", "replace").startswith("<?xml")


def in_utf8(file: IO[bytes], path: Path) -> IO[bytes]:
    """Return the bytes of an XML document in UTF-8, which its declaration then names.

    Raises:
        DataError: the encoding is not known, or when it is read: a byte is not of it.
    """
    head = file.read(_BLOCK)
    is_utf16 = head.startswith(_MARKS)
    found = _DECLARED.match(head.decode("utf-16" if is_utf16 else "latin-1", "replace"))
    name = "utf-16" if is_utf16 else found[2] if found else "utf-8"
    if name.lower() in {"utf-8", "utf8"}:
        return cast("IO[bytes]", io.BufferedReader(_Joined(head, file)))
    if not _KNOWN.fullmatch(name):
        raise DataError(f"{path}: the encoding {name!r} is not known: save the file as UTF-8")
    return cast("IO[bytes]", io.BufferedReader(_Recoded(head, file, name, path)))


class _Joined(io.RawIOBase):
    """A file whose beginning has been read."""

    def __init__(self, head: bytes, file: IO[bytes]) -> None:
        self._left, self._file = head, file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            block = self._file.read(_BLOCK)
            self._left = self._converted(block)
            if not block:
                break
        data, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def _converted(self, block: bytes) -> bytes:
        return block


class _Recoded(_Joined):
    """A file of another encoding."""

    def __init__(self, head: bytes, file: IO[bytes], name: str, path: Path) -> None:
        super().__init__(b"", file)
        self._decoder, self._name, self._path = codecs.getincrementaldecoder(name)(), name, path
        text = self._converted(head).decode()
        self._left = _DECLARED.sub(r"\g<1>UTF-8", text, count=1).encode()

    def _converted(self, block: bytes) -> bytes:
        try:
            return self._decoder.decode(block, final=not block).encode()
        except UnicodeDecodeError as fault:
            raise DataError(f"{self._path}: not {self._name}: {fault.reason}") from None
