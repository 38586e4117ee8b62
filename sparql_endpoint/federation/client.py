"""The client that sends SERVICE patterns of queries to other endpoints, and to nothing else.

The endpoint must be on the operator's list and use HTTPS. Its name is resolved here, once. Every
address must be public, and the connection goes to the address that was checked, so that a name
that resolves differently a moment later does no harm. A redirect is an error. The response is read
to its end, within limits of time and size, before any of it is passed on.

One deadline covers everything: name, connection, request and response. The time limits of HTTP
libraries apply to each step, and within it to each packet. So this module opens the socket itself,
and shutting the socket down ends the present step.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from queue import Empty, SimpleQueue
from urllib.parse import SplitResult, urlsplit

import httpx

from sparql_endpoint.errors import RemoteError, UsageError
from sparql_endpoint.limits import Limits
from sparql_endpoint.store.answers import rewritten

__all__ = ["ServiceClient", "check_services", "is_public"]

_RESULTS = ("application/sparql-results+json", "application/sparql-results+xml")
_HTTPS_PORT = 443
_BLOCK = 1 << 16
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Return whether an address is public; an IPv4 address embedded in it must be public too."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if wrapped is not None:
            return is_public(str(wrapped)) and not found.ipv4_mapped
        if found in _NAT64:
            return False
    return found.is_global and not found.is_multicast


def check_services(services: Iterable[str], *, local: bool = False) -> None:
    """Check a list of endpoints.

    Raises:
        UsageError: an endpoint has no https:// address, or has a user, a query or a fragment.
    """
    schemes = {"https", "http"} if local else {"https"}
    for service in services:
        parts = urlsplit(service)
        plain = not (parts.username or parts.query or parts.fragment)
        if parts.scheme not in schemes or not parts.hostname or not plain:
            raise UsageError(f"service {service}: give a plain https:// address")


@dataclass(frozen=True)
class ServiceClient:
    """An HTTP client for the endpoints of ``limits.services``.

    ``local`` allows servers of this machine and plain HTTP. It is for tests only, and no setting:
    with it, a query could read from any server of this machine.
    """

    limits: Limits
    local: bool = False
    trust: ssl.SSLContext | None = None
    """The trusted certificate authorities; None is the bundle of well-known ones."""

    def ask(self, service: str, query: bytes, ends: float | None = None) -> tuple[str, bytes]:
        """Return the media type and the body of the answer of ``service`` to ``query``.

        ``ends`` is the deadline in seconds of the monotonic clock; without it, the limit
        ``service_time`` begins now.

        Raises:
            RemoteError: the answer is late, too long, or not a SPARQL result.
        """
        if service not in self.limits.services:
            raise RemoteError(f"{service} is not on the list of services")
        ends = ends or time.monotonic() + self.limits.service_time
        parts = urlsplit(service)
        try:
            with closing(self._connected(parts, ends)) as sock, _shut_down(sock, ends):
                answer = self._exchange(parts, sock, query)
                _left(ends)  # past the deadline, the answer may have been cut off
                return answer
        except (OSError, HTTPException, RemoteError) as error:
            if time.monotonic() >= ends:
                raise self._late(service) from None
            if isinstance(error, RemoteError):
                raise
            raise RemoteError(f"{service} cannot be asked: {error}") from None

    def _connected(self, parts: SplitResult, ends: float) -> socket.socket:
        """Return a connection to the checked address; the certificate must be that of the host."""
        found = _looked_up(parts, ends)
        if not self.local and not all(is_public(address) for address, _ in found):
            raise RemoteError(f"{parts.hostname} is not an address of the public Internet")
        sock = socket.create_connection(found[0], timeout=_left(ends))
        if parts.scheme != "https":
            return sock
        sock.settimeout(_left(ends))  # the time limit of the whole handshake
        trust = self.trust or _well_known_authorities()
        return trust.wrap_socket(sock, server_hostname=parts.hostname)

    def _exchange(self, parts: SplitResult, sock: socket.socket, query: bytes) -> tuple[str, bytes]:
        connection = HTTPConnection(str(parts.hostname))
        connection.sock = sock
        connection.request(
            "POST",
            parts.path or "/",
            query,
            {
                "Host": parts.netloc,
                "Accept": ", ".join(_RESULTS),
                "Accept-Encoding": "identity",
                "Connection": "close",
                "Content-Type": "application/sparql-query",
                "User-Agent": "forumgraph (SPARQL federated query)",
            },
        )
        with connection.getresponse() as response:
            return self._read(parts.netloc, response)

    def _read(self, service: str, response: HTTPResponse) -> tuple[str, bytes]:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status != HTTPStatus.OK:
            raise RemoteError(f"{service} answered with status {response.status}")
        if kind not in _RESULTS or "Content-Encoding" in response.headers:
            raise RemoteError(f"{service} answered with '{kind}', which is no SPARQL result")
        body = bytearray()
        while block := response.read(_BLOCK):
            body += block
            if len(body) > self.limits.service_bytes:
                most = self.limits.service_bytes >> 10
                raise RemoteError(f"{service} answered with more than {most:,} KiB")
        if response.length:
            raise RemoteError(f"{service} broke off its answer")
        try:
            return _RESULTS[0], rewritten(bytes(body), kind)
        except SyntaxError as fault:
            raise RemoteError(f"{service} gave no whole answer: {fault}") from None

    def _late(self, service: str) -> RemoteError:
        return RemoteError(f"{service} did not answer within {self.limits.service_time:g} s")


@cache
def _well_known_authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _left(ends: float) -> float:
    """Return the seconds until ``ends``.

    Raises:
        TimeoutError: ``ends`` has passed.
    """
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _looked_up(parts: SplitResult, ends: float) -> list[tuple[str, int]]:
    """Return the addresses of a host, looked up beside: nothing else can end the system's search.

    Raises:
        RemoteError: it has none.
        TimeoutError: they were not found in time.
    """
    port, found = parts.port or _HTTPS_PORT, SimpleQueue[list[str] | OSError]()

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except OSError as error:
            found.put(error)
        else:
            found.put([str(entry[4][0]) for entry in entries])

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = found.get(timeout=_left(ends))
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise RemoteError(f"{parts.hostname} has no address: {answer}")
    return [(address, port) for address in answer]


@contextmanager
def _shut_down(sock: socket.socket, ends: float) -> Iterator[None]:
    """Shut ``sock`` down at ``ends``, so that no read or write on it lasts longer."""

    def shut() -> None:
        with suppress(OSError):  # it has just been closed
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # that of TLS would wait for the other

    timer = threading.Timer(_left(ends), shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
