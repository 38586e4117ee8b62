"""Where SERVICE leaves the machine: listed names at public addresses, and one deadline for all."""

import json
import socket
import ssl
import threading
import time
from dataclasses import replace
from typing import Any

import pytest
import trustme
from service_standin import RESULTS_JSON, ROWS, ServiceStandIn
from serving import serving

from sparql_endpoint.errors import RemoteError
from sparql_endpoint.federation.client import ServiceClient, is_public
from sparql_endpoint.limits import Limits

_TLS = (ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS_CLIENT)


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_one_deadline_holds_for_all_of_it(
    endpoint: ServiceStandIn, service_limits: Limits, path: str
) -> None:
    """However the time is spent: each step and each packet alone would be in time."""
    with pytest.raises(RemoteError, match="did not answer within 1 s"):
        ServiceClient(service_limits, local=True).ask(f"{endpoint.url}/{path}", b"ASK {}")


def test_a_peer_that_says_nothing_is_late(service_limits: Limits) -> None:
    """It takes the connection and never answers, in plain HTTP or in the handshake of TLS."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("http", "https"):
            service = f"{scheme}://localhost:{silent.getsockname()[1]}/"
            listed = replace(service_limits, services=(service,), service_time=0.3)
            with pytest.raises(RemoteError, match=r"did not answer within 0\.3 s"):
                ServiceClient(listed, local=True).ask(service, b"ASK {}")


def test_a_name_that_nobody_finds_in_time_is_late(
    service_limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look-up counts too, which the system may take half a minute for."""
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(10) and [])
    listed = replace(service_limits, services=("https://query.example/",), service_time=0.2)
    with pytest.raises(RemoteError, match=r"query\.example/ did not answer within 0\.2 s"):
        ServiceClient(listed).ask("https://query.example/", b"ASK {}")
    released.set()


def test_time_that_is_over_is_asked_nothing(
    endpoint: ServiceStandIn, service_limits: Limits
) -> None:
    """As when all of it was spent waiting for room at the relay."""
    asked = len(endpoint.asked)
    with pytest.raises(RemoteError, match="did not answer"):
        ServiceClient(service_limits, local=True).ask(
            f"{endpoint.url}/ok", b"ASK {}", ends=time.monotonic()
        )
    assert len(endpoint.asked) == asked


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700:4700::1111"])
def test_public_addresses_are_asked(address: str) -> None:
    """Addresses of the public Internet are fine."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.215.14",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
    ],
)
def test_other_addresses_are_not_public(address: str) -> None:
    """Loopback, private, link-local, shared, multicast and wrapped addresses are not public."""
    assert not is_public(address)


def _ask_by_tls(name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, bytes]:
    """Ask an endpoint whose certificate is for query.example at ``name``, which resolves here."""
    authority = trustme.CA()
    served, trusted = (ssl.SSLContext(side) for side in _TLS)
    authority.issue_cert("query.example").configure_cert(served)
    authority.configure_trust(trusted)
    look_up = socket.getaddrinfo

    def resolve(_: object, port: int, *rest: Any, **more: Any) -> Any:
        return look_up("127.0.0.1", port, *rest, **more)

    stand_in = ServiceStandIn()
    stand_in.socket = served.wrap_socket(stand_in.socket, server_side=True)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    service = f"https://{name}:{stand_in.server_port}/ok"
    client = ServiceClient(Limits(services=(service,)), local=True, trust=trusted)
    with serving(stand_in):
        return client.ask(service, b"ASK {}")


def test_certificate_is_checked_for_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to the address that was checked, the certificate must be the name's."""
    kind, body = _ask_by_tls("query.example", monkeypatch)
    assert (kind, json.loads(body)) == (RESULTS_JSON, ROWS)
    with pytest.raises(RemoteError, match="certificate"):
        _ask_by_tls("other.example", monkeypatch)


def test_name_of_this_machine_is_not_asked(
    endpoint: ServiceStandIn, service_limits: Limits
) -> None:
    """A name on the list that resolves to this machine is refused after its resolution."""
    service = f"https://localhost:{endpoint.server_port}/ok"
    listed = replace(service_limits, services=(service,))
    with pytest.raises(RemoteError, match="not an address of the public Internet"):
        ServiceClient(listed).ask(service, b"ASK {}")


def test_name_without_address_is_told(
    service_limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that does not resolve is an error of the service."""

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    listed = replace(service_limits, services=("https://query.example/",))
    with pytest.raises(RemoteError, match=r"query\.example has no address"):
        ServiceClient(listed).ask(listed.services[0], b"ASK {}")


def test_client_asks_nothing_off_its_list(service_limits: Limits) -> None:
    """The list is checked again where the request leaves."""
    with pytest.raises(RemoteError, match="not on the list"):
        ServiceClient(service_limits, local=True).ask("https://query.example/", b"ASK {}")


def test_endpoint_that_nobody_serves_is_told(service_limits: Limits) -> None:
    """A connection that is refused is an error of the service."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        service = f"http://localhost:{taken.getsockname()[1]}/"
        listed = replace(service_limits, services=(service,))
        with pytest.raises(RemoteError, match="cannot be asked"):
            ServiceClient(listed, local=True).ask(service, b"ASK {}")
