"""The ASGI application that stands before Flask: most queries never get past it."""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Event
from typing import TYPE_CHECKING, Protocol

from flask import Flask

from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.web.answering import GONE
from sparql_endpoint.web.client import CLIENT, Client
from sparql_endpoint.web.direct import Direct
from sparql_endpoint.web.environ import environ_of
from sparql_endpoint.web.forwarded import believe
from sparql_endpoint.web.gateway import Gateway
from sparql_endpoint.web.headers import new_query_id
from sparql_endpoint.web.logs import Answered
from sparql_endpoint.web.problems import UNFORESEEN
from sparql_endpoint.web.refusals import refusal
from sparql_endpoint.web.responses import Reply
from sparql_endpoint.web.service import of
from sparql_endpoint.web.settings import Settings

if TYPE_CHECKING:
    from uvicorn._types import (
        ASGIReceiveCallable,
        ASGISendCallable,
        ASGISendEvent,
        HTTPResponseBodyEvent,
        HTTPResponseStartEvent,
        HTTPScope,
        Scope,
    )

__all__ = ["Front", "Source"]


_log = logging.getLogger(__name__)


class Source(Protocol):
    """What has an application, by and by another."""

    dressed: Event
    """Set when the application can answer all requests, and not only queries by programs."""

    @property
    def app(self) -> Flask:
        """The application that answers now."""
        ...

    def complete(self) -> None:
        """Return when ``dressed`` is set."""
        ...


class Front:
    """An ASGI application over the Flask application that ``source`` has."""

    def __init__(self, source: Source, settings: Settings) -> None:
        self._source, self._settings = source, settings
        self._threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="answering")
        self._gateway = Gateway(self._threads)
        self._direct: tuple[Flask, Direct] | None = None

    async def __call__(
        self, scope: "Scope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        """Answer one request."""
        assert scope["type"] == "http"  # noqa: S101  # no others are let through
        client: Client = scope["extensions"][CLIENT]  # type: ignore[assignment]  # our own server's
        began, is_begun = time.perf_counter(), False

        async def sending(event: "ASGISendEvent") -> None:
            nonlocal is_begun
            is_begun = True
            await send(event)

        try:
            await self._answer(scope, receive, sending, client)
        except Exception as error:  # noqa: BLE001  # whatever it is, it ends this answer alone
            if is_begun:
                _break_off(client, scope, error)
            else:
                await _send(self._failure(scope, time.perf_counter() - began), send)

    async def _answer(
        self,
        scope: "HTTPScope",
        receive: "ASGIReceiveCallable",
        send: "ASGISendCallable",
        client: Client,
    ) -> None:
        try:
            body, length = await _read(scope, receive, self._settings.max_body_bytes)
        except ConnectionError:
            return
        environ = environ_of(scope, body, length)
        environ[GONE] = client.ended.is_set
        believe(environ, self._settings.trusted_proxies)
        if not self._source.dressed.is_set() and "html" in environ.get("HTTP_ACCEPT", ""):
            await asyncio.to_thread(self._source.complete)  # whether there are pages is not known
        app = self._source.app
        try:
            reply = await self._direct_of(app).reply(environ, client.ended.wait)
        except Exception:  # noqa: BLE001  # Flask meets it again, and has a problem for it
            _log.exception("unforeseen error")
            reply = None
        if reply is not None:
            await _send(reply, send)
            return
        environ["wsgi.input"].seek(0)
        if not self._source.dressed.is_set():
            await asyncio.to_thread(self._source.complete)
        await self._gateway(app, environ, send, client.lost.is_set)

    def _failure(self, scope: "HTTPScope", seconds: float) -> Reply:
        """Return, count and log the reply to a request that the error under way has ended."""
        query_id = new_query_id()
        _log.exception("unforeseen error", extra={"fields": {"query_id": query_id}})
        reply = refusal(HTTPStatus.INTERNAL_SERVER_ERROR, UNFORESEEN, query_id)
        asker = scope["client"][0] if scope["client"] else ""
        what = f"{scope['method']} {scope['path']}"
        size = int(reply.headers["Content-Length"])
        answered = Answered(query_id, asker, what, reply.status, seconds, size)
        of(self._source.app).metrics.note("front", answered)
        return reply

    def _direct_of(self, app: Flask) -> Direct:
        if self._direct is None or self._direct[0] is not app:
            self._direct = app, Direct(app, self._threads)
        return self._direct[1]


def _break_off(client: Client, scope: "HTTPScope", error: Exception) -> None:
    """Log why an answer has no end, and end its connection.

    HTTP/1.0 has no chunks, and so no last one whose absence tells (RFC 9112, section 8,
    https://www.rfc-editor.org/rfc/rfc9112#section-8). Proxies ask by it, nginx for one. Otherwise
    the server closes in order, so that what there is arrives.
    """
    if isinstance(error, ForumGraphError):
        _log.warning("an answer was broken off: %s", error)
    else:
        _log.error("unforeseen error", exc_info=error)
    if scope["http_version"] == "1.0" and not client.lost.is_set():
        client.reset()


async def _read(
    scope: "HTTPScope", receive: "ASGIReceiveCallable", most: int
) -> tuple[bytes, int | None]:
    """Return the body of a request and its length; of one too long, no more than tells that.

    Raises:
        ConnectionError: the client has gone before its end.
    """
    announced = None
    chunked = False
    for name, value in scope["headers"]:
        if name == b"content-length":
            announced = int(value)
        chunked |= name == b"transfer-encoding"
    if not announced and not chunked:
        return b"", announced
    if announced is not None and announced > most:
        return b"", announced
    body = bytearray()
    while len(body) <= most:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionError
        body += message["body"]
        if not message["more_body"]:
            break
    return bytes(body), len(body) if announced is None else announced


async def _send(reply: Reply, send: "ASGISendCallable") -> None:
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in reply.headers.items()
    ]
    start: HTTPResponseStartEvent = {
        "type": "http.response.start",
        "status": reply.status,
        "headers": headers,
        "trailers": False,
    }
    assert isinstance(reply.body, bytes)  # noqa: S101  # what streams goes another way
    body: HTTPResponseBodyEvent = {
        "type": "http.response.body",
        "body": reply.body,
        "more_body": False,
    }
    await send(start)
    await send(body)
