"""The Forwarded header of trusted proxies: RFC 7239, https://www.rfc-editor.org/rfc/rfc7239.

Believed like X-Forwarded-*: of as many elements as there are trusted proxies, counted from the
right, the leftmost, which is what the outermost of them saw. Where a request has X-Forwarded-* too,
that wins and Forwarded is not read at all: most proxies write the one, and pass on the other, which
anybody may have written. A proxy that writes Forwarded must drop X-Forwarded-* from outside.

Werkzeug reads no Forwarded. The middleware of waitress does, but it parts quoted values at their
commas, takes whatever stands behind ``for`` as an address, and lets Forwarded win.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from sparql_endpoint.endpoint.request_checks import HOST

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Forwarded", "Seen", "client_of", "seen_by", "through"]

_WORD = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_QUOTED = r'"(?:[\t !\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t -\x7e\x80-\xff])*"'
_PAIR = re.compile(rf"[ \t]*(?:({_WORD})=({_WORD}|{_QUOTED}))?[ \t]*([,;]|\Z)")
"""A forwarded-pair or none, and what ends it (section 4)."""
_NODE = re.compile(
    r"(?:(?P<v4>[0-9.]+)|\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<unknown>(?i:unknown))"
    r"|(?P<obfuscated>_[A-Za-z0-9._\-]+))(?::(?:[0-9]{1,5}|_[A-Za-z0-9._\-]+))?"
)
"""A node: its name, and a port that is of no use here (section 6)."""
_RIVALS = tuple(f"HTTP_X_FORWARDED_{name}" for name in ("FOR", "PROTO", "HOST", "PORT"))


@dataclass(frozen=True)
class Seen:
    """Who asked a proxy, in which scheme and for which host; each empty where it does not say."""

    client: str = ""
    """An address, or a name with an underscore before it that hides one (section 6.3)."""
    scheme: str = ""
    host: str = ""


class Forwarded:
    """WSGI middleware that has ``app`` see what ``hops`` trusted proxies in a row tell."""

    def __init__(self, app: "WSGIApplication", hops: int) -> None:
        self._app, self._hops = app, hops

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer by the application."""
        header = environ.get("HTTP_FORWARDED")
        if header and not any(name in environ for name in _RIVALS):
            seen = seen_by(header, self._hops)
            told = {
                "REMOTE_ADDR": seen.client,
                "wsgi.url_scheme": seen.scheme,
                "HTTP_HOST": seen.host,
            }
            environ.update({name: value for name, value in told.items() if value})
        return self._app(environ, start)


def client_of(environ: "WSGIEnvironment", hops: int) -> str:
    """Return the client that ``hops`` trusted proxies tell, by either kind of header."""
    if hops:
        through(_nobody, hops)(environ, _deaf)
    return str(environ["REMOTE_ADDR"])


def through(app: "WSGIApplication", hops: int) -> "WSGIApplication":
    """Return ``app`` behind ``hops`` trusted proxies in a row."""
    return ProxyFix(Forwarded(app, hops), hops, hops, hops, hops, hops) if hops else app


def _nobody(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    del environ, start
    return ()


def _deaf(*_: object) -> Callable[[bytes], object]:
    return bytes


def seen_by(header: str, hops: int) -> Seen:
    """Return what the outermost of ``hops`` proxies saw; nothing where the header is malformed."""
    elements = _elements(header)
    try:
        return _seen(elements[-hops])
    except (IndexError, ValueError):
        return Seen()


def _elements(header: str) -> list[dict[str, str]]:
    """Return the parameters of each element by their names in lower case; none if malformed."""
    elements: list[dict[str, str]] = [{}]
    position, end = 0, ";"
    while end:
        found = _PAIR.match(header, position)
        if found is None or (found[1] and found[1].lower() in elements[-1]):  # once (section 4)
            return []
        if found[1]:
            elements[-1][found[1].lower()] = _unquoted(found[2])
        if found[3] == ",":
            elements.append({})
        position, end = found.end(), found[3]
    return [element for element in elements if element]


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _seen(element: Mapping[str, str]) -> Seen:
    """Return what an element tells.

    Raises:
        ValueError: a parameter has a value that it must not have.
    """
    host, scheme = element.get("host", ""), element.get("proto", "").lower()
    if host and not HOST.fullmatch(host):
        raise ValueError(host)
    client = _client(element["for"]) if "for" in element else ""
    return Seen(client, scheme if scheme in {"http", "https"} else "", host)


def _client(node: str) -> str:
    found = _NODE.fullmatch(node)
    if found is None:
        raise ValueError(node)
    if found["v4"]:
        return str(IPv4Address(found["v4"]))
    return str(IPv6Address(found["v6"])) if found["v6"] else found["obfuscated"] or ""
