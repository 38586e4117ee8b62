"""XML that must have its end (https://www.w3.org/TR/xml/#NT-document).

Oxigraph's parser of RDF/XML takes a document that breaks off between two elements for a whole one:
a download or an answer that was cut would be read as less than it was, without a word.
"""

import io
from typing import IO, cast
from xml.parsers import expat

__all__ = ["whole_xml"]

_CUT = {
    expat.errors.codes[error]
    for error in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}


def whole_xml(source: IO[bytes]) -> IO[bytes]:
    """Return ``source`` as it is, but for an error where it ends before the document does.

    Whatever else is wrong with it is left to those who read it.

    Raises:
        SyntaxError: when read to an end that is none.
    """
    return cast("IO[bytes]", io.BufferedReader(_Watched(source)))


class _Watched(io.RawIOBase):
    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._parser: expat.XMLParserType | None = expat.ParserCreate()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        self._watch(data)
        return len(data)

    def _watch(self, data: bytes) -> None:
        if self._parser is None:
            return
        try:
            self._parser.Parse(data, not data)
        except expat.ExpatError as fault:
            self._parser = None
            if not data and fault.code in _CUT:
                raise SyntaxError("the document breaks off before its end") from None
