"""Reading a request of the SPARQL 1.1 Protocol.

https://www.w3.org/TR/sparql11-protocol/#query-operation: section 2.1.1 (GET), 2.1.2 (POST with
URL-encoded parameters), 2.1.3 (POST directly), 2.1.4 (the dataset). Each value is decoded once.
"""

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from werkzeug.wrappers import Request

from sparql_endpoint.errors import (
    QueryTooLongError,
    RequestError,
    UnsupportedBodyError,
    UpdateRefusedError,
    UsageError,
)
from sparql_endpoint.query import trust
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS, Format, named
from sparql_endpoint.query.near import nearest

__all__ = [
    "FORM",
    "QUERY",
    "QueryRequest",
    "graph_iri",
    "read_parameters",
    "read_request",
    "way_up",
]

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_ENCODED = re.compile(rb"[\w%+&=.~!$'()*,;:@/?-]*")
"""The query of a URL (RFC 3986, section 3.4)."""
_MOST_PARAMETERS = 1000
_MOST_UNPACKED = 16 << 20
_KNOWN = (
    "default-graph-uri",
    "evidence",
    "format",
    "lang",
    "named-graph-uri",
    "output",
    "query",
    "trust",
)
_OF_OTHERS = frozenset({
    "Accept", "queryLn", "results",  # the format and the language again: SPARQLWrapper, RDF4J
    "debug", "fname", "run", "save", "should-sponge", "signal_unconnected", "signal_void",
    "timeout",  # settings of Virtuoso's form, which people copy with its addresses
    "ac", "infer", "reasoning",  # marks of sparql-editor, RDF4J and Stardog
})  # fmt: skip
"""Parameters that clients of other servers send, and that change no answer here."""
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
"""Charsets of a body that UTF-8 reads."""


@dataclass(frozen=True)
class QueryRequest:
    """A query and what the request says about how to answer it.

    ``dataset`` is None where the request names no graph: then the query's own FROM holds. Else it
    is the default graphs and the named graphs, and these replace every FROM (section 2.1.4).
    """

    query: str
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None
    format: str | None
    endpoint: str = "./sparql"
    """The way from the URL that was asked for to the endpoint."""
    encoded: str = ""
    """The query of the URL by which all of this was asked for, where it names no format."""
    trust: str = trust.DEFAULT
    """The name of the policy of trust under which the query is asked."""
    evidence: bool = False
    """Whether each row is to come with the claims that carry it."""
    unknown: tuple[str, ...] = ()
    """Names of parameters that mean nothing here."""


def read_request(request: Request) -> QueryRequest | None:
    """Return the query that ``request`` asks, or None where it asks none at all (a bare GET).

    Raises:
        RequestError: not exactly one query, a graph that is no absolute IRI, bytes that are not
            UTF-8, a parameter whose name is nearly one of ours.
        UnsupportedBodyError: a body of another type than the protocol's, in another charset or
            content coding.
        QueryTooLongError: a body unpacks to too much.
        UpdateRefusedError: the request is an update.
    """
    parameters = read_parameters(request.query_string)
    if request.method == "POST":
        parameters += _read_body(request)
    _refuse_update(parameters)
    unknown = _unknown(name for name, _ in parameters)
    queries = _values(parameters, "query")
    if not queries and request.method != "POST" and not _names_graphs(parameters):
        return None
    if len(queries) != 1:
        raise RequestError(
            f"a request has exactly one 'query', and this one has {len(queries) or 'none'}"
        )
    endpoint = way_up(request.path) + "sparql"
    dataset, wanted = _dataset(parameters), _wanted_format(parameters)
    encoded = ""
    if wanted is None and request.method != "POST" and _ENCODED.fullmatch(request.query_string):
        encoded = request.query_string.decode("ascii")
    return QueryRequest(
        queries[0],
        dataset,
        wanted,
        endpoint,
        encoded,
        _policy(parameters),
        _evidence(parameters),
        unknown,
    )


def _policy(parameters: Iterable[tuple[str, str]]) -> str:
    names = set(filter(None, _values(parameters, "trust"))) or {trust.DEFAULT}
    if len(names) > 1:
        raise RequestError("'trust' is one choice, and this request makes several")
    return names.pop()


def _evidence(parameters: Iterable[tuple[str, str]]) -> bool:
    values = set(_values(parameters, "evidence"))
    if values - {"1", "0", ""}:
        raise RequestError("'evidence' is 1, for the claims that carry each row, or 0")
    return "1" in values


def way_up(path: str) -> str:
    """Return the way from ``path`` up to the front page."""
    return "../" * (path.count("/") - 1) or "./"


def read_parameters(text: bytes) -> list[tuple[str, str]]:
    """Return the names and values of a URL's query or of a form, decoded as UTF-8.

    Raises:
        RequestError: the bytes are not UTF-8, or there are more than a thousand parameters.
    """
    try:
        return parse_qsl(
            text.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except UnicodeDecodeError as fault:
        raise RequestError(f"the parameters are not UTF-8 ({fault.reason})") from None
    except ValueError:
        raise RequestError(f"more than {_MOST_PARAMETERS} parameters") from None


def _read_body(request: Request) -> list[tuple[str, str]]:
    if request.mimetype == UPDATE:
        raise UpdateRefusedError
    if request.mimetype not in {FORM, QUERY}:
        named = f"'{request.mimetype}'" if request.mimetype else "no Content-Type"
        raise UnsupportedBodyError(f"a body is {FORM} or {QUERY}, and this one has {named}")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in _UTF_8:
        raise UnsupportedBodyError("a query is written in UTF-8, the only charset of the protocol")
    body = request.get_data(cache=False)
    if len(body) < (request.content_length or 0):
        raise RequestError("the body is shorter than its Content-Length")
    body = _decoded(body, request.headers.get("Content-Encoding", ""))
    if request.mimetype == FORM:
        return read_parameters(body)
    try:
        return [("query", body.decode("utf-8"))]
    except UnicodeDecodeError as fault:
        raise RequestError(f"the query is not UTF-8 ({fault.reason})") from None


def _decoded(body: bytes, coding: str) -> bytes:
    """Return a body without its content coding: gzip is the one that clients use.

    RFC 9110, section 8.4 (https://www.rfc-editor.org/rfc/rfc9110#section-8.4); another is a 415 by
    section 15.5.16.
    """
    name = coding.strip().lower()
    if name in {"", "identity"}:
        return body
    if name not in {"gzip", "x-gzip"}:
        raise UnsupportedBodyError(f"a body comes as it is or by gzip, not by '{name[:100]}'")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        text = unpacker.decompress(body, _MOST_UNPACKED)
    except zlib.error:
        raise RequestError("the body is no gzip, which its Content-Encoding says") from None
    if unpacker.unconsumed_tail:
        raise QueryTooLongError(f"the body unpacks to more than {_MOST_UNPACKED:,} bytes")
    if not unpacker.eof:
        raise RequestError("the gzip of the body breaks off")
    return text


def _refuse_update(parameters: Iterable[tuple[str, str]]) -> None:
    if _values(parameters, "update"):
        raise UpdateRefusedError


def _unknown(names: Iterable[str]) -> tuple[str, ...]:
    """Return the parameters that no client of SPARQL is known to send.

    Raises:
        RequestError: one is nearly the name of a parameter of ours, and would be sent in vain.
    """
    found = tuple(dict.fromkeys(n for n in names if n not in _KNOWN and n not in _OF_OTHERS))
    for name in found:
        if near := nearest(name, _KNOWN):
            raise RequestError(f"unknown parameter '{name[:100]}'; did you mean '{near}'?")
    return found


def _values(parameters: Iterable[tuple[str, str]], *names: str) -> list[str]:
    return [value for name, value in parameters if name in names]


def _names_graphs(parameters: Sequence[tuple[str, str]]) -> bool:
    """Return whether a request names graphs; a field of a form that was left empty names none."""
    return any(_values(parameters, "default-graph-uri", "named-graph-uri"))


def _dataset(
    parameters: Sequence[tuple[str, str]],
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    if not _names_graphs(parameters):
        return None
    default, named = (
        tuple(dict.fromkeys(graph_iri(iri) for iri in _values(parameters, name) if iri))
        for name in ("default-graph-uri", "named-graph-uri")
    )
    return default, named


def graph_iri(iri: str) -> str:
    """Return ``iri``.

    Raises:
        RequestError: it is no absolute IRI.
    """
    if not _is_absolute(iri):
        raise RequestError(f"a graph is named by an absolute IRI, not by '{iri[:100]}'")
    return iri


def _is_absolute(iri: str) -> bool:
    try:
        return bool(urlsplit(iri).scheme) and not any(c <= " " or c in '<>"{}|\\^`' for c in iri)
    except ValueError:
        return False


def _wanted_format(parameters: Sequence[tuple[str, str]]) -> str | None:
    """Return the name of a format, the first where there are several for one.

    SPARQLWrapper asks for TSV as ``format=tsv&format=text/tab-separated-values&output=tsv&…``, and
    for JSON-LD by a list of media types.
    """
    wanted = [value for value in _values(parameters, "format", "output") if value]
    if len(set(wanted)) > 1 and len({_stands_for(value) for value in wanted}) > 1:
        raise RequestError("'format' and 'output' are one choice, and this request makes several")
    return wanted[0] if wanted else None


def _stands_for(value: str) -> tuple[str, ...]:
    """Return the formats that a name, or the first of a list of them, is for; else itself."""
    name = value.partition(",")[0]
    found = [fmt.name for table in (RESULT_FORMATS, RDF_FORMATS) for fmt in _known(name, table)]
    return tuple(found) or (name.strip().lower(),)


def _known(name: str, formats: Mapping[str, Format]) -> list[Format]:
    try:
        return [named(name, formats)]
    except UsageError:
        return []
