"""An application that shows what it sees of a request, for a server's workers to import."""

from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

from flask import Response, request, send_file

from sparql_endpoint.app import create_app
from sparql_endpoint.server.application import Application

__all__ = ["PIECE", "make_showing_app"]

PIECE = b"x" * 300_000


def make_showing_app(*arguments: Any) -> Application:
    """Return the endpoint with addresses that show a request, give long answers, and fail."""
    app = create_app(*arguments)
    app.add_url_rule("/shown/<path:name>", view_func=_shown, methods=["GET", "POST"])
    app.add_url_rule("/long", view_func=_long)
    app.add_url_rule("/file/<int:size>", view_func=_file)
    app.wsgi_app = _Failing(app.wsgi_app)  # type: ignore[assignment, method-assign]  # Flask documents it
    return Application(app)


def _shown(name: str) -> dict[str, Any]:
    environ = {key: value for key, value in request.environ.items() if key.isupper()}
    return environ | {"name": name, "body": request.get_data().decode()}


def _long() -> Response:
    return Response((PIECE for _ in range(200)), direct_passthrough=True)


def _file(size: int) -> Response:
    content = bytes(range(250)) * (size // 250) + b"x" * (size % 250)
    if not size % 2:
        return send_file(BytesIO(content), "text/plain")
    file = TemporaryFile()  # noqa: SIM115  # it closes when it is sent
    file.write(content)
    file.seek(0)
    return send_file(file, "text/plain")


class _Failing:
    """WSGI middleware that fails at an address, before the application."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: Any, start: Any) -> Any:
        if environ["PATH_INFO"] == "/failing":
            raise ZeroDivisionError("secret")
        return self._app(environ, start)
