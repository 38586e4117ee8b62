"""A stand-in for Wikidata on this machine: real paths and formats, the few items we hold.

It serves what stands in ``wikidata/`` beside this file and says "no such entity" to all else.
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store
from serving import serving

from sparql_endpoint.link.settings import Settings

FOLDER = Path(__file__).parent / "wikidata"
RECORDED = FOLDER / "recorded"


@dataclass
class Answer:
    """One answer of the stand-in."""

    body: str
    status: int = 200
    media_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class WikidataStandIn:
    """What the stand-in knows and what it was asked; ``faults`` are answered first, once each."""

    def __init__(self) -> None:
        files = sorted((FOLDER / "entities").glob("Q*.json"))
        self.entities: dict[str, Any] = {f.stem: json.loads(f.read_text("utf-8")) for f in files}
        self.redirects = {"Q990001": "Q298", "Q990002": "Q148"}
        self.faults: list[Answer] = []
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.under_way = self.most_under_way = 0
        self.port = 0
        self._lock = threading.Lock()
        self._store = Store()
        self._store.load(path=FOLDER / "items.ttl", format=RdfFormat.TURTLE)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, folder: Path, **changes: Any) -> Settings:
        """Return settings that ask this stand-in, without a cache unless one is asked for."""
        fixed: dict[str, Any] = {
            "site": self.url,
            "query_service": self.url,
            "reconciliation": f"{self.url}/en/api",
            "cache_folder": folder,
            "cache_lifetime": 0,
            "timeout": 5.0,
        }
        return Settings(**(fixed | changes))

    def environment(self, folder: Path) -> dict[str, str]:
        """Return the environment that makes the command ask this stand-in."""
        return {
            "FORUMGRAPH_WIKIDATA_SITE": self.url,
            "FORUMGRAPH_WIKIDATA_QUERY_SERVICE": self.url,
            "FORUMGRAPH_WIKIDATA_RECONCILIATION": f"{self.url}/en/api",
            "FORUMGRAPH_WIKIDATA_CACHE_FOLDER": str(folder),
        }

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.requests]

    def answer(self, path: str, parameters: dict[str, str]) -> Answer:
        if self.faults:
            return self.faults.pop(0)
        if path == "/w/api.php":
            actions = {"wbsearchentities": self._search, "wbgetentities": self._get}
            return actions[parameters["action"]](parameters)
        if path == "/sparql":
            return self._sparql(parameters["query"])
        if path == "/en/api":
            return self._reconcile(json.loads(parameters["queries"]))
        return Answer("not found", 404, "text/plain")

    def _search(self, parameters: dict[str, str]) -> Answer:
        text, language = parameters["search"], parameters["language"]
        if text == "abc":
            return Answer((RECORDED / "wbsearchentities-abc.json").read_text("utf-8"))
        hits = [
            _hit(entity, match)
            for entity in self.entities.values()
            if (match := _match(entity, text, language))
        ]
        body = {"searchinfo": {"search": text}, "search": hits, "success": 1}
        return Answer(json.dumps(body))

    def _get(self, parameters: dict[str, str]) -> Answer:
        ids = parameters["ids"].split("|")
        assert len(ids) <= 50
        if any(not item[1:].isdigit() or item == "Q0" for item in ids):
            return Answer((RECORDED / "wbgetentities-bogus.json").read_text("utf-8"))
        bodies = {self.redirects.get(i, i) if i == "Q990002" else i: self._body(i) for i in ids}
        return Answer(json.dumps({"entities": bodies, "success": 1}))

    def _body(self, item: str) -> Any:
        target = self.redirects.get(item, item)
        if target not in self.entities:
            return {"id": item, "missing": ""}
        moved = {"redirects": {"from": item, "to": target}} if target != item else {}
        return self.entities[target] | moved

    def _sparql(self, query: str) -> Answer:
        solutions = self._store.query(query)
        assert isinstance(solutions, QuerySolutions)
        body = solutions.serialize(format=QueryResultsFormat.JSON)
        assert body is not None
        return Answer(body.decode(), media_type="application/sparql-results+json")

    def _reconcile(self, batch: dict[str, Any]) -> Answer:
        return Answer(json.dumps({key: self._candidates(q) for key, q in batch.items()}))

    def _candidates(self, query: dict[str, Any]) -> Any:
        wanted = query["query"].casefold()
        found = [
            {
                "score": 100.0,
                "features": [{"id": "all_labels", "value": 100}],
                "id": entity["id"],
                "name": entity["labels"]["en"]["value"],
                "description": entity["descriptions"]["en"]["value"],
                "type": [],
                "match": False,
            }
            for entity in self.entities.values()
            if wanted in {label["value"].casefold() for label in entity["labels"].values()}
        ]
        return {"result": found[: query["limit"]]}


def _match(entity: Any, text: str, language: str) -> dict[str, str]:
    wanted = text.casefold()
    label = entity["labels"].get(language, {}).get("value", "")
    if label and label.casefold().startswith(wanted):
        return {"type": "label", "language": language, "text": label}
    for alias in entity["aliases"].get(language, ()):
        if alias["value"].casefold().startswith(wanted):
            return {"type": "alias", "language": language, "text": alias["value"]}
    return {}


def _hit(entity: Any, match: dict[str, str]) -> Any:
    item = entity["id"]
    return {
        "id": item,
        "title": item,
        "pageid": entity["pageid"],
        "concepturi": f"http://www.wikidata.org/entity/{item}",
        "url": f"//www.wikidata.org/wiki/{item}",
        "repository": "wikidata",
        "label": entity["labels"]["en"]["value"],
        "description": entity["descriptions"]["en"]["value"],
        "match": match,
    }


def _handler(stand_in: WikidataStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._serve(parts.path, parts.query)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            parts = urlsplit(self.path)
            if self.headers["Content-Type"].startswith("application/sparql-query"):
                body = urlencode({"query": body})
            self._serve(parts.path, body)

        def _serve(self, path: str, form: str) -> None:
            parameters = {key: values[0] for key, values in parse_qs(form).items()}
            with stand_in._lock:
                stand_in.under_way += 1
                stand_in.most_under_way = max(stand_in.most_under_way, stand_in.under_way)
                stand_in.requests.append((path, parameters, dict(self.headers)))
            answer = stand_in.answer(path, parameters)
            body = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            with stand_in._lock:
                stand_in.under_way -= 1
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # its name there
            """Keep quiet."""

    return Handler


@pytest.fixture
def wikidata_standin() -> Iterator[WikidataStandIn]:
    """Return a local server that speaks as Wikidata does."""
    stand_in = WikidataStandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stand_in))
    stand_in.port = server.server_port
    with serving(server):
        yield stand_in
