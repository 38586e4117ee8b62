"""Wikidata as this project asks it: search, items, reconciliation."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import httpx

from sparql_endpoint.errors import RemoteError
from sparql_endpoint.link.item import Item, JsonObject, parse_item
from sparql_endpoint.link.settings import Settings

if TYPE_CHECKING:
    from sparql_endpoint.link.transport import Tell

__all__ = ["Hit", "Wikidata"]

_BATCH = 50
_GONE = frozenset({"no-such-entity", "no-such-entity-id"})


@dataclass(frozen=True)
class Hit:
    """A candidate that a search found; ``found_by`` says how, in words."""

    id: str
    label: str
    description: str
    found_by: str


class Wikidata:
    """A client of Wikidata; a context manager that closes its connection and its cache.

    ``tell`` is called with a line of text before each wait for a busy server.

    Every method raises RemoteError when the service fails or answers what cannot be read.
    """

    def __init__(
        self,
        settings: Settings,
        transport: httpx.BaseTransport | None = None,
        tell: "Tell | None" = None,
    ) -> None:
        from sparql_endpoint.link.transport import http_client  # noqa: PLC0415  # an extra

        self._settings = settings
        self._http = http_client(settings, transport, tell)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def search(self, text: str, language: str, limit: int = 7) -> list[Hit]:
        """Return the items whose label or alias begins like ``text`` (wbsearchentities)."""
        answer = self._api(
            action="wbsearchentities",
            search=text,
            language=language,
            uselang=language,
            type="item",
            limit=str(limit),
        )
        return [_search_hit(found, text, language) for found in answer.get("search", ())]

    def items(self, ids: Iterable[str]) -> dict[str, Item | None]:
        """Return the items by the id asked for, None where there is none (wbgetentities).

        An item that took another's place has ``redirected_from`` set.
        """
        wanted = tuple(dict.fromkeys(ids))
        found: dict[str, Item | None] = {}
        for start in range(0, len(wanted), _BATCH):
            found |= self._items(wanted[start : start + _BATCH])
        return found

    def reconcile(
        self,
        name: str,
        type_ids: Sequence[str] = (),
        properties: Mapping[str, str] | None = None,
        limit: int = 5,
    ) -> list[Hit]:
        """Return the candidates of the reconciliation service for a name and known values."""
        query: dict[str, Any] = {"query": name, "limit": limit}
        if type_ids:
            query |= {"type": list(type_ids), "type_strict": "should"}
        if properties:
            query["properties"] = [{"pid": pid, "v": v} for pid, v in properties.items()]
        batch = json.dumps({"q0": query}, ensure_ascii=False)
        answer = _json(self._get(self._settings.reconciliation, {"queries": batch}))
        return [_reconciled_hit(found) for found in answer.get("q0", {}).get("result", ())]

    def select(self, query: str) -> list[dict[str, str]]:
        """Return the rows of a SELECT from the query service, each value as plain text."""
        url = f"{self._settings.query_service}/sparql"
        answer = _json(self._get(url, {"query": query, "format": "json"}))
        return [
            {variable: str(term["value"]) for variable, term in row.items()}
            for row in answer["results"]["bindings"]
        ]

    def _items(self, ids: tuple[str, ...]) -> dict[str, Item | None]:
        try:
            answer = self._api(
                action="wbgetentities",
                ids="|".join(ids),
                props="info|labels|descriptions|aliases|claims",
                redirects="yes",
            )
        except _NoSuchEntityError:
            return self._items_one_by_one(ids)
        bodies = answer.get("entities", {})
        return {asked: _asked_item(asked, bodies) for asked in ids}

    def _items_one_by_one(self, ids: tuple[str, ...]) -> dict[str, Item | None]:
        """Ask again alone: one id that never existed fails a whole batch."""
        if len(ids) == 1:
            return {ids[0]: None}
        found: dict[str, Item | None] = {}
        for item_id in ids:
            found |= self._items((item_id,))
        return found

    def _api(self, **parameters: str) -> JsonObject:
        common = {"format": "json", "maxlag": str(self._settings.maxlag)}
        answer = _json(self._get(f"{self._settings.site}/w/api.php", parameters | common))
        if "error" in answer:
            error = answer["error"]
            kind = _NoSuchEntityError if error.get("code") in _GONE else RemoteError
            raise kind(f"Wikidata refuses the request: {error.get('info', error.get('code'))}")
        return answer

    def _get(self, url: str, parameters: Mapping[str, str]) -> httpx.Response:
        try:
            return self._http.get(url, params=parameters or None)
        except (httpx.InvalidURL, httpx.HTTPError) as error:
            raise RemoteError(f"{url}: {error}") from error


class _NoSuchEntityError(RemoteError):
    """An id of the request names nothing."""


def _json(response: httpx.Response) -> dict[str, Any]:
    if not response.is_success:
        told = f"{response.status_code} {response.reason_phrase}"
        raise RemoteError(f"{response.url.host} answered {told}")
    try:
        body = response.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    raise RemoteError(f"{response.url.host} answered something that is no JSON object")


def _asked_item(asked: str, bodies: JsonObject) -> Item | None:
    body = bodies.get(asked) or _redirect_target(asked, bodies)
    if body is None or "missing" in body:
        return None
    return parse_item(body, asked=asked)


def _redirect_target(asked: str, bodies: JsonObject) -> JsonObject | None:
    """Return the body that says it was reached from ``asked`` (``redirects.from``)."""
    bodies_from: Iterator[JsonObject] = (
        body for body in bodies.values() if body.get("redirects", {}).get("from") == asked
    )
    return next(bodies_from, None)


def _search_hit(found: JsonObject, text: str, language: str) -> Hit:
    match = found.get("match", {})
    how = f"{match.get('type', 'text')} search {text!r}@{match.get('language', language)}"
    return Hit(
        str(found["id"]), str(found.get("label", "")), str(found.get("description", "")), how
    )


def _reconciled_hit(found: JsonObject) -> Hit:
    how = f"reconciliation, score {float(found['score']):.0f}"
    return Hit(
        str(found["id"]), str(found.get("name", "")), str(found.get("description") or ""), how
    )
