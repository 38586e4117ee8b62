"""A client of our own HTTP service: every limit of the endpoint holds for assistants too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from sparql_endpoint.errors import RemoteError, UsageError
from sparql_endpoint.names import shorten

__all__ = ["EndpointClient", "SparqlAnswer"]

_JSON = "application/sparql-results+json"
_TURTLE = "text/turtle"
_LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class SparqlAnswer:
    """A result: columns and rows of short texts, or a graph or a truth value as ``text``."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""
    whole: bool = True
    """Whether no limit of the endpoint cut it."""
    warnings: tuple[str, ...] = ()


class EndpointClient:
    """Asks one server of ours; ``url`` is the address of its front page.

    Raises:
        UsageError: the server refuses the request; the message is the server's own.
        RemoteError: the server does not answer, or fails.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/") + "/"
        self._http = httpx.Client(timeout=_LONGEST_WAIT, follow_redirects=False)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def json(self, path: str, parameters: Mapping[str, str]) -> Any:
        """Return what a page of the server answers as JSON."""
        return self._ask("GET", path, params=dict(parameters)).json()

    def sparql(self, query: str) -> SparqlAnswer:
        """Return the result of a query of any form; IRIs are shortened by our prefixes."""
        accept = {"Accept": f"{_JSON}, {_TURTLE}"}
        response = self._ask("POST", "sparql", data={"query": query}, headers=accept)
        whole = response.headers.get("X-Result-Complete") != "false"
        warnings = tuple(response.headers.get_list("X-Query-Warning"))
        if not response.headers["Content-Type"].startswith(_JSON):
            return SparqlAnswer(text=response.text, whole=whole, warnings=warnings)
        found = response.json()
        if "boolean" in found:
            truth = str(found["boolean"]).lower()
            return SparqlAnswer(text=truth, whole=whole, warnings=warnings)
        columns = tuple(found["head"]["vars"])
        rows = tuple(
            tuple(_text(binding[name]) if name in binding else "" for name in columns)
            for binding in found["results"]["bindings"]
        )
        return SparqlAnswer(columns, rows, whole=whole, warnings=warnings)

    def _ask(self, method: str, path: str, **parts: Any) -> httpx.Response:
        try:
            response = self._http.request(method, self.url + path, **parts)
        except httpx.HTTPError as error:
            raise RemoteError(f"{self.url} does not answer: {error}") from error
        if response.is_success:
            return response
        try:
            detail = response.json()["detail"]
        except (ValueError, KeyError, TypeError):
            detail = f"{self.url}{path} answered {response.status_code}"
        if response.is_client_error:
            raise UsageError(detail)
        raise RemoteError(detail)


def _text(term: Mapping[str, Any]) -> str:
    """Return a term of a result for a reader: a short name, or a literal with its language."""
    value = str(term["value"])
    if term["type"] == "uri":
        return shorten(value)
    if term["type"] == "triple":
        return f"<<( {' '.join(_text(value) for value in term['value'].values())} )>>"
    return f"{value}@{language}" if (language := term.get("xml:lang")) else value
