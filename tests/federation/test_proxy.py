"""The service proxy: it lets through who has its token, as long as it has room."""

import socket
from dataclasses import replace

import httpx

from sparql_endpoint.federation.client import ServiceClient
from sparql_endpoint.federation.proxy import ServiceProxy
from sparql_endpoint.limits import Limits


def _address(port: socket.socket) -> str:
    return f"http://127.0.0.1:{port.getsockname()[1]}"


def test_the_token_and_the_number_of_a_service_are_wanted(service_limits: Limits) -> None:
    """A proxy answers 403 to a wrong token and to a number of no service."""
    with socket.create_server(("127.0.0.1", 0)) as port:
        proxy = ServiceProxy(port, ServiceClient(service_limits, local=True), "token")
        paths = ["token/0", "wrong/0", "token/99", "token/x", ""]
        answers = [httpx.post(f"{_address(port)}/{path}", content=b"ASK {}") for path in paths]
        proxy.close()
    assert [answer.status_code for answer in answers] == [200, 403, 403, 403, 403]


def test_a_proxy_without_room_says_so(service_limits: Limits) -> None:
    """A request that waits too long for others' calls of services gets the error of a service."""
    short = replace(service_limits, service_time=0.2)
    with socket.create_server(("127.0.0.1", 0)) as port:
        proxy = ServiceProxy(port, ServiceClient(short, local=True), "token")
        room = proxy._server.room
        while room.acquire(blocking=False):
            pass
        answer = httpx.post(f"{_address(port)}/token/0", content=b"ASK {}")
        proxy.close()
    assert (answer.status_code, "being asked already" in answer.text) == (502, True)
