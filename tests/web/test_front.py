"""How an answer that has begun is broken off."""

from typing import TYPE_CHECKING

import pytest

from sparql_endpoint.errors import QueryTimeoutError
from sparql_endpoint.web.client import Client
from sparql_endpoint.web.front import _break_off

if TYPE_CHECKING:
    from uvicorn._types import HTTPScope


@pytest.mark.parametrize(
    ("version", "lost", "resets"),
    [("1.0", "", 1), ("1.0", "lost", 0), ("1.1", "", 0), ("1.1", "lost", 0)],
)
@pytest.mark.parametrize("error", [QueryTimeoutError("its time was over"), ZeroDivisionError()])
def test_a_connection_is_reset_where_nothing_else_tells(
    version: str, lost: str, resets: int, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """RFC 9112, section 8: HTTP/1.0 alone; of what is lost already nothing is left to reset."""
    called = []
    client = Client(lambda: called.append("reset"))
    if lost:
        client.lost.set()
    scope: HTTPScope = {"http_version": version}  # type: ignore[typeddict-item]  # all that is read
    _break_off(client, scope, error)
    assert len(called) == resets
    assert [bool(record.exc_info) for record in caplog.records] == [
        isinstance(error, ZeroDivisionError)
    ]
