"""XML of two kinds that Oxigraph's parser does not read: other encodings, and ``xml:lang=""``.

XML 1.0, section 4.3.3 (https://www.w3.org/TR/xml/#charencoding): UTF-16 must be read, and the
declaration names what others there are. Section 2.12: an empty ``xml:lang`` says that there is no
language. The parser is given a language of our own there, which is taken out of what it reads. It
also writes namespaces twice in start tags of an XML literal, which is then no XML (section 3.1).
"""

import codecs
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Literal, NamedNode, Quad

from sparql_endpoint.errors import DataError

__all__ = ["in_utf8", "is_utf16_xml", "without_mark"]

_BLOCK = 1 << 16
_DECLARED = re.compile(r"""(<\?xml\s[^>]*?\bencoding\s*=\s*["'])([A-Za-z][A-Za-z0-9._-]*)""")
_KNOWN = re.compile(
    r"(?:iso-8859-\d{1,2}|windows-125\d|utf-16(?:le|be)?|us-ascii|koi8-[ru]|big5|gb(?:2312|k|18030)"
    r"|shift_jis|euc-(?:jp|kr)|iso-2022-jp)",
    re.IGNORECASE,
)
_NO_LANGUAGE = "x-none-7f3a9c1e"
_EMPTY = re.compile(rb"""(\bxml:lang\s{0,8}=\s{0,8})(["'])\2""")
_LONGEST = 31
"""Bytes of such an attribute, at most."""
_XML = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"
_START_TAG = re.compile(r"""<([^\s<>/!?="]+)((?:\s+[^\s=<>"]+="[^"]*")+)(\s*/?>)""")
_ATTRIBUTE = re.compile(r"""\s+([^\s=<>"]+)="[^"]*\"""")
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
    """A file whose beginning has been read, with a language for each empty ``xml:lang``."""

    def __init__(self, head: bytes, file: IO[bytes]) -> None:
        self._head, self._file = head, file
        self._ready, self._held = b"", b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready and not self._ended:
            block, self._head = self._head or self._file.read(_BLOCK), b""
            self._ended = not block
            text = _EMPTY.sub(
                rb"\1\2" + _NO_LANGUAGE.encode() + rb"\2", self._held + self._converted(block)
            )
            cut = len(text) if self._ended else max(len(text) - _LONGEST, 0)
            self._ready, self._held = text[:cut], text[cut:]
        data, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def _converted(self, block: bytes) -> bytes:
        return block


class _Recoded(_Joined):
    """A file of another encoding."""

    def __init__(self, head: bytes, file: IO[bytes], name: str, path: Path) -> None:
        super().__init__(head, file)
        self._decoder, self._name, self._path = codecs.getincrementaldecoder(name)(), name, path
        self._begun = False

    def _converted(self, block: bytes) -> bytes:
        try:
            text = self._decoder.decode(block, final=not block)
        except UnicodeDecodeError as fault:
            raise DataError(f"{self._path}: not {self._name}: {fault.reason}") from None
        if not self._begun:
            self._begun, text = True, _DECLARED.sub(r"\g<1>UTF-8", text, count=1)
        return text.encode()


def without_mark(quad: Quad) -> Quad:
    """Return a statement that was read of such bytes, as it stands in the document."""
    value = quad.object
    if not isinstance(value, Literal):
        return quad
    if value.language == _NO_LANGUAGE:
        return Quad(quad.subject, quad.predicate, Literal(value.value), quad.graph_name)
    text = value.value.replace(_NO_LANGUAGE, "")
    if value.datatype.value == _XML:
        text = _START_TAG.sub(_each_once, text)
    if text != value.value:
        kind = None if value.language else NamedNode(value.datatype.value)
        plain = Literal(text, language=value.language, datatype=kind)
        return Quad(quad.subject, quad.predicate, plain, quad.graph_name)
    return quad


def _each_once(tag: re.Match[str]) -> str:
    """Return a start tag with one attribute of each name."""
    attributes = {found[1]: found[0] for found in _ATTRIBUTE.finditer(tag[2])}
    return f"<{tag[1]}{''.join(attributes.values())}{tag[3]}"
