"""The formats that answers and graphs are written in: one table for the web, the CLI and export.

Media types are those of the recommendations, the preferred first, then those that older clients
ask for: SPARQL 1.1 Results JSON https://www.w3.org/TR/sparql11-results-json/#mediaType, XML
https://www.w3.org/TR/rdf-sparql-XMLres/#mime, CSV and TSV
https://www.w3.org/TR/sparql11-results-csv-tsv/#mediaType, Turtle
https://www.w3.org/TR/turtle/#sec-mime, N-Triples https://www.w3.org/TR/n-triples/#n-triples-mediatype
(which was text/plain once), RDF/XML https://www.rfc-editor.org/rfc/rfc3870, JSON-LD
https://www.w3.org/TR/json-ld11/#iana-considerations, TriG https://www.w3.org/TR/trig/#sec-mime,
N-Quads https://www.w3.org/TR/n-quads/#sec-mediatype.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from sparql_endpoint.errors import UsageError
from sparql_endpoint.query.near import nearest

__all__ = [
    "RDF_FORMATS",
    "RESULT_FORMATS",
    "Format",
    "GraphFormat",
    "ResultFormat",
    "engine_of",
    "named",
]


@dataclass(frozen=True)
class Format:
    """What every format has: names to ask for it by, media types, and the ending of its files."""

    name: str
    title: str
    media_types: tuple[str, ...]
    """Without parameters, the preferred first."""
    extension: str
    """Without its dot."""
    charset: str = ""
    """The charset to name in a Content-Type; empty where the media type itself fixes it."""
    aliases: tuple[str, ...] = ()
    """Further short names."""

    @property
    def media_type(self) -> str:
        """The preferred media type."""
        return self.media_types[0]

    @property
    def content_type(self) -> str:
        """The value of a Content-Type header."""
        return f"{self.media_type}; charset={self.charset}" if self.charset else self.media_type


@dataclass(frozen=True, kw_only=True)
class ResultFormat(Format):
    """A format for the solutions of a SELECT and the truth of an ASK."""

    engine: QueryResultsFormat


@dataclass(frozen=True, kw_only=True)
class GraphFormat(Format):
    """A format for the triples of a CONSTRUCT or DESCRIBE, and for files of RDF."""

    engine: RdfFormat
    quads: bool = False
    """Whether it holds named graphs."""


_F = TypeVar("_F", bound=Format)


def _by_name(formats: Iterable[_F]) -> Mapping[str, _F]:
    return MappingProxyType({fmt.name: fmt for fmt in formats})


RESULT_FORMATS: Mapping[str, ResultFormat] = _by_name(
    [
        ResultFormat(
            "json",
            "SPARQL Results JSON",
            ("application/sparql-results+json", "application/json"),
            "srj",
            engine=QueryResultsFormat.JSON,
        ),
        ResultFormat(
            "xml",
            "SPARQL Results XML",
            ("application/sparql-results+xml", "application/xml", "text/xml"),
            "srx",
            engine=QueryResultsFormat.XML,
        ),
        ResultFormat("csv", "CSV", ("text/csv",), "csv", "utf-8", engine=QueryResultsFormat.CSV),
        ResultFormat(
            "tsv",
            "TSV",
            ("text/tab-separated-values",),
            "tsv",
            "utf-8",
            engine=QueryResultsFormat.TSV,
        ),
    ]
)
"""Formats for SELECT and ASK by short name, the default first."""

RDF_FORMATS: Mapping[str, GraphFormat] = _by_name(
    [
        GraphFormat(
            "turtle",
            "Turtle",
            ("text/turtle", "application/x-turtle"),
            "ttl",
            "utf-8",
            ("ttl", "n3"),  # whoever asks for N3 can read Turtle, which is a part of it
            engine=RdfFormat.TURTLE,
        ),
        GraphFormat(
            "ntriples",
            "N-Triples",
            ("application/n-triples", "text/plain"),
            "nt",
            aliases=("nt", "n-triples"),
            engine=RdfFormat.N_TRIPLES,
        ),
        GraphFormat(
            "rdfxml",
            "RDF/XML",
            ("application/rdf+xml", "application/xml", "text/xml"),
            "rdf",
            aliases=("rdf", "rdf+xml", "xml"),
            engine=RdfFormat.RDF_XML,
        ),
        GraphFormat(
            "jsonld",
            "JSON-LD",
            ("application/ld+json", "application/json"),
            "jsonld",
            aliases=("json-ld", "json"),
            engine=RdfFormat.JSON_LD,
            quads=True,
        ),
        GraphFormat(
            "trig",
            "TriG",
            ("application/trig", "application/x-trig"),
            "trig",
            engine=RdfFormat.TRIG,
            quads=True,
        ),
        GraphFormat(
            "nquads",
            "N-Quads",
            ("application/n-quads", "text/x-nquads"),
            "nq",
            aliases=("nq", "n-quads"),
            engine=RdfFormat.N_QUADS,
            quads=True,
        ),
    ]
)
"""Formats for CONSTRUCT, DESCRIBE and whole graphs by short name, the default first."""


def named(name: str, formats: Mapping[str, _F]) -> _F:
    """Return the format of ``formats`` with this short name, alias, file ending or media type.

    Parameters of a media type, such as its charset, are not looked at.

    Raises:
        UsageError: there is none; the message lists what there is.
    """
    wanted = name.partition(";")[0].strip().lower()
    for fmt in formats.values():
        if wanted in {fmt.name, fmt.extension, *fmt.aliases, *fmt.media_types}:
            return fmt
    near = nearest(wanted, formats)
    advice = f"; did you mean '{near}'?" if near else f"; there is {', '.join(formats)}"
    raise UsageError(f"no format '{name}' for this answer{advice}")


def engine_of(name: str | None) -> RdfFormat | None:
    """Return the engine's format for a short name of ``RDF_FORMATS``, None for None."""
    return RDF_FORMATS[name].engine if name else None
