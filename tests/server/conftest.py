"""Servers over a small graph of numbered things."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from running_server import RunningServer, running
from service_standin import PATHS, ServiceStandIn
from serving import serving

from sparql_endpoint.limits import MIB, Limits

THINGS = 5000


@pytest.fixture(scope="session")
def things(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of 3 triples for each of 5,000 things: label, number, and the next thing."""
    path = tmp_path_factory.mktemp("things") / "things.nt"
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    with path.open("w") as file:
        for number in range(THINGS):
            thing = f"<http://e/{number}>"
            file.write(f'{thing} <http://e/label> "thing {number}" .\n')
            file.write(f'{thing} <http://e/number> "{number}"^^<{integer}> .\n')
            file.write(f"{thing} <http://e/next> <http://e/{(number + 1) % THINGS}> .\n")
    return path


@pytest.fixture(scope="session")
def tight() -> Limits:
    """Return limits that a test reaches soon, but for time: the machine may be busy."""
    return Limits(
        query_time=60,
        query_memory=128 * MIB,
        max_rows=20_000,
        max_result_bytes=8 * MIB,
        buffer_bytes=MIB,
        max_nesting=1_000_000,
        max_queries_per_client=100,
    )


@pytest.fixture(scope="module")
def server(things: Path, tight: Limits) -> Iterator[RunningServer]:
    """Return a server over ``things`` with tight limits."""
    with running(things, tight) as started:
        yield started


@pytest.fixture(scope="module")
def hasty(things: Path, tight: Limits) -> Iterator[RunningServer]:
    """Return a server as ``server``, whose queries may take 1.5 s."""
    with running(things, replace(tight, query_time=1.5)) as started:
        yield started


@pytest.fixture(scope="module")
def endpoint() -> Iterator[ServiceStandIn]:
    """Return an endpoint of this machine for SERVICE to ask."""
    stand_in = ServiceStandIn()
    with serving(stand_in):
        yield stand_in


@pytest.fixture(scope="module")
def service_limits(endpoint: ServiceStandIn) -> Limits:
    """Return limits with a list of all that ``endpoint`` serves."""
    services = tuple(f"{endpoint.url}/{path}" for path in PATHS)
    return Limits(query_time=60, services=services, service_time=1.0, service_bytes=100_000)
