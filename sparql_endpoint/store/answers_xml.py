"""SPARQL results in XML, a row at a time (https://www.w3.org/TR/rdf-sparql-XMLres/).

White space in a literal is part of it, a comment is not, and CDATA is text (XML 1.0, sections 2.5,
2.7 and 2.10). A document type declaration is refused: entities in it multiply.
"""

from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

__all__ = ["read_xml"]

_BLOCK = 1 << 16
_SPACE = "http://www.w3.org/2005/sparql-results#"
_ATTRIBUTES = {
    "xml:lang": "http://www.w3.org/XML/1998/namespace lang",
    "its:dir": "http://www.w3.org/2005/11/its dir",
    "datatype": "datatype",
}
_TERMS = {"uri": "uri", "bnode": "bnode", "literal": "literal"}
_TRIPLES = frozenset({"triple", "statement"})  # the second is Stardog's, with parts s, p and o
_PARTS = frozenset({"subject", "predicate", "object", "s", "p", "o"})


def read_xml(body: IO[bytes], charset: str | None = None) -> Iterator[Any]:
    """Yield the names of the variables as a list, then each row; or a truth value alone.

    Raises:
        SyntaxError: it is no such document, or not a whole one.
    """
    reader = _Reader(charset)
    try:
        while block := body.read(_BLOCK):
            reader.parser.Parse(block, False)  # noqa: FBT003  # takes no name
            yield from reader.taken()
        reader.parser.Parse(b"", True)  # noqa: FBT003  # as above; raises at a missing end
    except expat.ExpatError as fault:
        raise SyntaxError(f"it is no whole XML: {fault}") from None
    yield from reader.taken()
    if not reader.has_results:
        raise SyntaxError("it has neither rows nor a boolean")


class _Reader:
    """What the parser calls; ``ready`` is what is complete by now."""

    def __init__(self, charset: str | None) -> None:
        self.parser = expat.ParserCreate(charset, namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.has_results = False
        self._ready: list[Any] = []
        self._names: list[str] = []
        self._row: dict[str, Any] = {}
        self._variable = ""
        self._text: list[str] | None = None
        self._term: dict[str, Any] | None = None
        self._triples: list[dict[str, Any]] = []

    def taken(self) -> list[Any]:
        """Return what is complete, once."""
        ready, self._ready = self._ready, []
        return ready

    def _refuse(self, *_declaration: Any) -> None:
        raise SyntaxError("it has a document type declaration, which an answer may not")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if space != _SPACE:
            if local in ("sparql", "html"):
                raise SyntaxError(f"it is <{local}> of the namespace {space!r}, not of results")
        elif local in _TERMS:
            given = {
                key: attributes[name] for key, name in _ATTRIBUTES.items() if name in attributes
            }
            self._term, self._text = {"type": _TERMS[local]} | given, []
        elif local == "variable":
            self._names.append(attributes.get("name", ""))
        elif local == "binding":
            self._variable = attributes.get("name", "")
        else:
            self._begin(local)

    def _begin(self, local: str) -> None:
        match local:
            case "results":
                self.has_results = True
                self._ready.append(self._names)
            case "result":
                self._row = {}
            case "boolean":
                self._text = []
            case _ if local in _TRIPLES:
                self._triples.append({})

    def _end(self, name: str) -> None:
        space, _, local = name.rpartition(" ")
        if space != _SPACE:
            return
        if local in _TERMS and self._term is not None:
            text = "".join(self._text or ())
            # Of names, white space around them is the layout's.
            self._term["value"] = text if local == "literal" else text.strip()
            self._text = None
        elif local in _TRIPLES and self._triples:
            self._term = {"type": "triple", "value": self._triples.pop()}
        elif local in _PARTS and self._triples:
            self._triples[-1][local] = self._term
        elif local == "binding":
            self._row[self._variable] = self._term
            self._term = None
        elif local == "result":
            self._ready.append(self._row)
        elif local == "boolean":
            truth = "".join(self._text or ()).strip()
            if truth not in ("true", "false", "1", "0"):
                raise SyntaxError(f"its boolean is {truth!r}")
            self.has_results = True
            self._ready.append(truth in ("true", "1"))

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
