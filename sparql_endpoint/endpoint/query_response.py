"""From a query and what its client accepts to the HTTP response that carries the answer.

Whether a query has solutions or triples is known only when it runs, so a representation is chosen
for each kind beforehand. An answer is whole, or cut with the header that says so, before the first
byte of it is sent.
"""

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, request
from flask.globals import request_ctx
from werkzeug.datastructures import Headers
from werkzeug.exceptions import PreconditionFailed
from werkzeug.http import http_date
from werkzeug.wsgi import wrap_file

from sparql_endpoint.endpoint.compression import (
    IDENTITY,
    WORTH_IT,
    choose_coding,
    compress,
    compress_stream,
)
from sparql_endpoint.endpoint.conditional import condition, is_held
from sparql_endpoint.endpoint.evidence import with_evidence
from sparql_endpoint.endpoint.html_pages import page_response, pages
from sparql_endpoint.endpoint.media_types import GRAPHS, RESULTS, Offer, Offers
from sparql_endpoint.endpoint.pagination import next_page
from sparql_endpoint.endpoint.protocol import QueryRequest
from sparql_endpoint.endpoint.response_cache import allow_caching
from sparql_endpoint.endpoint.service import Service, service
from sparql_endpoint.errors import (
    ForumGraphError,
    NotAcceptableError,
    UnwritableTermError,
    UsageError,
)
from sparql_endpoint.query import trust
from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.query.evaluation import Query, Result
from sparql_endpoint.query.prepare import may_be_relative
from sparql_endpoint.query.result_sink import Body

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["QueryPlan", "is_deterministic", "respond"]

_CHANGING = ("BNODE", "NOW", "RAND", "SERVICE", "UUID")
_CHANGES = re.compile(rf"\b(?:STR)?(?:{'|'.join(_CHANGING)})\b")
_LONGEST_LINK = 4000
_LONGEST_WARNING = 500
_VARY = "Accept, Accept-Encoding"

Alternates = Callable[[Offer], Mapping[str, str]]

_http_date = lru_cache(maxsize=1)(http_date)


@lru_cache(maxsize=16)
def is_deterministic(query: str) -> bool:
    """Return whether the same data always give ``query`` the same answer; False when in doubt."""
    capitals = query.upper()
    return not any(name in capitals for name in _CHANGING) or _CHANGES.search(capitals) is None


class QueryPlan:
    """A query of the current request, and what its client would take as the answer.

    Raises:
        NotAcceptableError: the client takes no format of any kind of answer.
    """

    def __init__(self, asked: QueryRequest) -> None:
        self.asked = asked
        self.service: Service = service()
        asking = request_ctx.request
        accept, page = asking.environ.get("HTTP_ACCEPT", ""), pages() is not None
        self._results = _choose(RESULTS, accept, asked.format, page=page)
        self._graphs = _choose(GRAPHS, accept, asked.format, page=page)
        if isinstance(self._results, NotAcceptableError) and not isinstance(self._graphs, Offer):
            raise self._results
        choices = (self._results, self._graphs)
        only_pages = not any(isinstance(choice, Offer) and choice.format for choice in choices)
        self.query = Query(
            asked.query,
            asked.dataset,
            _format(self._results, "json"),
            _format(self._graphs, "turtle"),
            self.service.settings.page_rows if only_pages else None,
            asking.base_url if may_be_relative(asked.query) else None,
            trust=_policy(self.service, asked.trust),
        )
        self.etag = "" if only_pages else self._entity_tag()
        """The entity tag of the answer, empty for one that changes by itself and for pages."""

    def _entity_tag(self) -> str:
        """Return a weak validator: the rows may come in another order next time.

        RFC 9110, section 8.8.1: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1
        """
        about = self.service.about
        if not about.immutable or not is_deterministic(self.query.text):
            return ""
        types = [getattr(choice, "media_type", None) for choice in (self._results, self._graphs)]
        query = self.query
        content = (about.digest, *types, query.text, query.dataset, query.max_rows, query.base)
        if query.trust != trust.DEFAULT or self.asked.evidence:
            content += (query.trust, self.asked.evidence)
        return f'W/"{hashlib.sha256(repr(content).encode()).hexdigest()[:32]}"'

    def answer(self) -> tuple[Result, Offer]:
        """Return the answer and the representation that it has.

        Raises:
            NotAcceptableError: the client takes no format of this kind of answer.
            ForumGraphError: as ``QueryRunner.run``.
        """
        try:
            result = self._run()
        except ForumGraphError as error:
            self.service.metrics.count_query(type(error).__name__)
            if not isinstance(error, UsageError) or isinstance(error, UnwritableTermError):
                raise
            for choice in (self._results, self._graphs):
                if isinstance(choice, NotAcceptableError):
                    raise choice from error
            raise
        outcome = "complete" if result.complete else "cut"
        self.service.metrics.count_query(outcome, result.rows, len(result.body), result.engine)
        offer = self._graphs if result.is_graph else self._results
        assert isinstance(offer, Offer)  # noqa: S101  # the runner refuses a kind without format
        return result, offer

    def _run(self) -> Result:
        if not self.asked.evidence:
            return self.service.runner.run(self.query)
        return with_evidence(self.service.runner, self.query)


def _policy(served: Service, name: str) -> str:
    if name == trust.DEFAULT:
        return name
    if not served.about.own:
        raise UsageError("'trust' is for the graph of this project, and other data are served here")
    return trust.find(name).name


def _choose(
    offers: Offers, accept: str, name: str | None, *, page: bool
) -> Offer | NotAcceptableError:
    try:
        return offers.choose(accept, name, page=page)
    except NotAcceptableError as error:
        return error


def _format(choice: Offer | NotAcceptableError, page_format: str) -> str | None:
    """Return the short name of the format to write; a page is made of ``page_format``."""
    if not isinstance(choice, Offer):
        return None
    return choice.format.name if choice.format else page_format


def respond(plan: QueryPlan, alternates: Alternates) -> Response:
    """Return the response to the query of ``plan``; ``alternates`` has the URLs of other formats.

    Raises:
        ForumGraphError: as ``QueryPlan.answer``.
        PreconditionFailed: the client wants it only if it is another than it is.
    """
    environ = request.environ
    if is_held(environ, plan.etag):
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=_validators(plan, plan.etag))
    result, offer = plan.answer()
    if offer.format is None:
        maker = pages()
        assert maker is not None  # noqa: S101  # without, no page is among the representations
        return page_response(maker.result(plan.asked, result))
    etag = plan.etag if result.complete else ""
    status = condition(environ, etag, plan.service.about.modified)
    if status is not HTTPStatus.OK:
        result.body.close()
    if status is HTTPStatus.PRECONDITION_FAILED:
        raise PreconditionFailed
    if status is HTTPStatus.NOT_MODIFIED:
        return Response(status=status, headers=_validators(plan, etag))
    headers = [
        ("Content-Type", offer.content_type),
        ("X-Query-Engine", result.engine),
        ("X-Result-Complete", "true" if result.complete else "false"),
        *_validators(plan, etag),
    ]
    ignored = [Notice("unknown-parameter", f"'{n}' means nothing here") for n in plan.asked.unknown]
    if notices := [*ignored, *result.notices]:
        headers.append(("X-Query-Warning", ", ".join(map(_warning, notices))))
    if links := _links(plan, result, alternates(offer)):
        headers.append(("Link", links))
    if etag and result.body.file is None:
        allow_caching(environ)
    return _with_body(environ, headers, result.body)


class _Whole(Response):
    """A response with all its headers: none is to be added or looked for in a copy of them."""

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """Return the headers."""
        del environ
        return self.headers


def _with_body(environ: "WSGIEnvironment", headers: list[tuple[str, str]], body: Body) -> Response:
    """Return a response with ``body`` in a coding where that pays, a long one as a file."""
    size = len(body)
    coding = IDENTITY
    if size >= WORTH_IT:
        coding = choose_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if coding != IDENTITY:
        headers.append(("Content-Encoding", coding))
    if body.file is None:
        return _Whole(compress(body.read(), coding), headers=headers)
    if coding != IDENTITY:
        file = os.fdopen(os.memfd_create("response"), "w+b")
        file.writelines(compress_stream(body, coding))
        size = file.tell()
        file.seek(0)
        body = Body(file=file)
    headers.append(("Content-Length", str(size)))
    wrapped = wrap_file(environ, body.file)  # type: ignore[arg-type]  # it is a file
    return _Whole(wrapped, headers=headers, direct_passthrough=True)


def _validators(plan: QueryPlan, etag: str) -> list[tuple[str, str]]:
    if not etag:
        return [("Vary", _VARY), ("Cache-Control", "no-store")]
    return [
        ("Vary", _VARY),
        ("ETag", etag),
        ("Last-Modified", _http_date(plan.service.about.modified)),
        ("Cache-Control", "public, no-cache"),
    ]


def _warning(notice: Notice) -> str:
    """Return a warning as a header holds it: its code, and its text as a quoted string of ASCII.

    RFC 9110, section 5.6.4: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4
    """
    text = notice.text[:_LONGEST_WARNING].encode("ascii", "replace").decode()
    text = "".join(char if " " <= char <= "~" else " " for char in text)
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'{notice.code} "{quoted}"'


def _links(plan: QueryPlan, result: Result, alternates: Mapping[str, str]) -> str:
    """Return a Link header (RFC 8288): the next page of an answer that was cut, other formats.

    A header is no place for a long query: then there are no other formats.
    """
    following = next_page(plan.asked, result)
    rest = [f'<{following}>; rel="next"'] if following else []
    others = [f'<{url}>; rel="alternate"; type="{name}"' for name, url in alternates.items()]
    return ", ".join(rest + others if len("".join(others)) <= _LONGEST_LINK else rest)
