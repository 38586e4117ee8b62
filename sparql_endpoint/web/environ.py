"""From an ASGI scope to a WSGI environ: PEP 3333, https://peps.python.org/pep-3333/#environ-variables."""

import sys
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from uvicorn._types import HTTPScope

__all__ = ["environ_of"]

_OWN_NAMES = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_LEFT_OUT = frozenset({b"transfer-encoding", b"content-length"})
"""The body is whole by now, and its length known."""


def environ_of(scope: "HTTPScope", body: bytes, length: int | None) -> "WSGIEnvironment":
    """Return what a WSGI application is told of a request, whose body is ``length`` bytes long.

    A header with an underscore in its name is left out: it could pass for another. Headers of one
    name are joined by commas (RFC 9110, section 5.3).
    """
    host, port = scope["server"] or ("localhost", 0)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "REQUEST_URI": scope["raw_path"].decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope["headers"]:
        if b"_" in name or name in _LEFT_OUT:
            continue
        key = _OWN_NAMES.get(name) or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
        text = value.decode("latin-1").strip()
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    return environ
