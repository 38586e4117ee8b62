"""Every error that Forum Graph raises on purpose, and what each means outside.

    ForumGraphError                 500  2
    ├── UsageError                  400  2   the call is wrong: an option, a name, a combination
    ├── DataError                   500  2   a file that cannot be read as what it claims to be
    │   └── RdfSyntaxError             500  2   … at a known line and column
    ├── QueryError                  400  2   a query that cannot be run as it stands
    │   └── QuerySyntaxError        400  2   … at a known line and column
    ├── RequestError                400  2   an HTTP request that is not what the protocol says
    │   ├── UpdateRefusedError      403  2   … asks to change data
    │   ├── NotAcceptableError      406  2   … accepts none of the formats that there are
    │   └── UnsupportedBodyError    415  2   … has a body of an unknown type
    ├── AddressError                500  2   an address that cannot be listened on
    ├── NotFoundError               404  2   a source, graph or entity that is not there
    └── RemoteError                 502  2   a service of somebody else that fails or is busy

``http_status`` and ``exit_code`` are the only places where an error meets a protocol.
"""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

__all__ = [
    "AddressError",
    "DataError",
    "ForumGraphError",
    "NotAcceptableError",
    "NotFoundError",
    "QueryError",
    "QuerySyntaxError",
    "RdfSyntaxError",
    "RemoteError",
    "RequestError",
    "UnsupportedBodyError",
    "UpdateRefusedError",
    "UsageError",
]


class ForumGraphError(Exception):
    """The root of the tree; its text is one clear line that says what to do."""

    http_status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    exit_code: int = 2


class UsageError(ForumGraphError):
    """The call is wrong."""

    http_status = HTTPStatus.BAD_REQUEST


class NotFoundError(ForumGraphError):
    """What was asked for by name does not exist."""

    http_status = HTTPStatus.NOT_FOUND


class RemoteError(ForumGraphError):
    """A service that belongs to somebody else fails, or asks to come back later."""

    http_status = HTTPStatus.BAD_GATEWAY


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


@dataclass(frozen=True)
class Place:
    """A place in a text: line and column, both counted from 1, and the line itself."""

    line: int
    column: int
    text: str

    def pointer(self) -> str:
        """Return the line with a caret below the column."""
        return f"{self.text}\n{' ' * (self.column - 1)}^"


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

    def __init__(self) -> None:
        super().__init__("this service is read only: updates are refused, ask with 'query' instead")


class NotAcceptableError(RequestError):
    """A request that accepts none of the formats that there are; ``available`` lists them."""

    http_status = HTTPStatus.NOT_ACCEPTABLE

    def __init__(self, wanted: str, available: tuple[str, ...]) -> None:
        super().__init__(f"no answer of this kind is '{wanted}'; there is {', '.join(available)}")
        self.available = available


class UnsupportedBodyError(RequestError):
    """A body of a media type or charset that the protocol does not know."""

    http_status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class AddressError(ForumGraphError):
    """An address and port that a server cannot listen on."""
