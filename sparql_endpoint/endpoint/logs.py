"""The log of the service: one line a request, as text or as JSON, with the id that errors show."""

import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

__all__ = ["FORMATS", "ID", "LEVELS", "Answered", "configure", "log_request"]

FORMATS = ("text", "json")
LEVELS = ("info", "warning", "error")

ID = "forumgraph.query_id"
"""The name under which a WSGI environment holds the id of its request."""

_log = logging.getLogger("sparql_endpoint.requests")


def configure(log_format: str, level: str, stream: IO[str] | None = None) -> None:
    """Write what the package logs from ``level`` on to ``stream``, else to standard error."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Json() if log_format == "json" else _Text())
    package = logging.getLogger("sparql_endpoint")
    package.handlers[:] = [handler]
    package.setLevel(level.upper())
    package.propagate = False


@dataclass(frozen=True)
class Answered:
    """A request that was answered: its id, who asked what, and how it ended."""

    query_id: str
    client: str
    what: str
    status: int
    seconds: float
    size: int


def log_request(answered: Answered) -> None:
    """Log a request that was answered, at level info."""
    if not _log.isEnabledFor(logging.INFO):
        return
    fields = {
        "query_id": answered.query_id,
        "client": answered.client,
        "status": answered.status,
        "milliseconds": round(answered.seconds * 1000, 1),
        "bytes": answered.size,
    }
    _log.info("%s", answered.what, extra={"fields": fields})


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    """Return what a record says beside its message; at least the id of the query under way."""
    given: Mapping[str, Any] | None = getattr(record, "fields", None)
    if given is not None:
        return given
    if "flask" not in sys.modules:  # the listener has no need of it
        return {}
    from flask import has_request_context, request  # noqa: PLC0415  # see above

    return {"query_id": request.environ.get(ID, "")} if has_request_context() else {}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class _Text(logging.Formatter):
    """One line: time, level, message, then names and values; line breaks are escaped."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage().replace("\r", "\\r").replace("\n", "\\n")
        values = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        line = f"{_time(record)} {record.levelname.lower()} {message} {values}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line
