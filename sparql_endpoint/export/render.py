"""A graph as the bytes of a file, always the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Quad

from sparql_endpoint.errors import UsageError
from sparql_endpoint.export.claims_csv import claims_csv
from sparql_endpoint.export.content import content, triples_of
from sparql_endpoint.export.evidence import EvidenceForm, with_evidence
from sparql_endpoint.export.jsonld import jsonld
from sparql_endpoint.query.formats import RDF_FORMATS, GraphFormat, named
from sparql_endpoint.query.graph_text import graph_text

__all__ = ["CSV", "Wanted", "export", "render"]

CSV = "csv"
_GRAPHS = frozenset({"nquads", "trig"})
_RDF12 = frozenset({"nquads", "ntriples", "trig", "turtle"})


@dataclass(frozen=True)
class Wanted:
    """What to export, and how.

    ``format`` is a name of ``RDF_FORMATS`` or ``csv``; ``graphs`` are named graphs to take alone,
    as for ``content``.
    """

    format: str = "turtle"
    evidence: EvidenceForm = EvidenceForm.CLAIMS
    graphs: Sequence[str] = ()


def export(statements: Iterable[Quad], wanted: Wanted) -> bytes:
    """Return what is wanted of statements, as text in UTF-8.

    TriG and N-Quads keep the graphs; every other format holds their merge. The same statements
    give the same bytes in every run and on every machine.

    Raises:
        UsageError: there is no such format, or it cannot hold the evidence in this form or a term;
            the error names the term.
        NotFoundError: there is no such graph.
    """
    if wanted.format == CSV:
        if wanted.evidence is not EvidenceForm.CLAIMS:
            raise UsageError("CSV is the table of claims: it goes with '--evidence claims' only")
        every = content(statements)
        return claims_csv(content(every, wanted.graphs), every)
    fmt = named(wanted.format, RDF_FORMATS)
    if wanted.evidence is EvidenceForm.RDF12 and fmt.name not in _RDF12:
        raise UsageError(
            f"{fmt.title} has no RDF 1.2 here; '--evidence rdf12' goes with"
            f" {', '.join(sorted(_RDF12))}"
        )
    quads = with_evidence(content(statements, wanted.graphs), wanted.evidence)
    return render(quads, fmt)


def render(quads: Sequence[Quad], fmt: GraphFormat) -> bytes:
    """Return quads as text in UTF-8: in their graphs as TriG and N-Quads, as their merge else.

    The bytes are the same each time as long as blank nodes have the same labels.

    Raises:
        UsageError: there is a term that the format cannot hold; the error names it.
    """
    statements = quads if fmt.name in _GRAPHS else triples_of(quads)
    if fmt.name == "jsonld":
        return jsonld(statements)
    if fmt.name not in _GRAPHS:
        return graph_text([quad.triple for quad in statements], fmt.engine)
    return graph_text(statements, fmt.engine)
