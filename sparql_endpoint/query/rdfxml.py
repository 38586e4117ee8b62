"""Triples as RDF/XML, or an error that names the term that RDF/XML cannot hold.

https://www.w3.org/TR/rdf12-xml/. A predicate is written as an XML name (section 2.4), of which not
every IRI has one at its end; characters are those of XML 1.0 (https://www.w3.org/TR/xml/#charsets);
``rdf:li`` and the words of the syntax are no predicates (section 5.1 with 5.2.2). The engine's own
writer passes over the first two.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from sparql_endpoint.errors import UnwritableTermError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.xml_text import escaped

__all__ = ["rdfxml"]

_RDF = PREFIXES["rdf"]
_TYPE = NamedNode(f"{_RDF}type")
_ITS = "http://www.w3.org/2005/11/its"
_START = (
    "A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d"
    "\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\U00010000-\\U000effff"
)
_NAME = f"[{_START}][-.0-9{_START}\\xb7\\u0300-\\u036f\\u203f\\u2040]*"
"""An NCName, https://www.w3.org/TR/xml-names/#NT-NCName."""
_ENCODED = "_x"
"""How a blank node begins whose label is no XML name; the rest is its label in hexadecimal."""
_NO_ELEMENT = frozenset(
    f"{_RDF}{name}"
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "version"),
        *("annotation", "annotationNodeID", "li", "aboutEach", "aboutEachPrefix", "bagID"),
    )
)
_NO_PROPERTY = _NO_ELEMENT | {f"{_RDF}Description"}


@cache
def _names() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a name and of one at the end; to compile them takes 20 ms."""
    return re.compile(_NAME), re.compile(f"{_NAME}$")


def rdfxml(
    triples: Iterable[Triple | Quad], prefixes: Mapping[str, str] = PREFIXES
) -> Iterator[bytes]:
    """Yield the text of an RDF/XML document, UTF-8, in the order of the triples.

    A subject whose first triple is its class stands under the name of the class.

    Raises:
        UnwritableTermError: a term is one that RDF/XML cannot hold; the error names it.
    """
    writer = _Writer(prefixes)
    yield writer.head().encode()
    for _, group in groupby(triples, key=attrgetter("subject")):
        yield "".join(writer.node(list(group))).encode()
    yield b"</rdf:RDF>\n"


class _Writer:
    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = {
            namespace: prefix
            for prefix, namespace in prefixes.items()
            if _names()[0].fullmatch(prefix) and not prefix.lower().startswith("xml")
        } | {_RDF: "rdf"}

    def head(self) -> str:
        names = sorted((prefix, namespace) for namespace, prefix in self._prefixes.items())
        declared = "".join(f'\n    xmlns:{prefix}="{escaped(iri)}"' for prefix, iri in names)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'

    def node(self, triples: list[Triple | Quad], indent: str = "  ") -> Iterator[str]:
        """Yield the element of a subject with all ``triples`` about it."""
        first, name, declared = triples[0], "rdf:Description", ""
        if _is_class(first):
            name, declared = self._name(cast("NamedNode", first.object).value)
            triples = triples[1:]
        yield f"{indent}<{name}{declared} {self._about(first.subject)}>\n"
        for triple in triples:
            yield from self._property(triple, f"{indent}  ")
        yield f"{indent}</{name}>\n"

    def _property(self, triple: Triple | Quad, indent: str) -> Iterator[str]:
        iri, value = triple.predicate.value, triple.object
        if iri in _NO_PROPERTY or not _split(iri):
            reason = (
                "it is a word of its syntax" if iri in _NO_PROPERTY else "it ends in no XML name"
            )
            raise UnwritableTermError(
                f"RDF/XML cannot hold the predicate <{iri}>: {reason}; take another format, such as"
                " turtle"
            )
        name, declared = self._name(iri)
        start = f"{indent}<{name}{declared}"
        if isinstance(value, NamedNode):
            yield f'{start} rdf:resource="{escaped(value.value)}"/>\n'
        elif isinstance(value, BlankNode):
            yield f'{start} rdf:nodeID="{_node_id(value)}"/>\n'
        elif isinstance(value, Literal):
            yield f"{start}{_kind(value)}>{escaped(value.value)}</{name}>\n"
        else:
            yield f'{start} rdf:version="1.2" rdf:parseType="Triple">\n'
            yield from self._term(value, f"{indent}  ")
            yield f"{indent}</{name}>\n"

    def _term(self, triple: Triple, indent: str) -> Iterator[str]:
        yield f"{indent}<rdf:Description {self._about(triple.subject)}>\n"
        yield from self._property(triple, f"{indent}  ")
        yield f"{indent}</rdf:Description>\n"

    def _about(self, subject: object) -> str:
        if isinstance(subject, NamedNode):
            return f'rdf:about="{escaped(subject.value)}"'
        assert isinstance(subject, BlankNode)  # noqa: S101  # RDF has no other subjects
        return f'rdf:nodeID="{_node_id(subject)}"'

    def _name(self, iri: str) -> tuple[str, str]:
        """Return the element's name of an IRI, and the declaration that it needs."""
        namespace, local = _split(iri) or ("", iri)
        if prefix := self._prefixes.get(namespace):
            return f"{prefix}:{local}", ""
        return f"ns:{local}", f' xmlns:ns="{escaped(namespace)}"'


def _is_class(triple: Triple | Quad) -> bool:
    """Tell whether an element can have the name of the class that a triple states."""
    if triple.predicate != _TYPE or not isinstance(triple.object, NamedNode):
        return False
    iri = triple.object.value
    return iri not in _NO_PROPERTY and _split(iri) is not None


def _split(iri: str) -> tuple[str, str] | None:
    """Return the parts of an IRI before and in its longest XML name at the end, if it has one."""
    match = _names()[1].search(iri)
    return (iri[: match.start()], match[0]) if match and match.start() else None


def _node_id(node: BlankNode) -> str:
    label = node.value
    if _names()[0].fullmatch(label) and not label.startswith(_ENCODED):
        return label
    return _ENCODED + label.encode().hex()


def _kind(literal: Literal) -> str:
    if literal.language is None:
        datatype = literal.datatype.value
        plain = datatype == f"{PREFIXES['xsd']}string"
        return "" if plain else f' rdf:datatype="{escaped(datatype)}"'
    language = f' xml:lang="{literal.language}"'
    if literal.direction is None:
        return language
    version = f' rdf:version="1.2-basic" xmlns:its="{_ITS}" its:version="2.0"'
    return f'{language}{version} its:dir="{literal.direction}"'
