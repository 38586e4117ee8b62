"""Gunicorn's worker, with problems in our shape for requests that it cannot read.

They never reach the application: the request line is too long, or it is no HTTP. The answer repeats
nothing of what was sent.
"""

import json
import logging
import socket
from http import HTTPStatus
from typing import TYPE_CHECKING

from gunicorn.http import Request
from gunicorn.http.errors import (  # type: ignore[attr-defined]  # two are newer than its stubs
    ConfigurationProblem,
    ExpectationFailed,
    InvalidHTTPVersion,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import TConn, ThreadWorker

from sparql_endpoint.web.headers import EVERY_ANSWER, QUERY_ID, new_query_id
from sparql_endpoint.web.logs import Answered, tell
from sparql_endpoint.web.problems import PROBLEM

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["Worker", "rendered"]

_OUR_FAULT = (ConfigurationProblem, InvalidResponseHeader, InvalidResponseHeaderName)
_REASONS: dict[type[ParseException], tuple[HTTPStatus, str]] = {
    LimitRequestLine: (HTTPStatus.REQUEST_URI_TOO_LONG, "the request line is too long: use POST"),
    LimitRequestHeaders: (
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "there are too many headers, or one is too long",
    ),
    ExpectationFailed: (HTTPStatus.EXPECTATION_FAILED, "only 100-continue can be expected"),
    InvalidHTTPVersion: (HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "only HTTP/1.0 and 1.1 are spoken"),
    UnsupportedTransferCoding: (HTTPStatus.NOT_IMPLEMENTED, "the only transfer coding is chunked"),
}
_MALFORMED = (HTTPStatus.BAD_REQUEST, "the request is no HTTP that can be read")
_UNFORESEEN = (
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "an unforeseen error; the log has it under this query id",
)
_log = logging.getLogger(__name__)


class Worker(ThreadWorker):
    """A worker with a pool of threads."""

    def finish_request(self, conn: TConn, fs: "Future[bool]") -> None:
        """Count a connection that ended once, also one that was broken off and so is closed."""
        open_before = self.nr_conns
        super().finish_request(conn, fs)
        self.nr_conns = max(self.nr_conns, open_before - 1)

    def handle_error(
        self,
        req: Request | None,
        client: socket.socket,
        addr: tuple[str, int] | str | int,
        exc: BaseException,
    ) -> None:
        """Tell the client of an error that the application did not tell of."""
        status, detail = _reason(exc)
        if req is not None and status is not HTTPStatus.INTERNAL_SERVER_ERROR:
            return  # the rest of a body, skipped behind an answer that has been sent
        query_id = new_query_id()
        if status is HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("unforeseen error, query_id=%s", query_id, exc_info=exc)
        answer = rendered(status, detail, query_id)
        asker = addr[0] if isinstance(addr, tuple) else str(addr or "")
        tell(Answered(query_id, asker, "unreadable", status, 0.0, len(answer)))
        try:
            write_nonblock(client, answer)
        except OSError:
            _log.info("nobody was left to be told of it, query_id=%s", query_id)


def _reason(error: BaseException) -> tuple[HTTPStatus, str]:
    if not isinstance(error, ParseException) or isinstance(error, _OUR_FAULT):
        return _UNFORESEEN
    return _REASONS.get(type(error), _MALFORMED)


def rendered(status: HTTPStatus, detail: str, query_id: str) -> bytes:
    """Return a response with a problem (RFC 9457) as it is sent, which ends the connection."""
    problem = {"type": "about:blank", "title": status.phrase, "detail": detail}
    body = json.dumps({**problem, "status": status, "query_id": query_id}).encode()
    headers = {
        **EVERY_ANSWER,
        "Cache-Control": "no-store",
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Type": PROBLEM,
        QUERY_ID: query_id,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{lines}\r\n".encode("ascii") + body
