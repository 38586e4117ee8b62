"""Every error that Forum Graph raises on purpose, and what each means outside.

    ForumGraphError                 500  2
    ├── UsageError                  400  2   the call is wrong: an option, a name, a combination
    ├── DataError                   500  2   a file that cannot be read as what it claims to be
    │   └── RdfSyntaxError             500  2   … at a known line and column
    ├── QueryError                  400  2   a query that cannot be run as it stands
    │   └── QuerySyntaxError        400  2   … at a known line and column
    └── NotFoundError               404  2   a source, graph or entity that is not there

``http_status`` and ``exit_code`` are the only places where an error meets a protocol.
"""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

__all__ = [
    "DataError",
    "ForumGraphError",
    "NotFoundError",
    "QueryError",
    "QuerySyntaxError",
    "RdfSyntaxError",
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
