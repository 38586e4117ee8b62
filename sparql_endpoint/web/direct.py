"""Answering a query in the server's event loop: without a thread, and without waking Flask.

This is the way of nearly every query. It serves what is ready, asks the engine, and makes the reply
by the same functions as the Flask view does. Whatever else there is to say, a page, an error or an
answer that streams, it leaves to that view, together with what has become of the query.
"""

import asyncio
import time
from concurrent.futures import Executor
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from sparql_endpoint.errors import ForumGraphError
from sparql_endpoint.web.answering import keep, kept_answer
from sparql_endpoint.web.asking import OUTCOME, Asking
from sparql_endpoint.web.headers import EVERY_ANSWER, QUERY_ID, inspect, new_query_id
from sparql_endpoint.web.logs import Answered
from sparql_endpoint.web.protocol import read_request
from sparql_endpoint.web.ready import READY, ReadyAnswers
from sparql_endpoint.web.responses import Reply, reply, unchanged
from sparql_endpoint.web.runner import Answer, EngineRunner
from sparql_endpoint.web.service import Service, of
from sparql_endpoint.web.urls import alternates
from sparql_endpoint.web.watch import ADMITTED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["Direct"]

_ENDPOINT = "sparql.endpoint"
_PATHS = frozenset({"/sparql", "/sparql/"})
_METHODS = frozenset({"GET", "HEAD", "POST"})


class Direct:
    """Answers queries to one application, where that needs nothing of Flask.

    A query that must wait for its turn waits in one of ``threads``.
    """

    def __init__(self, app: Flask, threads: Executor) -> None:
        self._app, self._threads = app, threads
        self._served: Service = of(app)
        self._ready: ReadyAnswers = app.extensions[READY]

    async def reply(
        self, environ: "WSGIEnvironment", hung_up: "Callable[[], Awaitable[object]]"
    ) -> Reply | None:
        """Return the reply to a request, None where it is for Flask to reply.

        ``hung_up`` returns when the client has hung up. What Flask needs is then in ``environ``.
        """
        if environ["PATH_INFO"] not in _PATHS or environ["REQUEST_METHOD"] not in _METHODS:
            return None
        ready = self._ready.recall(environ)
        if ready is not None:
            status, headers, body = ready
            return Reply(status, dict(headers), body)
        began = time.perf_counter()
        try:
            told = await self._ask(Request(environ), hung_up)
        except (ForumGraphError, HTTPException):  # the view meets it again, and tells of it
            told = None
        if told is not None:
            self._finish(environ, told, began)
        return told

    async def _ask(
        self, request: Request, hung_up: "Callable[[], Awaitable[object]]"
    ) -> Reply | None:
        inspect(request, self._served.settings.max_url_bytes)
        asked = read_request(request)
        if asked is None:
            return None
        asking = Asking(asked, request, self._app)
        if asking.is_for_a_page:
            return None
        self._served.rate.admit(asking.question.client)
        request.environ[ADMITTED] = True
        told = unchanged(asking)
        if told is not None:
            return told
        answer = await self._answer(asking, hung_up)
        if answer is None:
            return None
        offer = asking.offer(answer)
        if offer.format is None or not isinstance(answer.chunks, list):
            request.environ[OUTCOME] = answer
            return None
        return reply(asking, answer, alternates(asked, offer))

    async def _answer(
        self, asking: Asking, hung_up: "Callable[[], Awaitable[object]]"
    ) -> Answer | None:
        """Return the answer, None where the view must ask for it or tell why there is none."""
        served, question = self._served, asking.question
        answer = kept_answer(served, question)
        if answer is not None or not isinstance(served.runner, EngineRunner):
            return answer
        try:
            answer = await served.runner.run_soon(question, hung_up)
            if answer is None:
                loop = asyncio.get_running_loop()
                answer = await loop.run_in_executor(self._threads, served.runner.run, question)
        except ForumGraphError as error:
            asking.request.environ[OUTCOME] = error
            return None
        return keep(served, question, answer)

    def _finish(self, environ: "WSGIEnvironment", told: Reply, began: float) -> None:
        """Give a reply what every answer has, count it, log it, and have it ready next time."""
        told.headers = {**EVERY_ANSWER, **told.headers}
        assert isinstance(told.body, bytes)  # noqa: S101  # what streams is left to the view
        size = len(told.body)
        if told.status is HTTPStatus.OK:
            told.headers["Content-Length"] = str(size)
            self._ready.remember(environ, told.headers.items())
        query_id = told.headers[QUERY_ID] = new_query_id()
        seconds = time.perf_counter() - began
        what = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        client = environ.get("REMOTE_ADDR", "")
        answered = Answered(query_id, client, what, told.status, seconds, size)
        self._served.metrics.note(_ENDPOINT, answered)
