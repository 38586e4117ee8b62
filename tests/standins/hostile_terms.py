"""Generators of RDF that is legal and odd, for property tests."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from sparql_endpoint.names import PREFIXES

if TYPE_CHECKING:
    from sparql_endpoint.graph.document import Term

__all__ = ["graphs", "literals", "nodes"]

_XSD, _RDF = PREFIXES["xsd"], PREFIXES["rdf"]
_IRI_CHARACTERS = st.sampled_from("az09-._~:/?#@!$&'()*+,;=%é名\U0001f600\xb7\u0301\ue000")
_STARTS = (
    *("http://e/", "http://e/a#", "urn:x:", "id:", "label:", "http://e/%20", "mailto:", "xsd://"),
    *(PREFIXES[name] for name in ("id", "dfo", "rdf", "xsd", "owl", "graph")),
)
_WHOLE = (
    *(f"{_RDF}{name}" for name in ("type", "first", "rest", "nil", "_1", "li", "Description")),
    *(f"{_RDF}{name}" for name in ("value", "about", "Seq", "reifies", "subject", "object")),
    *(PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "subject", "http://e/p", "http://e/q"),
)
_LEXICAL = (
    *(
        "007",
        "+1",
        "-0",
        "0",
        "1",
        "1.",
        ".5",
        "1.50",
        "1e0",
        "1.0E0",
        "INF",
        "-INF",
        "NaN",
        "true",
    ),
    *("TRUE", "", " 1 ", "1\n", "2019-12-31T24:00:00Z", "2018-01-22", "-0012-11-29", "12024-01-01"),
    *(
        "2020-01-01T00:00:00.000Z",
        "2025-13",
        "P1Y",
        "-P1D",
        "PT0S",
        "24:00:00",
        "99999999999999999",
    ),
    *("9223372036854775808", "0.1234567890123456789", "nonsense", "2020-01-01+00:00", "--02-29"),
)
_DATATYPES = (
    *("integer", "decimal", "double", "float", "boolean", "string", "int", "long", "byte", "date"),
    *("nonNegativeInteger", "unsignedByte", "dateTime", "time", "gYear", "gYearMonth", "duration"),
    *("dateTimeStamp", "dayTimeDuration", "yearMonthDuration", "anyURI", "language", "hexBinary"),
)
_OTHER_DATATYPES = (
    *(f"{_RDF}HTML", f"{_RDF}JSON", f"{_RDF}XMLLiteral", "http://e/123", "urn:d", "id:d"),
)
_LANGUAGES = ("en", "es", "zh-hant", "de-ch-1996", "x-private", "sr-latn-rs")
_ODD = (
    "\x00\x01\t\n\x0b\x0c\r\x1f \"'\\<>&{}@#%`^|\x7f\x85\xa0"
    "\u2028\u2029\ufeff\ufffd\ufffe\uffff\U0001f600"
)
_TEXTS = st.text(st.one_of(st.sampled_from(_ODD), st.characters(codec="utf-8")), max_size=8) | (
    st.sampled_from(
        ("]]>", "<!-- x -->", '"""', "'''", " .\n@prefix x: <y> .", "\\u0041", "a\r\nb")
    )
)


def _iri(text: str) -> NamedNode | None:
    try:
        return NamedNode(text)
    except ValueError:
        return None


def _named() -> st.SearchStrategy[NamedNode]:
    ends = st.text(_IRI_CHARACTERS, max_size=5)
    built = st.builds(str.__add__, st.sampled_from(_STARTS), ends)
    texts = st.one_of(st.sampled_from(_WHOLE), built)
    return texts.map(_iri).filter(lambda iri: iri is not None)  # type: ignore[return-value]  # as said


nodes = _named()
"""IRIs, with every kind of end."""
_blank = st.sampled_from(("a", "1", "_x31", "a.b", "0-", "é")).map(BlankNode)
_typed = st.builds(
    lambda text, name: Literal(text, datatype=NamedNode(_XSD + name)),
    st.one_of(st.sampled_from(_LEXICAL), _TEXTS),
    st.sampled_from(_DATATYPES),
)
_others = st.builds(
    lambda text, iri: Literal(text, datatype=NamedNode(iri)),
    st.one_of(_TEXTS, st.sampled_from(('{"a":1}', "<b>x</b>", "[1, 2]"))),
    st.sampled_from(_OTHER_DATATYPES),
)
_tagged = st.builds(
    lambda text, tag: Literal(text, language=tag), _TEXTS, st.sampled_from(_LANGUAGES)
)
literals = st.one_of(_TEXTS.map(Literal), _typed, _typed, _others, _tagged)
"""Literals of every datatype, valid and not, and of several languages."""
_subjects = st.one_of(_named(), _blank)


def graphs(*, named: bool, triple_terms: bool) -> st.SearchStrategy[Sequence[Quad]]:
    """Return a generator of datasets of up to eight statements."""
    objects: st.SearchStrategy[Term] = st.one_of(_subjects, literals)
    if triple_terms:
        objects |= st.builds(Triple, _subjects, _named(), objects)
    names = (
        st.one_of(_named(), _blank, st.just(DefaultGraph())) if named else st.just(DefaultGraph())
    )
    return st.lists(st.builds(Quad, _subjects, _named(), objects, names), max_size=8)
