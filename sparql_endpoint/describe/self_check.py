"""Does a service hold what it says of itself: fetch all that it tells of, parse it, count it."""

import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import chain
from typing import Any
from urllib.parse import parse_qs, quote, urldefrag, urljoin, urlsplit

import httpx
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from sparql_endpoint.describe.dump_check import DumpCheck, solutions
from sparql_endpoint.errors import RemoteError
from sparql_endpoint.names import BASE, PREFIXES
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS

__all__ = ["Finding", "examine"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_SPDX = "http://spdx.org/rdf/terms#"
_HEADER = {**PREFIXES, "sd": _SD, "spdx": _SPDX}
_DOCUMENTS = ("sparql", ".well-known/void", ".well-known/sparql-examples")
_COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 100"
_CANNOT_HOLD = b"cannot hold the "
"""What stands in a refusal to write data that a format has no way to write."""
_NOTHING = b""
_DEFAULT = "SELECT ?s ?p ?o { ?s ?p ?o }"
_NAMED = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
_EXAMPLES = "SELECT ?x ?q { ?x sh:select|sh:ask|sh:construct|sh:describe ?q } ORDER BY ?x"
_GRAPHS = "SELECT ?x ?n { ?g sd:name ?x ; sd:graph/void:triples ?n } ORDER BY ?x"
_PROPERTIES = """SELECT ?x ?n { ?p void:property ?x ; void:triples ?n
    FILTER NOT EXISTS { ?c void:class ?class ; void:propertyPartition ?p } } ORDER BY ?x"""
_CLASSES = "SELECT ?x ?n { ?p void:class ?x ; void:entities ?n } ORDER BY ?x"
_DIVIDED = """SELECT ?class ?property ?n { ?c void:class ?class ; void:propertyPartition ?p .
    ?p void:property ?property ; void:triples ?n } ORDER BY ?class ?property"""
_DIVIDE = """SELECT ?class ?property (COUNT(*) AS ?n) { ?s a ?class ; ?property ?o }
    GROUP BY ?class ?property"""
_TOTAL = "SELECT ?x ?n { ?x void:sparqlEndpoint ?e ; void:triples ?n }"
_DUMPS = """SELECT ?x ?size ?sum { ?d dcat:downloadURL ?x
    OPTIONAL { ?d dcat:byteSize ?size ; spdx:checksum/spdx:checksumValue ?sum } } ORDER BY ?x"""

_OURS = f"""SELECT DISTINCT ?iri {{ {{ ?iri ?p ?o }} UNION {{ ?s ?iri ?o }} UNION {{ ?s ?p ?iri }}
    UNION {{ GRAPH ?iri {{ ?s ?p ?o }} }}
    FILTER (ISIRI(?iri) && STRSTARTS(STR(?iri), "{BASE}") && !CONTAINS(STR(?iri), "#")) }}"""
_HREF = re.compile(r'\s(?:href|src)="([^"]+)"')
_ALIKE = 3
"""Addresses followed of those that differ in the values of their query alone."""
_MOST_WAITS = 12
"""Times that a file which is being written is asked for again."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """Something that was looked at, and what is wrong with it; nothing, if ``wrong`` is empty."""

    what: str
    wrong: str = ""


def examine(client: httpx.Client, *, links: bool = True) -> Iterator[Finding]:
    """Yield what is found of the service at the client's base URL, thing by thing.

    With ``links`` every link of every page is followed too.

    Raises:
        RemoteError: nothing answers there.
    """
    service = _Service(client)
    yield from chain(
        service.documents(),
        service.formats(),
        service.counts(),
        service.graphs(),
        service.dumps(),
        service.examples(),
        service.interface(),
        service.own_iris(),
        service.links() if links else (),
    )


class _Service:
    """A service under examination, with what it says of itself."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._said = Store()
        self._seen: set[str] = set()

    def documents(self) -> Iterator[Finding]:
        """Fetch the descriptions, which all else is compared with."""
        for path in _DOCUMENTS:
            what = f"/{path} as Turtle"
            response = self._get(path, accept="text/turtle")
            if response.status_code != httpx.codes.OK:
                yield Finding(what, f"status {response.status_code}")
                continue
            try:
                self._said.extend(parse(response.content, RdfFormat.TURTLE))
            except SyntaxError as fault:
                yield Finding(what, f"does not parse: {fault.msg}")
            else:
                yield Finding(what)

    def formats(self) -> Iterator[Finding]:
        """Ask for every format, and read it."""
        for result in RESULT_FORMATS.values():
            body = self._ask("ASK {}", result.media_type)
            yield _parsed(f"ASK as {result.title}", body, result.engine)
        for graph in RDF_FORMATS.values():
            body = self._ask(_ALL, graph.media_type)
            what = f"CONSTRUCT as {graph.title}"
            yield Finding(what) if body == _NOTHING else _parsed(what, body, graph.engine)

    def counts(self) -> Iterator[Finding]:
        """Count again what VoID counts."""
        for row in self._rows(_TOTAL):
            yield self._same("triples of the dataset", row, _COUNT)
        for row in self._rows(_PROPERTIES):
            query = f"SELECT (COUNT(*) AS ?n) {{ ?s <{row['x']}> ?o }}"
            yield self._same(f"triples of property <{row['x']}>", row, query)
        for row in self._rows(_CLASSES):
            query = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{row['x']}> }}"
            yield self._same(f"entities of class <{row['x']}>", row, query)
        if told := self._rows(_DIVIDED):
            yield self._divided(told)

    def graphs(self) -> Iterator[Finding]:
        """Fetch every named graph, and count its triples."""
        for row in self._rows(_GRAPHS):
            response = self._get("graphs", params={"graph": row["x"]}, accept="application/n-quads")
            wrong = f"status {response.status_code}" if response.is_error else ""
            found = "" if wrong else str(len(set(response.content.splitlines())))
            if not wrong and found != row["n"]:
                wrong = f"{found} triples, and the description says {row['n']}"
            yield Finding(f"graph <{row['x']}>", wrong)

    def dumps(self) -> Iterator[Finding]:
        """Fetch every file, compare its length and checksum, and what two parsers read in it."""
        check = DumpCheck(self._statements(_DEFAULT), self._statements(_NAMED))
        for row in self._rows(_DUMPS):
            response = self._patient(row["x"], "*/*")
            wrong = _wrong_with_file(response, row) or check.wrong(row["x"], response.content)
            yield Finding(f"file {row['x']}", wrong)

    def _statements(self, query: str) -> list[Quad] | None:
        """Return the statements that the service has, None where it does not give all of them."""
        response = self._get("sparql", params={"query": query}, accept="text/tab-separated-values")
        if response.is_error or response.headers.get("X-Result-Complete") == "false":
            return None
        try:
            return solutions(response.content)
        except (SyntaxError, TypeError, ValueError):
            return None

    def examples(self) -> Iterator[Finding]:
        """Run every example."""
        for row in self._rows(_EXAMPLES):
            response = self._get("sparql", params={"query": row["q"]}, accept="*/*")
            wrong = f"status {response.status_code}" if response.is_error else ""
            if response.headers.get("X-Result-Complete") == "false":
                wrong = "the answer is cut"
            yield Finding(f"example <{row['x']}>", wrong)

    def interface(self) -> Iterator[Finding]:
        """Fetch every address of the OpenAPI document that needs no parameter."""
        response = self._get("openapi.json", accept="application/json")
        try:
            paths: dict[str, Any] = json.loads(response.content)["paths"]
        except (ValueError, KeyError):
            yield Finding("/openapi.json", f"status {response.status_code}, no OpenAPI document")
            return
        yield Finding("/openapi.json")
        for path, item in paths.items():
            taken = item.get("get", {}).get("parameters", ())
            if "{" not in path and not any(entry.get("required") for entry in taken):
                status = self._get(path.lstrip("/"), accept="*/*").status_code
                yield Finding(f"GET {path}", "" if status == httpx.codes.OK else f"status {status}")

    def own_iris(self) -> Iterator[Finding]:
        """Dereference every IRI of ours that the data hold, here instead of at its own address."""
        body = self._ask(_OURS, "text/csv")
        if isinstance(body, str):
            yield Finding("IRIs of ours", body)
            return
        for iri in sorted(set(body.decode().split()[1:])):
            self._seen.add(path := quote(iri.removeprefix(BASE), safe="/%"))
            status = self._patient(path, "application/n-triples, */*;q=0.1").status_code
            yield Finding(f"<{iri}>", "" if status == httpx.codes.OK else f"status {status}")

    def links(self) -> Iterator[Finding]:
        """Follow the links of every page to other addresses of this service.

        Of addresses that differ only in the values of their query, such as those of filters, the
        first few stand for all.
        """
        root, pages = str(self._client.base_url), [""]
        alike: Counter[tuple[str, ...]] = Counter()
        for page in pages:
            response = self._patient(page)
            status = response.status_code
            yield Finding(f"page /{page}", "" if status == httpx.codes.OK else f"status {status}")
            if response.headers.get("Content-Type", "").partition(";")[0] != "text/html":
                continue
            for link in _HREF.findall(response.text):
                address = urldefrag(urljoin(str(response.url), unescape(link))).url
                path = address.removeprefix(root)
                if not address.startswith(root) or path in self._seen:
                    continue
                self._seen.add(path)
                parts = urlsplit(path)
                kind = parts.path.partition("/")[0] if parts.query else path
                alike[kind, *sorted(parse_qs(parts.query))] += 1
                if alike[kind, *sorted(parse_qs(parts.query))] <= _ALIKE:
                    pages.append(path)

    def _patient(self, path: str, accept: str = "text/html, */*;q=0.5") -> httpx.Response:
        """Return what an address answers, asking again where the service says to wait.

        A file that is being written is a 503 with Retry-After (RFC 9110, section 10.2.3).
        """
        waits = 0
        while True:
            response = self._get(path, accept=accept)
            status, wait = response.status_code, response.headers.get("Retry-After", "")
            is_busy = status == httpx.codes.SERVICE_UNAVAILABLE and waits < _MOST_WAITS
            if status != httpx.codes.TOO_MANY_REQUESTS and not (is_busy and wait.isdigit()):
                return response
            waits += 1
            time.sleep(float(wait) if wait.isdigit() else 1.0)

    def _get(
        self, path: str, *, accept: str, params: Mapping[str, str] | None = None
    ) -> httpx.Response:
        try:
            return self._client.get(path, params=params, headers={"Accept": accept})
        except httpx.TransportError as fault:
            raise RemoteError(f"{self._client.base_url}: {fault}") from None

    def _ask(self, query: str, media_type: str) -> bytes | str:
        """Return the body of an answer, or what is wrong with it."""
        response = self._get("sparql", params={"query": query}, accept=media_type)
        got = response.headers.get("Content-Type", "").partition(";")[0]
        if response.is_error:
            refused = _CANNOT_HOLD in response.content
            return _NOTHING if refused else f"status {response.status_code}"
        return response.content if got == media_type else f"sent as {got}"

    def _same(self, what: str, row: Row, query: str) -> Finding:
        body = self._ask(query, "application/sparql-results+json")
        if isinstance(body, str):
            return Finding(what, body)
        try:
            found = json.loads(body)["results"]["bindings"][0]["n"]["value"]
        except (ValueError, LookupError, TypeError):
            return Finding(what, "the answer is no count")
        return Finding(what, "" if found == row["n"] else f"{found}, and VoID says {row['n']}")

    def _divided(self, told: list[Row]) -> Finding:
        """Count the triples of each class and property again, all at once."""
        what = "properties of each class"
        body = self._ask(_DIVIDE, "application/sparql-results+json")
        if isinstance(body, str):
            return Finding(what, body)
        try:
            found = {
                (row["class"]["value"], row["property"]["value"]): row["n"]["value"]
                for row in json.loads(body)["results"]["bindings"]
            }
        except (ValueError, LookupError, TypeError):
            return Finding(what, "the answer is no count")
        for row in told:
            count = found.get((row["class"], row["property"]), "0")
            if count != row["n"]:
                where = f"<{row['property']}> of <{row['class']}>"
                return Finding(what, f"{where}: {count}, and VoID says {row['n']}")
        return Finding(what)

    def _rows(self, query: str) -> list[Row]:
        solutions = self._said.query(query, prefixes=_HEADER)
        assert isinstance(solutions, QuerySolutions)  # noqa: S101  # all of ours are a SELECT
        names = [variable.value for variable in solutions.variables]
        return [{name: _text(solution[name]) for name in names} for solution in solutions]


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _parsed(what: str, body: bytes | str, fmt: QueryResultsFormat | RdfFormat) -> Finding:
    if isinstance(body, str):
        return Finding(what, body)
    try:
        if isinstance(fmt, RdfFormat):
            list(parse(body, fmt))
        elif fmt is not QueryResultsFormat.CSV:  # which says too little to be read back
            parse_query_results(body, fmt)
    except (SyntaxError, ValueError) as fault:
        return Finding(what, f"does not parse: {fault}")
    return Finding(what)


def _wrong_with_file(response: httpx.Response, row: Row) -> str:
    if response.is_error:
        return f"status {response.status_code}"
    if row["size"] and row["size"] != str(len(response.content)):
        return f"{len(response.content)} bytes, and DCAT says {row['size']}"
    if row["sum"] and row["sum"].lower() != hashlib.sha256(response.content).hexdigest():
        return "the checksum is another"
    return ""
