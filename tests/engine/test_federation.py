"""SERVICE in an engine: only to the endpoints on the list, by the relay, with clear errors."""

import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from service_standin import ServiceStandIn
from trusted_jobs import write_connection

from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.limits import Limits
from sparql_endpoint.engine.query import Query
from sparql_endpoint.errors import (
    QuerySyntaxError,
    RemoteError,
    ServiceRefusedError,
    UsageError,
)
from sparql_endpoint.graph.dataset import load_files


class LocalEngine(Engine):
    """An engine whose SERVICE may ask this machine."""

    _services_may_be_local = True


@pytest.fixture(scope="module")
def engine(things: Path, service_limits: Limits) -> Iterator[Engine]:
    """Return an engine that may ask the endpoint."""
    with LocalEngine(partial(load_files, [things]), service_limits) as running:
        yield running


def _asking(endpoint: ServiceStandIn, path: str) -> Query:
    text = f"SELECT ?s {{ SERVICE <{endpoint.url}/{path}> {{ ?s ?p ?o }} }}"
    return Query(text, "csv")


def test_service_on_the_list_is_asked(engine: Engine, endpoint: ServiceStandIn) -> None:
    """The endpoint gets the pattern, and the query its rows."""
    assert engine.run(_asking(endpoint, "ok")).read() == b"s\r\nx:1\r\n"
    assert endpoint.asked[-1] == ("ok", b"SELECT * WHERE { ?s ?p ?o . }")


def test_two_services_of_one_query_are_told_apart(engine: Engine, endpoint: ServiceStandIn) -> None:
    """Each SERVICE goes to its own endpoint; one that fails may be SILENT."""
    text = (
        f"PREFIX e: <{endpoint.url}/> SELECT ?s ?n"
        " { SERVICE SILENT e:error { ?n ?p ?o } SERVICE e:ok { ?s ?p ?o } }"
    )
    assert engine.run(Query(text, "csv")).read() == b"s,n\r\nx:1,\r\n"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("elsewhere", "status 302"),
        ("error", "status 500"),
        ("html", "'text/html', which is no SPARQL result"),
        ("gzip", "no SPARQL result"),
        ("endless", "more than 97 KiB"),
        ("slow", "did not answer within 1 s"),
        ("drip", "did not answer within 1 s"),
        ("half", "gave no whole answer"),
        ("short", "broke off its answer"),
    ],
)
def test_service_that_misbehaves_is_told(
    engine: Engine, endpoint: ServiceStandIn, path: str, says: str
) -> None:
    """A redirect, an error, too much, too late and half an answer are each a clear error."""
    with pytest.raises(RemoteError, match=f"^SERVICE: .*{says}"):
        engine.run(_asking(endpoint, path)).read()


def test_service_off_the_list_is_refused(engine: Engine, endpoint: ServiceStandIn) -> None:
    """What is not on the list is not asked."""
    asked = len(endpoint.asked)
    with pytest.raises(ServiceRefusedError):
        engine.run(_asking(endpoint, "other"))
    assert len(endpoint.asked) == asked


def test_syntax_error_behind_a_service_has_its_own_place(
    engine: Engine, endpoint: ServiceStandIn
) -> None:
    """The place is that in the client's text, not in the one with the relay."""
    text = f"SELECT ?s {{ SERVICE <{endpoint.url}/ok> {{ ?s ?p ?o }} BIND( }}"
    with pytest.raises(QuerySyntaxError) as caught:
        engine.run(Query(text))
    assert caught.value.place.column == text.index(" }", text.index("BIND")) + 1 + 1


def test_relay_wants_a_pass(engine: Engine) -> None:
    """Who has no pass of a query under way is not let through."""
    relay = engine._dynasty.current.relay
    assert relay is not None
    port = relay._server.socket
    with pytest.raises(OSError, match="refused"):  # it listens in the children's network only
        socket.create_connection(("127.0.0.1", port.getsockname()[1]), 1)
    assert not engine._embassy._passes._good


def test_child_reaches_no_network(engine: Engine, endpoint: ServiceStandIn) -> None:
    """Even a SERVICE that slipped through would lead nowhere."""
    if engine.network:
        pytest.skip("this system lets no process leave its network")
    address = endpoint.url.replace("localhost", "127.0.0.1")
    result = engine.call(write_connection, address)
    assert result.read() == b"ConnectionRefusedError"
    assert engine.call(write_connection, "http://192.0.2.1:80").read() == b"OSError"


@pytest.mark.parametrize(
    "service",
    [
        "http://query.example/",
        "https://user@query.example/",
        "https://query.example/?query=",
        "https:///sparql",
        "file:///etc/passwd",
    ],
)
def test_list_takes_plain_https_addresses_only(things: Path, service: str) -> None:
    """A service that is none is refused at the start."""
    with pytest.raises(UsageError, match="plain https:// address"):
        Engine(partial(load_files, [things]), Limits(services=(service,)))
