"""How many requests a client may make."""

import pytest
from pyoxigraph import Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.rate_limit import RATE_BYTES, RateLimit
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.errors import TooManyRequestsError
from sparql_endpoint.query.evaluation import QueryRunner

ASK = "/sparql?query=ASK%7B%7D"


def test_a_client_may_make_ten_seconds_of_requests_at_once() -> None:
    """Then as many as the rate allows; another client is not held up."""
    now = [0.0]
    limit = RateLimit(2, clock=lambda: now[0])
    for _ in range(20):
        limit.count("a")
    with pytest.raises(TooManyRequestsError) as refused:
        limit.count("a")
    assert refused.value.retry_after == 1
    limit.count("b")
    now[0] = 0.5
    limit.count("a")
    with pytest.raises(TooManyRequestsError):
        limit.count("a")


def test_a_rate_of_nothing_counts_nothing() -> None:
    """The limit can be switched off."""
    memory = memoryview(bytearray(RATE_BYTES))
    limit = RateLimit(0, memory)
    for _ in range(1000):
        limit.count("a")
    assert not any(memory)


def test_many_clients_take_no_more_memory() -> None:
    """What is remembered of clients is bounded, and lies where all workers see it."""
    memory = memoryview(bytearray(RATE_BYTES))
    first, second = (RateLimit(1, memory, lambda: 0.0) for _ in range(2))
    for number in range(10_010):
        first.count(str(number))
    for _ in range(5):
        first.count("a")
        second.count("a")
    for limit in (first, second):
        with pytest.raises(TooManyRequestsError):
            limit.count("a")


def test_too_many_requests_are_a_429(store: Store, about: About) -> None:
    """With the time to come again; repeated answers cost nothing and are not counted."""
    runner = QueryRunner.over(store)
    client = create_app(runner, about, Settings(requests_per_second=0.2)).test_client()
    statuses = [client.get(ASK).status_code for _ in range(4)]
    assert statuses == [200] * 4
    other = [client.get(f"{ASK}&format=xml"), client.get(f"{ASK}&format=csv")]
    assert [response.status_code for response in other] == [200, 429]
    assert int(other[1].headers["Retry-After"]) >= 1
    assert client.get("/healthz").status_code == 200
