"""The problems that are told without the application."""

import json
from http import HTTPStatus

from sparql_endpoint.web.refusals import refusal, rendered


def test_a_refusal_is_a_whole_response() -> None:
    """RFC 9457 and RFC 9112, section 9.6: its length is told, and that the connection ends."""
    sent = rendered(refusal(HTTPStatus.BAD_REQUEST, "no HTTP", "1234"))
    head, _, body = sent.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 400 Bad Request"
    assert {
        "Connection: close",
        f"Content-Length: {len(body)}",
        "Content-Type: application/problem+json",
        "X-Query-Id: 1234",
        "X-Content-Type-Options: nosniff",
    } <= set(lines)
    assert json.loads(body) == {
        "type": "about:blank",
        "title": "Bad Request",
        "detail": "no HTTP",
        "status": 400,
        "query_id": "1234",
    }
