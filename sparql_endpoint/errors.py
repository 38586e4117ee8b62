"""Every error that Forum Graph raises on purpose, and what each means outside.

    ForumGraphError                 500  2
    ├── UsageError                  400  2   the call is wrong: an option, a name, a combination
    │   └── UnwritableTermError     400  2   … or a format that cannot hold a term of the data
    ├── DataError                   500  2   a file that cannot be read as what it claims to be
    │   └── RdfSyntaxError             500  2   … at a known line and column
    ├── QueryError                  400  2   a query that cannot be run as it stands
    │   ├── QuerySyntaxError        400  2   … at a known line and column
    │   ├── QueryTooLongError       413  2   … because of its length
    │   ├── QueryTooDeepError       400  2   … because of its nesting
    │   └── ServiceRefusedError     403  2   … because it asks an endpoint that is not allowed
    ├── RequestError                400  2   an HTTP request that is not what the protocol says
    │   ├── UpdateRefusedError      403  2   … asks to change data
    │   │   └── UpdateAsQueryError  400  2   … by an update that is sent as a query
    │   ├── NotAcceptableError      406  2   … accepts none of the formats that there are
    │   ├── BatchTooLargeError      413  2   … has more queries in one batch than are allowed
    │   └── UnsupportedBodyError    415  2   … has a body of an unknown type
    ├── EngineError                 503  2   a query that was begun, or not, and has no answer
    │   ├── QueryTimeoutError       503  2   … because its time was over
    │   ├── QueryMemoryError        503  2   … because it wanted more memory than it may have
    │   ├── ResultTooLargeError     503  2   … because its result outgrew a limit
    │   ├── QueryCrashedError       500  2   … because the process that answered it died
    │   ├── QueryCancelledError     503  2   … because the client is gone
    │   └── ServerBusyError         503  2   … because there was no room for it
    ├── TooManyRequestsError        429  2   more at once than one client may ask
    ├── AddressError                500  2   an address that cannot be listened on
    ├── NotFoundError               404  2   a source, graph or entity that is not there
    └── RemoteError                 502  2   a service of somebody else that fails or is busy
        ├── RemoteTimeoutError      504  2   … because it did not answer in time
        └── RemoteBusyError         429  2   … because it asks to come back later
            └── RemoteDownError     503  2   … and is no service until then

``http_status`` and ``exit_code`` are the only places where an error meets a protocol.
"""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from sparql_endpoint.names import BASE

__all__ = [
    "AddressError",
    "BatchTooLargeError",
    "DataError",
    "EngineError",
    "ForumGraphError",
    "NotAcceptableError",
    "NotFoundError",
    "QueryCancelledError",
    "QueryCrashedError",
    "QueryError",
    "QueryMemoryError",
    "QuerySyntaxError",
    "QueryTimeoutError",
    "QueryTooDeepError",
    "QueryTooLongError",
    "RdfSyntaxError",
    "RemoteBusyError",
    "RemoteDownError",
    "RemoteError",
    "RemoteTimeoutError",
    "RequestError",
    "ResultTooLargeError",
    "ServerBusyError",
    "ServiceRefusedError",
    "TooManyRequestsError",
    "UnsupportedBodyError",
    "UnwritableTermError",
    "UpdateAsQueryError",
    "UpdateRefusedError",
    "UsageError",
]


class ForumGraphError(Exception):
    """The root of the tree; its text is one clear line that says what to do."""

    http_status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    exit_code: int = 2

    @classmethod
    def problem_type(cls) -> str:
        """Return the IRI of the type of problem (RFC 9457, section 3.1.1), by the class's name."""
        name = cls.__name__.removesuffix("Error")
        words = "".join(f"-{c.lower()}" if c.isupper() else c for c in name)
        return f"{BASE}problem/{words.strip('-')}"


class UsageError(ForumGraphError):
    """The call is wrong."""

    http_status = HTTPStatus.BAD_REQUEST


class UnwritableTermError(UsageError):
    """The format asked for cannot hold a term that is to be written; the text names the term."""


class NotFoundError(ForumGraphError):
    """What was asked for by name does not exist."""

    http_status = HTTPStatus.NOT_FOUND


class RemoteError(ForumGraphError):
    """A service that belongs to somebody else fails, or asks to come back later."""

    http_status = HTTPStatus.BAD_GATEWAY


class RemoteTimeoutError(RemoteError):
    """A service of somebody else that did not answer in time."""

    http_status = HTTPStatus.GATEWAY_TIMEOUT


class RemoteBusyError(RemoteError):
    """A service of somebody else that asks to come back later.

    ``retry_after`` is what it said of when: seconds or a date of HTTP (RFC 9110, section 10.2.3).
    """

    http_status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, text: str, retry_after: str = "") -> None:
        super().__init__(text)
        self.retry_after = retry_after or "1"


class RemoteDownError(RemoteBusyError):
    """A service of somebody else that is overloaded or maintained (RFC 9110, section 15.6.4)."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


class DataError(ForumGraphError):
    """A file that cannot be read as what it claims to be."""


class RdfSyntaxError(DataError):
    """A file of RDF that does not parse, with the place where it stops to."""

    def __init__(self, path: Path, line: int, column: int, reason: str) -> None:
        super().__init__(f"{path}:{line}:{column}: {reason}")
        self.path, self.line, self.column, self.reason = path, line, column, reason


class QueryError(ForumGraphError):
    """A query that cannot be run as it stands."""

    http_status = HTTPStatus.BAD_REQUEST


_BESIDE = 60
"""Characters shown on either side of a place in a long line."""


@dataclass(frozen=True)
class Place:
    """A place in a text: line and column, both counted from 1, and the line itself."""

    line: int
    column: int
    text: str

    def pointer(self) -> str:
        """Return the line with a caret below the column, both on a terminal's line if need be."""
        start = max(0, self.column - 1 - _BESIDE)
        shown = self.text[start : self.column + _BESIDE]
        before, after = "…" if start else "", "…" if len(self.text) > self.column + _BESIDE else ""
        caret = " " * (len(before) + self.column - 1 - start)
        return f"{before}{shown}{after}".expandtabs(1) + f"\n{caret}^"


class QuerySyntaxError(QueryError):
    """A query that does not parse; ``hint`` says what may have been meant, or is empty."""

    def __init__(self, reason: str, place: Place, hint: str = "") -> None:
        super().__init__(f"line {place.line}, column {place.column}: {reason}")
        self.reason, self.place, self.hint = reason, place, hint


class RequestError(ForumGraphError):
    """An HTTP request that is not what the protocol says."""

    http_status = HTTPStatus.BAD_REQUEST


class UpdateRefusedError(RequestError):
    """A request to change data, which this read-only service refuses."""

    http_status = HTTPStatus.FORBIDDEN

    message = "this service is read only: updates are refused, ask with 'query' instead"

    def __init__(self) -> None:
        super().__init__(self.message)


class UpdateAsQueryError(UpdateRefusedError):
    """An update where a query should stand: it is no text of the query language.

    SPARQL 1.1 Protocol, section 2.1.6: https://www.w3.org/TR/sparql11-protocol/#query-failure.
    """

    http_status = HTTPStatus.BAD_REQUEST
    message = (
        "this is an update sent as a query, and this service is read only: a query starts with"
        " SELECT, ASK, CONSTRUCT or DESCRIBE"
    )


class NotAcceptableError(RequestError):
    """A request that accepts none of the formats that there are; ``available`` lists them."""

    http_status = HTTPStatus.NOT_ACCEPTABLE

    def __init__(self, wanted: str, available: tuple[str, ...]) -> None:
        super().__init__(f"no answer of this kind is '{wanted}'; there is {', '.join(available)}")
        self.available = available


class BatchTooLargeError(RequestError):
    """A batch of more queries than one request may hold."""

    http_status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnsupportedBodyError(RequestError):
    """A body of a media type or charset that the protocol does not know."""

    http_status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class AddressError(ForumGraphError):
    """An address and port that a server cannot listen on."""


class QueryTooLongError(QueryError):
    """A query text longer than queries may be."""

    http_status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class QueryTooDeepError(QueryError):
    """A query text that nests deeper than it may, by its brackets or by what stands in a row."""


class ServiceRefusedError(QueryError):
    """A query with a SERVICE that the operator has not allowed."""

    http_status = HTTPStatus.FORBIDDEN


class EngineError(ForumGraphError):
    """A query as such fine that has no answer, or not a whole one."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


class QueryTimeoutError(EngineError):
    """A query was ended because its time was over."""


class QueryMemoryError(EngineError):
    """A query was ended because it wanted more memory than it may have."""


class ResultTooLargeError(EngineError):
    """A result outgrew a limit after its first bytes were on their way, or had too many bytes."""


class QueryCrashedError(EngineError):
    """The process that answered a query died: by a fault of the engine, or killed from outside.

    500 and not 503, since the query itself is the likely cause and to repeat it will not help.
    """

    http_status = HTTPStatus.INTERNAL_SERVER_ERROR


class QueryCancelledError(EngineError):
    """The client is gone, so its query was ended; nobody is there to read this."""


class ServerBusyError(EngineError):
    """There was no room for a query; try again after ``retry_after`` seconds."""

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(f"{reason}; try again in {retry_after} s")
        self.retry_after = retry_after


class TooManyRequestsError(ForumGraphError):
    """One client asks more than it may; try again after ``retry_after`` seconds."""

    http_status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(f"{reason}; try again in {retry_after} s")
        self.retry_after = retry_after
