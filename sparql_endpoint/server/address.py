"""Listening on an address, and the URL under which a browser reaches it."""

import errno
import socket

from sparql_endpoint.errors import AddressError

__all__ = ["listen", "web_address"]

_REASONS = {
    errno.EADDRINUSE: "something else listens there; choose another with --port",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose another with --host",
    errno.EACCES: "that needs more rights; choose a port above 1023 with --port",
}


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``host`` and ``port``; port 0 takes any free one.

    Raises:
        AddressError: it cannot listen there; the message says why and what to do.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
        except OSError:
            listener.close()
            raise
    except OSError as fault:
        reason = _REASONS.get(fault.errno or 0, str(fault))
        raise AddressError(f"cannot listen on {host} port {port}: {reason}") from None
    return listener


def web_address(listener: socket.socket) -> str:
    """Return the URL at which a browser of this machine finds ``listener``."""
    host, port = listener.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
    return f"http://[{local}]:{port}/" if ":" in local else f"http://{local}:{port}/"
