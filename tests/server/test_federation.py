"""SERVICE in a server: only to the endpoints on the list, by the proxy, with clear errors."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from running_server import Answer, RunningServer, running
from service_standin import ServiceStandIn

from sparql_endpoint.errors import UsageError
from sparql_endpoint.limits import Limits


@pytest.fixture(scope="module")
def server(things: Path, service_limits: Limits) -> Iterator[RunningServer]:
    """Return a server that may ask the endpoint."""
    with running(things, service_limits, local_services=True) as serving:
        yield serving


def _ask(server: RunningServer, endpoint: ServiceStandIn, path: str) -> Answer:
    return server.ask(f"SELECT ?s {{ SERVICE <{endpoint.url}/{path}> {{ ?s ?p ?o }} }}")


def test_service_on_the_list_is_asked(server: RunningServer, endpoint: ServiceStandIn) -> None:
    """The endpoint gets the pattern, and the query its rows."""
    assert _ask(server, endpoint, "ok").body == b"s\r\nx:1\r\n"
    assert endpoint.asked[-1] == ("ok", b"SELECT * WHERE { ?s ?p ?o . }")


def test_two_services_of_one_query_are_told_apart(
    server: RunningServer, endpoint: ServiceStandIn
) -> None:
    """Each SERVICE goes to its own endpoint; one that fails may be SILENT."""
    text = (
        f"PREFIX e: <{endpoint.url}/> SELECT ?s ?n"
        " { SERVICE SILENT e:error { ?n ?p ?o } SERVICE e:ok { ?s ?p ?o } }"
    )
    assert server.ask(text).body == b"s,n\r\nx:1,\r\n"


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
    server: RunningServer, endpoint: ServiceStandIn, path: str, says: str
) -> None:
    """A redirect, an error, too much, too late and half an answer are each a clear error."""
    answer = _ask(server, endpoint, path)
    assert answer.status == 502
    assert "SERVICE: " in answer.body.decode()
    assert says in answer.body.decode()


def test_service_off_the_list_is_refused(server: RunningServer, endpoint: ServiceStandIn) -> None:
    """What is not on the list is not asked."""
    asked = len(endpoint.asked)
    assert _ask(server, endpoint, "other").status == 403
    assert len(endpoint.asked) == asked


def test_syntax_error_behind_a_service_has_its_own_place(
    server: RunningServer, endpoint: ServiceStandIn
) -> None:
    """The place is that in the client's text, not in the one with the proxy."""
    text = f"SELECT ?s {{ SERVICE <{endpoint.url}/ok> {{ ?s ?p ?o }} BIND( }}"
    answer = server.ask(text)
    assert (answer.status, answer.problem) == (400, "query-syntax")
    assert json.loads(answer.body)["column"] == text.index(" }", text.index("BIND")) + 1 + 1


def test_the_proxy_is_in_the_network_of_the_workers_alone(server: RunningServer) -> None:
    """Nobody else on this machine finds its port."""
    if server.listener.pools.current.network:
        pytest.skip("this system lets no process leave its network")
    port = server.listener.pools.current._proxy._server.socket
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port.getsockname()[1]), 1)


def test_a_worker_has_no_network(server: RunningServer) -> None:
    """Even a SERVICE that slipped through would lead nowhere: its network is another one."""
    if server.listener.pools.current.network:
        pytest.skip("this system lets no process leave its network")
    ours = Path("/proc/self/ns/net").readlink()
    assert {Path(f"/proc/{pid}/ns/net").readlink() == ours for pid in server.workers} == {False}


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
    limits = Limits(services=(service,))
    with pytest.raises(UsageError, match="plain https://"), running(things, limits):
        pass
