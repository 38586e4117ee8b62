"""Engines over a small graph of numbered things, their data, and an endpoint behind them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from service_standin import PATHS, ServiceStandIn
from serving import serving

from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.limits import MIB, Limits
from sparql_endpoint.graph.dataset import load_files

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


@pytest.fixture(autouse=True)
def no_fault(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test in which the engine logged a fault of its own."""
    yield
    faults = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    assert [record for record in faults if record.levelname == "ERROR"] == []


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
    )


@pytest.fixture(scope="module")
def engine(things: Path, tight: Limits) -> Iterator[Engine]:
    """Return an engine over ``things`` with tight limits."""
    with Engine(partial(load_files, [things]), tight) as running:
        yield running


@pytest.fixture(scope="module")
def hasty(things: Path, tight: Limits) -> Iterator[Engine]:
    """Return an engine as ``engine``, whose queries may take 1.5 s, and stream at once."""
    hurried = replace(tight, query_time=1.5, buffer_bytes=0)
    with Engine(partial(load_files, [things]), hurried) as running:
        yield running


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
