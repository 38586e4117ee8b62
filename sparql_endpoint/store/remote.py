"""A store that is another server's: any SPARQL 1.1 endpoint, asked over HTTP.

It answers as a ``pyoxigraph.Store`` does, so that the same processes, limits and formats stand
before it. What comes back is parsed and written anew: half an answer, or a page of HTML, is told as
such and never passed on, and a value that is no RDF costs itself and a notice.

SPARQL 1.1 Protocol, section 2.1: https://www.w3.org/TR/sparql11-protocol/#query-operation.
"""

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING, TypeAlias, cast

import httpx
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
)

from sparql_endpoint import __version__
from sparql_endpoint.errors import (
    QueryError,
    RemoteBusyError,
    RemoteDownError,
    RemoteError,
    RemoteTimeoutError,
)
from sparql_endpoint.graph.whole_xml import whole_xml
from sparql_endpoint.query.declaring import with_prefixes
from sparql_endpoint.query.outline import Form, outline
from sparql_endpoint.store.answers import noting, read_answer
from sparql_endpoint.store.answers_ntriples import read_ntriples

if TYPE_CHECKING:
    from sparql_endpoint.query.deviations import Notice

__all__ = ["RemoteStore", "credentials", "log_in_by_digest"]

_RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.9"
_GRAPHS = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.8"
_CONNECT = 5.0
_EXCERPT = 300
_CUT_MARKS = ("X-SQL-State", "X-SPARQL-MaxRows")
"""Headers by which Virtuoso tells that it cut an answer by its time or its number of rows."""
_OUT_OF_TIME = "S1TAT"
"""The state of an answer that Virtuoso cut by its time."""
_TIMED = {"virtuoso": ("timeout", 1000)}
"""Servers that take a time limit, by what they call themselves: its field, and units a second.

Virtuoso goes on with a query that nobody waits for, for minutes, unless it is told. Others have a
field of this name in other units, so that none is sent to who does not say that it is Virtuoso: the
URL of the store can have one (``https://…/sparql?timeout=9s``).
https://github.com/openlink/virtuoso-opensource/blob/develop/7/README.ANYTIME.md
"""

_MOVED = frozenset({301, 302, 307, 308})
_MOST_MOVES = 3

_Graph: TypeAlias = NamedNode | BlankNode | DefaultGraph


def credentials() -> dict[str, str]:
    """Return the header for the server behind, from the environment alone.

    ``FORUMGRAPH_STORE_TOKEN`` is a bearer token; ``FORUMGRAPH_STORE_USER`` and
    ``FORUMGRAPH_STORE_PASSWORD`` are for Basic, and for Digest where the server asks for that.
    """
    if token := os.environ.get("FORUMGRAPH_STORE_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    if user := os.environ.get("FORUMGRAPH_STORE_USER"):
        password = os.environ.get("FORUMGRAPH_STORE_PASSWORD", "")
        request = httpx.Request("GET", "http://localhost/")
        flow = httpx.BasicAuth(user, password).auth_flow(request)
        return {"Authorization": next(flow).headers["Authorization"]}
    return {}


def log_in_by_digest(client: httpx.Client, url: str) -> bool:
    """Let ``client`` log in by Digest (RFC 7616) where the server at ``url`` asks for that.

    The user is that of ``credentials``. The server is asked without any, since Virtuoso says
    nothing of Digest to a client that comes with Basic. Return whether ``client`` was changed.
    """
    user = os.environ.get("FORUMGRAPH_STORE_USER")
    if not user or client.auth is not None or "FORUMGRAPH_STORE_TOKEN" in os.environ:
        return False
    request = client.build_request("HEAD", url)
    request.headers.pop("Authorization", None)
    try:
        demand = client.send(request)
    except httpx.HTTPError:
        return False  # what is sent next will tell
    if "digest" not in demand.headers.get("WWW-Authenticate", "").lower():
        return False
    client.auth = httpx.DigestAuth(user, os.environ.get("FORUMGRAPH_STORE_PASSWORD", ""))
    client.headers.pop("Authorization", None)
    return True


class RemoteStore:
    """The dataset of the SPARQL endpoint at ``url``.

    ``timeout`` is the number of seconds that it may be silent; a server that takes a time limit is
    told it from the second query on, since its first answer says who it is. A redirect is followed
    within the same host, and else told with where it leads.

    ``notices`` are on the values of the last answer that could not be kept whole; they are there
    when it has been read to its end.
    """

    def __init__(self, url: str, timeout: float = 30.0) -> None:
        self.url, self._timeout = url, timeout
        self._time_limit: dict[str, str] = {}
        self.notices: list[Notice] = []
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=_CONNECT),
            headers={"User-Agent": f"forumgraph/{__version__}"} | credentials(),
            trust_env=False,  # the server named is asked itself, whatever proxies others use
        )

    def query(
        self,
        query: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        default_graph: Sequence[_Graph] | None = None,
        named_graphs: Sequence[_Graph] | None = None,
    ) -> QuerySolutions | QueryBoolean | Iterator[Triple]:
        """Ask the server; solutions and triples come as it sends them.

        Raises:
            QueryError: the server says that the query is wrong.
            RemoteTimeoutError: it is silent for too long.
            RemoteBusyError: it asks to come back later.
            RemoteError: it cannot be reached, fails, cuts its answer, or answers what is no answer.
        """
        form = outline(query).form
        self.notices = []
        fields = {
            "query": with_prefixes(query, prefixes or {}),
            "default-graph-uri": [str(graph.value) for graph in _named(default_graph)],
            "named-graph-uri": [str(graph.value) for graph in _named(named_graphs)],
        }
        accept = _GRAPHS if form.gives_graph else _RESULTS
        response = self._send(fields, accept)
        body = cast("IO[bytes]", io.BufferedReader(_Body(response)))
        kind = response.headers.get("Content-Type", "")
        try:
            if form.gives_graph:
                return self._triples(
                    body, RdfFormat.from_media_type(kind.partition(";")[0].strip())
                )
            return read_answer(body, kind, self.notices, ask=form is Form.ASK)
        except (SyntaxError, OSError) as fault:
            raise self._broken(fault) from fault

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _send(self, fields: Mapping[str, Sequence[str]], accept: str) -> httpx.Response:
        response = self._response(fields, accept)
        unknown = response.status_code == httpx.codes.UNAUTHORIZED
        if unknown and log_in_by_digest(self._client, self.url):
            response.close()
            response = self._response(fields, accept)
        for _ in range(_MOST_MOVES):
            target = self._target(response)
            if target is None:
                break
            response.close()
            self.url = target
            response = self._response(fields, accept)
        self._learn(response.headers.get("Server", ""))
        if response.status_code != httpx.codes.OK:
            self._refuse(response)
        if marks := [mark for mark in _CUT_MARKS if mark in response.headers]:
            response.close()
            if response.headers.get("X-SQL-State") == _OUT_OF_TIME:
                raise RemoteTimeoutError(f"{self.url} ran out of time and cut its answer")
            raise RemoteError(f"{self.url} cut its answer ({', '.join(marks)})")
        return response

    def _response(self, fields: Mapping[str, Sequence[str]], accept: str) -> httpx.Response:
        request = self._client.build_request(
            "POST", self.url, data={**fields, **self._time_limit}, headers={"Accept": accept}
        )
        try:
            return self._client.send(request, stream=True)
        except httpx.TimeoutException:
            raise RemoteTimeoutError(f"{self.url} did not answer in time") from None
        except httpx.HTTPError as fault:
            raise RemoteError(f"{self.url} cannot be asked: {fault}") from None

    def _target(self, response: httpx.Response) -> str | None:
        """Return where a redirect leads, None where there is none or it leaves the host.

        To the same host on the same port, or from HTTP to HTTPS on the ports that are usual for
        them: credentials may go there too.
        """
        location = response.headers.get("Location")
        if response.status_code not in _MOVED or not location:
            return None
        here, there = httpx.URL(self.url), httpx.URL(self.url).join(location)
        secured = (here.scheme, there.scheme) == ("http", "https")
        same = (here.scheme, here.port) == (there.scheme, there.port)
        usual = secured and here.port is None and there.port is None
        return str(there) if here.host == there.host and (same or usual) else None

    def _learn(self, server: str) -> None:
        """Note the time limit that a server of this name takes."""
        for name, (field, units) in _TIMED.items():
            if name in server.lower():
                self._time_limit = {field: str(round(self._timeout * units))}

    def _refuse(self, response: httpx.Response) -> None:
        try:
            said = " ".join(response.read().decode(errors="replace").split())[:_EXCERPT]
        except httpx.HTTPError:
            said = ""
        status = response.status_code
        after = response.headers.get("Retry-After", "")
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise RemoteBusyError(f"{self.url} takes no more queries for now: {said}", after)
        if status == httpx.codes.SERVICE_UNAVAILABLE and after:
            raise RemoteDownError(f"{self.url} is no service for now: {said}", after)
        if status in _MOVED and (location := response.headers.get("Location")):
            raise RemoteError(
                f"{self.url} answered {status}: it has moved; give --store {location}"
            )
        if status == httpx.codes.BAD_REQUEST:
            raise QueryError(f"the server behind refuses the query: {said}")
        if status in {httpx.codes.GATEWAY_TIMEOUT, httpx.codes.REQUEST_TIMEOUT}:
            raise RemoteTimeoutError(f"{self.url} ran out of time: {said}")
        raise RemoteError(f"{self.url} answered {status} {response.reason_phrase}: {said}")

    def _triples(self, body: IO[bytes], rdf_format: RdfFormat | None) -> Iterator[Triple]:
        if rdf_format is None:
            raise RemoteError(f"{self.url} answered no RDF")
        if rdf_format == RdfFormat.N_TRIPLES:
            return self._each(read_ntriples(body, noting(self.notices)))
        is_xml = rdf_format == RdfFormat.RDF_XML
        return self._each(parse(whole_xml(body) if is_xml else body, format=rdf_format))

    def _each(self, quads: Iterator[object]) -> Iterator[Triple]:
        try:
            for quad in quads:
                yield quad.triple  # type: ignore[attr-defined]
        except (SyntaxError, OSError) as fault:
            raise self._broken(fault) from fault

    def _broken(self, fault: Exception) -> RemoteError:
        return RemoteError(f"{self.url} sent what is no whole answer: {fault}")


def _named(graphs: Sequence[_Graph] | None) -> list[NamedNode]:
    return [graph for graph in graphs or () if isinstance(graph, NamedNode)]


class _Body(io.RawIOBase):
    """A response as a file to read."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._chunks = response.iter_bytes()
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            try:
                self._left = next(self._chunks)
            except StopIteration:
                return 0
            except httpx.TimeoutException as fault:
                raise RemoteTimeoutError("the server behind fell silent") from fault
            except httpx.HTTPError as fault:
                raise RemoteError(f"the server behind sent no whole answer: {fault}") from fault
        taken = min(len(buffer), len(self._left))
        buffer[:taken] = self._left[:taken]
        self._left = self._left[taken:]
        return taken
