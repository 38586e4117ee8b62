"""What is written reads back as the same RDF terms, by our reader and by a second one.

The right value is the graph that was generated: RDF 1.1 Concepts, section 3, says when two terms
are one (https://www.w3.org/TR/rdf11-concepts/#section-Graph-Literal). A thousand graphs a pair:

    FORUMGRAPH_ROUND_TRIPS=1000 pytest tests/round_trips
"""

import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urljoin
from xml.parsers import expat

import pytest
import rdflib
from hostile_terms import graphs
from hypothesis import HealthCheck, given, settings
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    parse,
)
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from sparql_endpoint.check.quiet import quiet
from sparql_endpoint.check.rdf import to_oxigraph
from sparql_endpoint.errors import UsageError
from sparql_endpoint.export.content import triples_of
from sparql_endpoint.export.render import Wanted, export
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.formats import RDF_FORMATS
from sparql_endpoint.query.write import write_triples

Reader = Callable[[bytes, str], Iterable[Quad]]
Writer = Callable[[Sequence[Quad], str], bytes]

GRAPHS = int(os.environ.get("FORUMGRAPH_ROUND_TRIPS", "25"))
WITH_GRAPHS = ("trig", "nquads")
BEYOND_BMP = "\U0001f600"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NO_PROPERTY = frozenset(
    f"{RDF}{name}"
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
)
"""RDF/XML 1.1, section 7.2.7, and rdf:li, which stands for rdf:_1 and so on (section 7.4)."""


def by_export(quads: Sequence[Quad], name: str) -> bytes:
    """Write as ``forumgraph export`` and the dumps do."""
    return export(quads, Wanted(name))


def as_it_comes(quads: Sequence[Quad], name: str) -> bytes:
    """Write as the answer to a long CONSTRUCT is written."""
    output = io.BytesIO()
    write_triples([quad.triple for quad in quads], RDF_FORMATS[name], output)
    return output.getvalue()


def by_oxigraph(text: bytes, name: str) -> Iterable[Quad]:
    """Read with the reader of our own commands."""
    return parse(text, RDF_FORMATS[name].engine)


@contextmanager
def exact_rdflib() -> Iterator[None]:
    """Have rdflib keep literals as they are written."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


def by_rdflib(text: bytes, name: str) -> Iterable[Quad]:
    """Read with the second reader."""
    dataset = rdflib.Dataset()
    with exact_rdflib(), quiet("rdflib.term"):
        dataset.parse(data=text, format=RDF_FORMATS[name].media_type, publicID="http://base/")
    for subject, predicate, value, graph in dataset.quads():
        triple = (to_oxigraph(term) for term in (subject, predicate, value))
        default = graph in {None, DATASET_DEFAULT_GRAPH_ID}
        yield Quad(*triple) if default else Quad(*triple, to_oxigraph(graph))  # type: ignore[arg-type, call-arg]  # rdflib says the kinds by class


def canonical(quads: Iterable[Quad]) -> set[Quad]:
    """Return quads with labels of blank nodes that two isomorphic datasets share."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def fits_rdfxml(quads: Sequence[Quad]) -> bool:
    """Tell by the XML parser Expat whether RDF/XML can hold all terms."""
    return all(
        _has_name(quad.predicate.value)
        and quad.predicate.value not in NO_PROPERTY
        and all(_is_text(term.value) for term in quad if isinstance(term, Literal))
        for quad in quads
    )


def _has_name(iri: str) -> bool:
    """Tell whether some end of an IRI, not all of it, is an XML name.

    Expat knows the names of XML's fourth edition, which has none beyond U+FFFF; the fifth has.
    """
    iri = iri.replace(BEYOND_BMP, "名")
    ends = (iri[place:] for place in range(1, len(iri)))
    return any(":" not in end and _is_xml(f"<{end}/>") for end in ends if not set(end) & set("/<&"))


def _is_text(text: str) -> bool:
    return "\ufffe" not in text and "\uffff" not in text and _is_xml(f"<a>{_escaped(text)}</a>")


def _escaped(text: str) -> str:
    return re.sub(r"[&<>\r\t\n]", lambda found: f"&#{ord(found[0])};", text)


def _is_xml(text: str) -> bool:
    try:
        expat.ParserCreate(encoding="utf-8").Parse(text.encode(), True)  # noqa: FBT003  # expat's own signature
    except expat.ExpatError:
        return False
    return True


WRITERS = [by_export, as_it_comes]
READERS = [by_oxigraph, by_rdflib]
PAIRS = [
    (writer, reader, name)
    for name in RDF_FORMATS
    for writer in WRITERS
    for reader in READERS
    if not (writer is as_it_comes and name in WITH_GRAPHS)
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize(("writer", "reader", "name"), PAIRS)
def test_terms_come_out_as_they_went_in(writer: Writer, reader: Reader, name: str) -> None:
    """No graph that is generated differs from what is read of it; what cannot be is refused."""
    with_triple_terms = reader is by_oxigraph and name not in {"jsonld", "rdfxml"}

    @settings(max_examples=GRAPHS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(graphs(named=name in WITH_GRAPHS, triple_terms=with_triple_terms))
    def round_trip(quads: Sequence[Quad]) -> None:
        if reader is by_rdflib and not rdflib_reads(quads, name):
            return
        if name == "rdfxml" and not fits_rdfxml(quads):
            with pytest.raises(UsageError, match="cannot hold"):
                writer(quads, name)
            return
        expected = quads if name in WITH_GRAPHS else triples_of(quads)
        assert canonical(reader(writer(quads, name), name)) == canonical(expected)

    round_trip()


def rdflib_reads(quads: Sequence[Quad], name: str) -> bool:
    r"""Tell whether rdflib's reader is right about all terms, which these are not.

    Turtle and TriG: it changes numbers without quotes (007 to 7), and stops at escapes in prefixed
    names (``id:\.``). N-Triples and N-Quads: it stops at labels that are not ASCII. RDF/XML: its
    parser, Expat, has no element names beyond U+FFFF, and absolute IRIs are changed by urljoin.
    """
    terms = [term for quad in quads for term in quad]
    if name in {"turtle", "trig"}:
        return not any(is_bare_number(term) or needs_escape(term) for term in terms)
    if name in {"ntriples", "nquads"}:
        return all(term.value.isascii() for term in terms if isinstance(term, BlankNode))
    if name == "rdfxml":
        names = [term.value for term in terms if isinstance(term, NamedNode)]
        names += [term.datatype.value for term in terms if isinstance(term, Literal)]
        return not any(BEYOND_BMP in iri or urljoin("http://base/", iri) != iri for iri in names)
    return True


def is_bare_number(term: object) -> bool:
    """Tell whether Turtle may write a literal without quotes."""
    kinds = {f"{PREFIXES['xsd']}{kind}" for kind in ("integer", "decimal", "double")}
    return isinstance(term, Literal) and term.datatype.value in kinds


def needs_escape(term: object) -> bool:
    """Tell whether Turtle writes an IRI with a prefix and with escapes behind it."""
    iri = term.value if isinstance(term, NamedNode) else ""
    iri = term.datatype.value if isinstance(term, Literal) else iri
    return any(
        iri.startswith(namespace) and not re.fullmatch("[A-Za-z0-9_]*", iri[len(namespace) :])
        for namespace in PREFIXES.values()
    )
