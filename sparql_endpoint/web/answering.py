"""From a question to the bytes of its answer: out of the cache, else by the runner."""

import hashlib
import re
import socket
import struct
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from sparql_endpoint.web.runner import Answer, Question
from sparql_endpoint.web.service import Service

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["answer_key", "answer_to", "break_off", "entity_tag", "hang_up", "is_steady"]

_CHANGING = re.compile(r"\b(?:BNODE|NOW|RAND|SERVICE|STRUUID|UUID)\b", re.IGNORECASE)


def is_steady(query: str) -> bool:
    """Return whether the same data always gives ``query`` the same answer; False when in doubt."""
    return _CHANGING.search(query) is None


def answer_key(served: Service, asked: Question) -> Hashable:
    """Return what an answer is known by: the dataset, the query, its graphs and the formats."""
    formats = (asked.result_format, asked.graph_format)
    return (served.about.digest, asked.query, asked.dataset, *formats, asked.max_rows)


def answer_to(served: Service, asked: Question) -> Answer:
    """Return the answer to ``asked``; a whole one is kept for the next who asks.

    Raises:
        QueryError, UsageError, EngineError, TooManyRequestsError: as ``Runner.run``.
    """
    key = answer_key(served, asked)
    for graph in (False, True):
        body = served.cache.get((key, graph))
        if body is not None:
            served.metrics.hit()
            return Answer(graph, [body])
    answer = served.runner.run(asked)
    if answer.complete and isinstance(answer.chunks, list) and is_steady(asked.query):
        served.cache.put((key, answer.graph), b"".join(answer.chunks))
    return answer


def entity_tag(key: Hashable) -> str:
    """Return the weak validator of an answer: its rows may come in another order next time.

    RFC 9110, section 8.8.1: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1
    """
    return f'W/"{hashlib.sha256(repr(key).encode()).hexdigest()[:32]}"'


def hang_up(environ: "WSGIEnvironment") -> Callable[[], bool] | None:
    """Return a function that tells whether the client has closed its connection.

    None where the server hands over no socket. A client that has sent its next request already, or
    nothing, is still there.
    """
    connection = environ.get("gunicorn.socket")
    if not isinstance(connection, socket.socket):
        return None

    def gone() -> bool:
        try:
            return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    return gone


def break_off(environ: "WSGIEnvironment") -> None:
    """Reset the connection of a client that would take its orderly end for that of the answer.

    HTTP/1.0 has no chunks, and so no last one whose absence tells (RFC 9112, section 8,
    https://www.rfc-editor.org/rfc/rfc9112#section-8). Proxies ask by it, nginx for one.
    """
    connection = environ.get("gunicorn.socket")
    if environ.get("SERVER_PROTOCOL") == "HTTP/1.0" and isinstance(connection, socket.socket):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
