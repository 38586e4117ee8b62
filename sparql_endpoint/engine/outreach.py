"""Asking the endpoints that SERVICE may ask, and nothing else.

The endpoint must be on the operator's list and speak HTTPS. Its name is resolved here, once; every
address must be public, and the connection goes to the address that was checked, so that a name
that resolves differently a moment later leads nowhere. A redirect is an error. What comes back is
read to its end, within limits of time and size, before any of it is passed on.
"""

import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import httpx

from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.errors import RemoteError, UsageError

__all__ = ["Outreach", "is_public"]

_RESULTS = ("application/sparql-results+json", "application/sparql-results+xml")
_HTTPS_PORT = 443
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Return whether an address is one of the public Internet, also where it wraps another."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if wrapped is not None:
            return is_public(str(wrapped)) and not found.ipv4_mapped
        if found in _NAT64:
            return False
    return found.is_global and not found.is_multicast


@dataclass(frozen=True)
class Outreach:
    """The way out to the endpoints of ``limits.services``.

    ``local`` lets it ask servers of this machine by plain HTTP. It is for tests alone and no
    setting: with it, a query could read whatever listens here.
    """

    limits: Limits
    local: bool = False
    trust: ssl.SSLContext | None = None
    """Who vouches for certificates; None is the bundle of well-known authorities."""

    def check_settings(self) -> None:
        """Check the list of endpoints.

        Raises:
            UsageError: one is no https:// address, or has a user, a query or a fragment.
        """
        for service in self.limits.services:
            parts = urlsplit(service)
            schemes = {"https", "http"} if self.local else {"https"}
            plain = not (parts.username or parts.query or parts.fragment)
            if parts.scheme not in schemes or not parts.hostname or not plain:
                raise UsageError(f"service {service}: give a plain https:// address")

    def ask(self, service: str, query: bytes) -> tuple[str, bytes]:
        """Return the media type and the bytes of what ``service`` answers to ``query``.

        Raises:
            RemoteError: it does not answer in time, too much, or with what is no SPARQL result.
        """
        if service not in self.limits.services:
            raise RemoteError(f"{service} is not on the list of services")
        ends = time.monotonic() + self.limits.service_time
        parts = urlsplit(service)
        address = self._address(parts)
        try:
            with httpx.Client(verify=self.trust or True, trust_env=False) as client:
                return self._read(client, self._request(client, parts, address, query), ends)
        except httpx.TimeoutException:
            raise self._late(service) from None
        except httpx.HTTPError as error:
            raise RemoteError(f"{service} cannot be asked: {error}") from None

    def _address(self, parts: SplitResult) -> str:
        try:
            found = socket.getaddrinfo(
                parts.hostname, parts.port or _HTTPS_PORT, type=socket.SOCK_STREAM
            )
        except OSError as error:
            raise RemoteError(f"{parts.hostname} has no address: {error}") from None
        addresses = [str(entry[4][0]) for entry in found]
        if not self.local and not all(is_public(address) for address in addresses):
            raise RemoteError(f"{parts.hostname} is not an address of the public Internet")
        return addresses[0]

    def _request(
        self, client: httpx.Client, parts: SplitResult, address: str, query: bytes
    ) -> httpx.Request:
        """Return a request to the address that was checked, in the name of the host."""
        host = f"[{address}]" if ":" in address else address
        port = f":{parts.port}" if parts.port else ""
        return client.build_request(
            "POST",
            f"{parts.scheme}://{host}{port}{parts.path or '/'}",
            content=query,
            headers={
                "Host": parts.netloc,
                "Accept": ", ".join(_RESULTS),
                "Accept-Encoding": "identity",
                "Content-Type": "application/sparql-query",
                "User-Agent": "forumgraph (SPARQL federated query)",
            },
            extensions={"sni_hostname": parts.hostname},
            timeout=self.limits.service_time,
        )

    def _read(self, client: httpx.Client, request: httpx.Request, ends: float) -> tuple[str, bytes]:
        service = request.headers["Host"]
        response = client.send(request, stream=True)
        try:
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if response.status_code != httpx.codes.OK:
                raise RemoteError(f"{service} answered with status {response.status_code}")
            if kind not in _RESULTS or "Content-Encoding" in response.headers:
                raise RemoteError(f"{service} answered with '{kind}', which is no SPARQL result")
            body = bytearray()
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > self.limits.service_bytes:
                    most = self.limits.service_bytes >> 10
                    raise RemoteError(f"{service} answered with more than {most:,} KiB")
                if time.monotonic() > ends:
                    raise self._late(service)
            return kind, bytes(body)
        finally:
            response.close()

    def _late(self, service: str) -> RemoteError:
        return RemoteError(f"{service} did not answer within {self.limits.service_time:g} s")
