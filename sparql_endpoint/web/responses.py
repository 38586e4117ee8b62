"""The HTTP response that carries an answer: its headers, its coding, and its way into the cache.

What is known of an answer (its ETag, whether it is complete) is said before its first byte. What
streams is whole if it ends: one that is cut lacks its last chunk, by which every client tells (RFC
9112, section 8, https://www.rfc-editor.org/rfc/rfc9112#section-8), and its document is not closed.
So ``X-Result-Complete: unknown`` needs no trailer, which scripts in a browser cannot read, most
clients drop (RFC 9110, section 6.5.1) and WSGI has no way to send.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response
from werkzeug.exceptions import PreconditionFailed
from werkzeug.http import http_date

from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.web.answering import answer_key
from sparql_endpoint.web.asking import Asking
from sparql_endpoint.web.conditions import condition, is_held
from sparql_endpoint.web.encoding import (
    IDENTITY,
    WORTH_IT,
    choose_coding,
    compress,
    compress_stream,
)
from sparql_endpoint.web.offers import Offer
from sparql_endpoint.web.pages import page_response, pages
from sparql_endpoint.web.paging import next_page
from sparql_endpoint.web.ready import MARK
from sparql_endpoint.web.runner import Answer

__all__ = ["Reply", "reply", "respond", "unchanged"]

_COMPLETE = {True: "true", False: "false", None: "unknown"}
_LONGEST_LINK = 4000
_LONGEST_WARNING = 500
_VARY = "Accept, Accept-Encoding"

Alternates = Callable[[Offer], Mapping[str, str]]


@dataclass
class Reply:
    """A response before it is sent: its body is there as bytes, or comes in chunks."""

    status: HTTPStatus
    headers: dict[str, str]
    body: bytes | Iterable[bytes] = b""

    def response(self) -> Response:
        """Return it for Flask to send."""
        streamed = not isinstance(self.body, bytes)
        return Response(self.body, self.status, self.headers, direct_passthrough=streamed)


def respond(asking: Asking, alternates: Alternates) -> Response:
    """Return the answer to ``asking``; ``alternates`` gives the URLs of other formats.

    Raises:
        ForumGraphError: the runner has no answer.
        PreconditionFailed: the client wants it only if it is another than it is.
    """
    told = unchanged(asking)
    if told is None:
        answer, offer = asking.answer()
        if offer.format is None:
            made = pages()
            assert made is not None  # noqa: S101  # without, no page is among the offers
            return page_response(made.result(asking.asked, answer))
        told = reply(asking, answer, alternates(offer))
    return told.response()


def unchanged(asking: Asking) -> Reply | None:
    """Return the reply to a client that names the answer which it has already, None to another."""
    if is_held(asking.request.environ, asking.etag):
        return Reply(HTTPStatus.NOT_MODIFIED, _described(asking, asking.etag))
    return None


def reply(asking: Asking, answer: Answer, alternates: Mapping[str, str]) -> Reply:
    """Return the answer as it is sent; ``alternates`` has the URLs of its other formats.

    Raises:
        PreconditionFailed: the client wants it only if it is another than it is.
    """
    etag = "" if answer.complete is False else asking.etag
    described = _described(asking, etag)
    met = condition(asking.request.environ, etag, asking.served.about.modified)
    if met is not HTTPStatus.OK:
        answer.close()
        if met is HTTPStatus.PRECONDITION_FAILED:
            raise PreconditionFailed
        return Reply(met, described)
    body, coding = _encoded(asking, answer)
    headers = {
        "Content-Type": asking.offer(answer).content_type,
        "X-Result-Complete": _COMPLETE[answer.complete],
        **described,
    }
    if coding != IDENTITY:
        headers["Content-Encoding"] = coding
    if answer.notices:
        headers["X-Query-Warning"] = ", ".join(map(_warning, answer.notices))
    if links := _links(asking, answer, alternates):
        headers["Link"] = links
    return Reply(HTTPStatus.OK, headers, body)


def _encoded(asking: Asking, answer: Answer) -> tuple[bytes | Iterable[bytes], str]:
    """Return the answer in a coding where that pays, and keep it so for the thin path."""
    coding = choose_coding(asking.request.environ.get("HTTP_ACCEPT_ENCODING", ""))
    if isinstance(answer.chunks, list):
        return _whole(asking, answer, b"".join(answer.chunks), coding)
    return _streamed(answer, coding), coding


def _streamed(answer: Answer, coding: str) -> Iterator[bytes]:
    """Return the answer as it comes; what fails before its first byte is raised here."""
    stream = compress_stream(_one_behind(answer.chunks), coding)
    return _resumed(next(stream), stream, answer)


def _resumed(first: bytes, rest: Iterator[bytes], answer: Answer) -> Iterator[bytes]:
    try:
        yield first
        yield from rest
    finally:
        answer.close()


def _one_behind(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each chunk when the next is there, the last when the end is known to be the end.

    The engine closes the document of an answer that it cuts before it says so; without its last
    chunk no parser takes it for whole.
    """
    held = b""
    for chunk in chunks:
        if held:
            yield held
        held = chunk
    yield held


def _whole(asking: Asking, answer: Answer, body: bytes, coding: str) -> tuple[bytes, str]:
    if len(body) < WORTH_IT:
        coding = IDENTITY
    cache = asking.served.cache
    key = (answer_key(asking.served, asking.question), answer.graph)
    kept_as = key if coding == IDENTITY else (key, coding)
    encoded = cache.get(kept_as) or compress(body, coding)
    if cache.get(key) is not None:
        cache.put(kept_as, encoded)
        asking.request.environ[MARK] = kept_as
    return encoded, coding


def _described(asking: Asking, etag: str) -> dict[str, str]:
    if not etag:
        return {"Vary": _VARY, "Cache-Control": "no-store"}
    return {
        "Vary": _VARY,
        "ETag": etag,
        "Last-Modified": http_date(asking.served.about.modified),
        "Cache-Control": "public, no-cache",
    }


def _links(asking: Asking, answer: Answer, alternates: Mapping[str, str]) -> str:
    """Return a Link header (RFC 8288): the next page of an answer that was cut, other formats.

    A header is no place for a long query: then there are no other formats.
    """
    following = next_page(asking.asked, answer)
    rest = [f'<{following}>; rel="next"'] if following else []
    others = [f'<{url}>; rel="alternate"; type="{name}"' for name, url in alternates.items()]
    return ", ".join(rest + others if len("".join(others)) <= _LONGEST_LINK else rest)


def _warning(notice: Notice) -> str:
    """Return a warning as a header holds it: its code, and its text as a quoted string of ASCII.

    RFC 9110, section 5.6.4: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4
    """
    text = notice.text[:_LONGEST_WARNING].encode("ascii", "replace").decode()
    text = "".join(char if " " <= char <= "~" else " " for char in text)
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'{notice.code} "{quoted}"'
