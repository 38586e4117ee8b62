"""The doctor finds a healthy service healthy, and each way of not being as it says."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from click.testing import CliRunner
from flask import Flask, Response, request
from openapi_spec_validator import validate
from pyoxigraph import Literal, NamedNode, Quad, Store

from sparql_endpoint import __version__, errors
from sparql_endpoint.app import create_app
from sparql_endpoint.cli.doctor import command
from sparql_endpoint.describe.examples import add_examples
from sparql_endpoint.describe.self_check import Finding, examine
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.errors import RemoteError
from sparql_endpoint.names import BASE
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.server.data_source import load
from sparql_endpoint.site.app import register

Spoil = Callable[[Flask], object]
OF_A_QUERY = {
    int(error.http_status)
    for error in (
        *(errors.QueryError, errors.ServiceRefusedError, errors.UpdateRefusedError),
        *(errors.NotAcceptableError, errors.EngineError, errors.QueryCrashedError),
        *(errors.RemoteError, errors.RemoteTimeoutError),
    )
}
ABOUT = About("1", datetime(2024, 5, 6, tzinfo=UTC), own=True)


def client_of(app: Flask) -> httpx.Client:
    """Return a client of an application, without a socket."""
    return httpx.Client(
        transport=httpx.WSGITransport(app),
        base_url="http://graph.example/",
        follow_redirects=True,
        headers={"Accept-Encoding": "identity"},  # tests change texts on their way
    )


def wrong(findings: Iterable[Finding]) -> list[str]:
    """Return what is wrong."""
    return [f"{finding.what}: {finding.wrong}" for finding in findings if finding.wrong]


@pytest.fixture
def app() -> Flask:
    """Return an application of the questions and two graphs, which is quickly examined."""
    store = Store()
    add_examples(store)
    for name in ("a", "b"):
        store.add(Quad(_name(name), _name("p"), Literal("x"), _name(f"graph-{name}")))
    return create_app(QueryRunner.over(store), ABOUT)


def _name(name: str) -> NamedNode:
    return NamedNode(f"https://example.org/{name}")


def without_claims_of_others() -> Store:
    """Return the project's graph without the claims of most sources, which are alike."""
    store = load()
    for quad in list(store.named_graphs()):
        if "/claims/" in str(quad) and not str(quad).endswith(("deepens-cooperation>", "2018>")):
            for each in list(store.quads_for_pattern(None, None, None, quad)):
                store.remove(each)
                store.remove(Quad(each.subject, each.predicate, each.object))
            store.remove_graph(quad)
    return store


def test_our_own_service_is_healthy() -> None:
    """Every document, format, count, graph, file, example and address is as it says."""
    app = create_app(QueryRunner.over(without_claims_of_others()), ABOUT)
    register(app)
    with client_of(app) as client:
        findings = list(examine(client, links=False))
    assert wrong(findings) == []
    kinds = {finding.what.split()[0] for finding in findings}
    looked_at = {"ASK", "CONSTRUCT", "triples", "entities", "properties", "graph", "file"}
    assert looked_at | {"example", "GET"} <= kinds


def after(path: str, change: Callable[[Response], Response]) -> Spoil:
    """Return what changes the answers of a path."""

    def spoil(app: Flask) -> object:
        @app.after_request
        def changed(response: Response) -> Response:
            return change(response) if request.path == path else response

        return changed

    return spoil


def replaced(old: str, new: str) -> Callable[[Response], Response]:
    """Return what changes a text in an answer."""

    def change(response: Response) -> Response:
        response.set_data(response.get_data(as_text=True).replace(old, new))
        return response

    return change


def failing(response: Response) -> Response:
    """Change an answer into a failure."""
    response.close()
    return Response(status=500)


def emptied(response: Response) -> Response:
    """Take the solutions out of an answer."""
    if response.mimetype == "application/sparql-results+json":
        response.set_data(b"{}")
    return response


def cut(response: Response) -> Response:
    """Mark an answer as cut."""
    response.headers["X-Result-Complete"] = "false"
    return response


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (after("/.well-known/void", failing), "/.well-known/void as Turtle: status 500"),
        (after("/.well-known/void", replaced("a void:Dataset", "[")), "does not parse"),
        (after("/.well-known/void", replaced("void:triples ", "void:triples 9")), "of the dataset"),
        (
            after("/.well-known/void", replaced("void:entities ", "void:entities 9")),
            "entities of class",
        ),
        (
            after("/.well-known/void", replaced("void:triples ", "void:triples 9")),
            "properties of each class: <",
        ),
        (after("/sparql", emptied), "properties of each class: the answer is no count"),
        (after("/.well-known/void", replaced("dcat:byteSize ", "dcat:byteSize 9")), "DCAT says 9"),
        (after("/sparql", replaced("void:triples ", "void:triples 9")), "description says 9"),
        (after("/sparql", failing), "ASK as SPARQL Results JSON: status 500"),
        (after("/sparql", replaced("{", "")), "ASK as SPARQL Results JSON: does not parse"),
        (after("/sparql", cut), "the answer is cut"),
        (after("/graphs", failing), "status 500"),
        (after("/openapi.json", failing), "no OpenAPI document"),
        (after("/readyz", failing), "GET /readyz: status 500"),
        (after(f"/dump/{__version__}-1.ttl", failing), ".ttl: status 500"),
    ],
)
def test_what_is_not_as_it_says_is_found(app: Flask, spoil: Spoil, complaint: str) -> None:
    """Each kind of drift has its complaint."""
    spoil(app)
    with client_of(app) as client:
        found = wrong(examine(client))
    assert any(complaint in entry for entry in found), found


def test_a_file_with_another_checksum_is_found(app: Flask) -> None:
    """Of the right length, but other bytes."""

    def flip(response: Response) -> Response:
        response.direct_passthrough = False
        response.set_data(response.get_data()[:-1] + b" ")
        return response

    after(f"/dump/{__version__}-1.nt", flip)(app)
    with client_of(app) as client:
        assert any("the checksum is another" in entry for entry in wrong(examine(client)))


def test_what_a_format_cannot_hold_is_no_fault() -> None:
    """The service refuses to write it, and names the term; its other formats are right."""
    store = Store()
    store.add(Quad(_name("a"), NamedNode("http://e/123"), Literal("h\x01")))
    app = create_app(QueryRunner.over(store), replace(ABOUT, own=False))

    def refused(response: Response) -> Response:
        if request.headers["Accept"] == "application/rdf+xml":
            return Response("XML cannot hold the character U+0001", status=400)
        return response

    after("/sparql", refused)(app)
    with client_of(app) as client:
        findings = list(examine(client, links=False))
    assert wrong(findings) == []


def test_links_and_own_iris_that_lead_nowhere_are_found() -> None:
    """An IRI of ours without a document, and a link of a page, are each named."""
    store = Store()
    thing, other = NamedNode(f"{BASE}id/a"), NamedNode(f"{BASE}nowhere/b")
    store.add(Quad(thing, _name("p"), other))
    app = create_app(QueryRunner.over(store), replace(ABOUT, own=False))
    register(app)

    def spoil(response: Response) -> Response:
        if request.path == "/":
            response.set_data(response.get_data() + b'<a href="no-such-page">x</a>')
        return response

    app.after_request_funcs.setdefault(None, []).insert(0, spoil)
    with client_of(app) as client:
        found = wrong(examine(client))
        without = wrong(examine(client, links=False))
    assert f"<{BASE}nowhere/b>: status 404" in found
    assert "page /no-such-page: status 404" in found
    assert f"<{BASE}id/a>: status 404" not in found
    assert "page /no-such-page: status 404" not in without


def test_nobody_there_is_an_error() -> None:
    """A service that does not answer has nothing to be examined."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    transport = httpx.MockTransport(refuse)
    with (
        httpx.Client(transport=transport, base_url="http://graph.example/") as client,
        pytest.raises(RemoteError, match="connection refused"),
    ):
        list(examine(client))


@pytest.mark.parametrize(
    ("finding", "verbose", "code", "said"),
    [
        (Finding("a"), [], 0, "1 things looked at, none wrong.\n"),
        (Finding("a"), ["-v"], 0, "right  a\n1 things looked at, none wrong.\n"),
        (Finding("a", "b"), [], 1, "wrong  a: b\n1 things looked at, 1 wrong.\n"),
    ],
)
def test_the_command_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
    finding: Finding,
    verbose: list[str],
    code: int,
    said: str,
) -> None:
    """Exit code 1 where there is something."""

    def examine(client: httpx.Client, *, links: bool) -> Iterator[Finding]:
        yield finding

    monkeypatch.setattr("sparql_endpoint.cli.doctor.examine", examine)
    result = CliRunner().invoke(command, ["http://graph.example", *verbose])
    assert (result.exit_code, result.output) == (code, said)


def test_the_openapi_document_is_valid(app: Flask) -> None:
    """OpenAPI 3.1, by its own schema, and with the address that the client sees."""
    document = json.loads(app.test_client().get("/openapi.json").data)
    validate(document)
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "http://localhost"}]
    body = document["paths"]["/sparql"]["post"]["requestBody"]
    assert "application/sparql-query" in body["content"]
    addresses = {rule.rule.rstrip("/") for rule in app.url_map.iter_rules() if "<" not in rule.rule}
    told_by_its_manifest = {"/reconcile/preview", "/reconcile/properties"}
    assert addresses - told_by_its_manifest <= set(document["paths"])
    get, post = (document["paths"]["/sparql"][method]["responses"] for method in ("get", "post"))
    assert {"Link", "X-Query-Engine", "X-Query-Id", "X-Query-Warning", "X-Result-Complete"} == set(
        get["200"]["headers"]
    )
    assert {int(status) for status in post} >= {200, 413, 415, 429, *OF_A_QUERY}
    assert {int(status) for status in get} >= {200, 412, 414, 429, *OF_A_QUERY}


def test_a_dataset_of_somebody_else_is_not_ours(app: Flask) -> None:
    """Its questions are not ours."""
    other = create_app(QueryRunner.over(load()), replace(ABOUT, own=False))
    response = other.test_client().get("/.well-known/sparql-examples")
    assert b"SPARQLExecutable" not in response.data
