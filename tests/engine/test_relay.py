"""The relay of SERVICE: it lets through who has a pass of a query, as long as it has room."""

import socket
from dataclasses import replace

import httpx

from sparql_endpoint.limits import Limits
from sparql_endpoint.federation.client import Outreach
from sparql_endpoint.federation.proxy import Passes, Relay


def test_pass_is_good_for_its_query_only(service_limits: Limits) -> None:
    """A relay answers 403 to a wrong pass and to a number of no service."""
    passes = Passes()
    with socket.create_server(("127.0.0.1", 0)) as port:
        relay = Relay(port, Outreach(service_limits, local=True), passes)
        good = passes.issue()
        asks = [f"{good}/0", "wrong/0", f"{good}/99", f"{good}/x", ""]
        answers = [httpx.post(f"{relay.address}/{ask}", content=b"ASK {}") for ask in asks]
        relay.close()
    assert [answer.status_code for answer in answers] == [200, 403, 403, 403, 403]


def test_relay_without_room_says_so(service_limits: Limits) -> None:
    """Who waits too long for others' calls of services gets the error of a service."""
    passes, short = Passes(), replace(service_limits, service_time=0.2)
    with socket.create_server(("127.0.0.1", 0)) as port:
        relay = Relay(port, Outreach(short, local=True), passes)
        room = relay._server.room
        while room.acquire(blocking=False):
            pass
        answer = httpx.post(f"{relay.address}/{passes.issue()}/0", content=b"ASK {}")
        relay.close()
    assert (answer.status_code, "being asked already" in answer.text) == (502, True)
