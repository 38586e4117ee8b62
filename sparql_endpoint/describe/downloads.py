"""``/dump/<version>.<format>[.gz]``: the dataset as files that never change.

Range requests: RFC 9110, section 14 (https://www.rfc-editor.org/rfc/rfc9110#section-14). The
checksum is told in the header of RFC 9530 (https://www.rfc-editor.org/rfc/rfc9530#section-3).
"""

from base64 import b64encode
from http import HTTPStatus

from flask import Blueprint, Response, send_file, url_for

from sparql_endpoint.describe.dumps import Dump, dump, dump_names, version
from sparql_endpoint.describe.void_counts import statistics
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.errors import NotFoundError

__all__ = ["blueprint"]

blueprint = Blueprint("downloads", __name__)

_YEAR = 365 * 24 * 60 * 60


@blueprint.get("/dump/<name>")
def download(name: str) -> Response:
    """Return a file, whole or the part that the client lacks; ``latest.ttl`` leads to today's.

    Raises:
        NotFoundError: there is no such file; the message lists those that there are.
    """
    if name.startswith("latest."):
        today = name.replace("latest", version(service()), 1)
        names = dump_names(service(), statistics(service()))
        if today not in names:
            latest = ", ".join(f"latest{known.removeprefix(version(service()))}" for known in names)
            raise NotFoundError(f"there is no dump '{name}'; there is {latest or 'none'}")
        there = url_for("downloads.download", name=today)
        moved = Response(status=HTTPStatus.FOUND, headers={"Location": there})
        moved.headers["Cache-Control"] = "no-cache"
        return moved
    return _send(dump(service(), name))


def _send(file: Dump) -> Response:
    response = send_file(
        file.file,
        mimetype="application/gzip" if file.packed else file.format.media_type,
        as_attachment=True,
        download_name=f"forumgraph-{file.name}",
        conditional=True,
        etag=file.sha256,
        last_modified=service().about.modified,
        max_age=_YEAR,
    )
    if not file.packed:  # as it is: Flask would add a charset to any text
        response.headers["Content-Type"] = file.format.content_type
    response.cache_control.public = True
    response.cache_control.immutable = True
    digest = b64encode(bytes.fromhex(file.sha256)).decode("ascii")
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response
