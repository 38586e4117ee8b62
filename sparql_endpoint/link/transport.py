"""An HTTP client with manners: one request at a time, patient retries, a cache on disk.

The cache answers first. What it cannot answer goes out alone, waits as long as the server says
(Retry-After: RFC 9110, section 10.2.3, https://www.rfc-editor.org/rfc/rfc9110#field.retry-after;
maxlag: https://www.mediawiki.org/wiki/Manual:Maxlag_parameter), and only a good answer is kept.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

import httpx
import stamina
from hishel import SqliteStorage
from hishel.httpx import CacheTransport
from werkzeug.http import parse_date

from sparql_endpoint.errors import RemoteError
from sparql_endpoint.link.settings import Settings

__all__ = ["PoliteTransport", "Tell", "http_client"]

Tell = Callable[[str], None]

_BUSY = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_LAGGED = "maxlag"
_HOPELESS = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)


class _BusyError(Exception):
    """The server asks to come back later; ``wait`` is in seconds where it says how long."""

    def __init__(self, reason: str, wait: float | None) -> None:
        super().__init__(reason)
        self.reason, self.wait = reason, wait


def http_client(
    settings: Settings, transport: httpx.BaseTransport | None = None, tell: Tell | None = None
) -> httpx.Client:
    """Return a client that speaks through ``transport`` (the network by default), politely.

    ``tell`` is called with a line of text before each wait for a busy server.
    """
    inner = transport or httpx.HTTPTransport()
    polite: httpx.BaseTransport = PoliteTransport(inner, settings, tell)
    if settings.cache_lifetime > 0:
        settings.cache_path.parent.mkdir(parents=True, exist_ok=True)
        storage = SqliteStorage(
            database_path=settings.cache_path, default_ttl=settings.cache_lifetime
        )
        polite = CacheTransport(polite, storage=storage)
    return httpx.Client(
        transport=polite,
        timeout=settings.timeout,
        follow_redirects=True,
        headers={"User-Agent": settings.user_agent},
    )


class PoliteTransport(httpx.BaseTransport):
    """Sends one request at a time and tries again when the server is busy.

    ``clock`` gives the time that a Retry-After date is compared with, in seconds since 1970.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        settings: Settings,
        tell: Tell | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inner, self._settings, self._clock = inner, settings, clock
        self._tell = tell or (lambda _: None)
        self._turn = threading.Lock()
        self._attempt = 0
        logging.getLogger("stamina").addHandler(logging.NullHandler())  # waits are told by ``tell``

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to ``request``.

        Raises:
            RemoteError: the server cannot be reached or stays busy.
        """
        retries = stamina.retry_context(
            on=self._wait,
            attempts=self._settings.attempts,
            timeout=None,
            wait_max=self._settings.patience,
        )
        with self._turn:
            try:
                for attempt in retries:
                    with attempt:
                        self._attempt = attempt.num
                        return self._send(request)
            except _BusyError as busy:
                raise RemoteError(_later(request.url.host, busy)) from None
            except httpx.TransportError as error:
                raise RemoteError(
                    f"{request.url.host} cannot be reached: {error or type(error).__name__}"
                ) from error
        raise AssertionError("a retry context ends by a return or an exception")

    def close(self) -> None:
        """Close what is below."""
        self._inner.close()

    def _send(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        response.read()
        if response.status_code in _BUSY:
            reason = f"it answered {response.status_code} {response.reason_phrase}"
            raise _BusyError(reason, self._asked_wait(response))
        if response.headers.get("MediaWiki-API-Error") == _LAGGED or _is_lagged(response):
            raise _BusyError("its replicas lag behind (maxlag)", self._asked_wait(response))
        return response

    def _wait(self, error: Exception) -> bool | float:
        wait = self._wait_for(error)
        if wait is not False and self._attempt < self._settings.attempts:
            again = "again soon" if wait is True else f"again in {wait:.0f} s"
            self._tell(f"Wikidata: {error or type(error).__name__}; {again}")
        return wait

    def _wait_for(self, error: Exception) -> bool | float:
        if isinstance(error, _BusyError):
            if error.wait is None:
                return True
            return error.wait if error.wait <= self._settings.patience else False
        return isinstance(error, httpx.TransportError) and not isinstance(error, _HOPELESS)

    def _asked_wait(self, response: httpx.Response) -> float | None:
        text = response.headers.get("Retry-After", "")
        if text.isascii() and text.isdigit():
            return float(text)
        if (date := parse_date(text)) is None:
            return None
        now = datetime.fromtimestamp(self._clock(), UTC)
        return max(0.0, (date - now).total_seconds())


def _is_lagged(response: httpx.Response) -> bool:
    """Tell a maxlag error, which comes with status 200 and a body of its own."""
    if _LAGGED.encode() not in response.content:
        return False
    try:
        body = response.json()
    except ValueError:
        return False
    error = body.get("error") if isinstance(body, dict) else None
    return isinstance(error, dict) and error.get("code") == _LAGGED


def _later(host: str, busy: _BusyError) -> str:
    when = "" if busy.wait is None else f", and asks to wait {busy.wait:.0f} s"
    return f"{host} is busy: {busy.reason}{when}; try again later"
