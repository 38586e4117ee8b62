"""An endpoint of this machine for SERVICE to ask."""

from collections.abc import Iterator

import pytest
from service_standin import PATHS, ServiceStandIn
from serving import serving

from sparql_endpoint.limits import Limits


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
