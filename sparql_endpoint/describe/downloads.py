"""``/dump/<version>.<format>[.gz]``: the dataset as files that never change.

Range requests: RFC 9110, section 14 (https://www.rfc-editor.org/rfc/rfc9110#section-14). The
checksum is told in the header of RFC 9530 (https://www.rfc-editor.org/rfc/rfc9530#section-3).
"""

import re
from base64 import b64encode
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, request, send_file, url_for

from sparql_endpoint.describe.dumps import dump, dump_names, version
from sparql_endpoint.describe.void_counts import statistics
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.errors import NotFoundError

__all__ = ["blueprint", "sent_file"]

blueprint = Blueprint("downloads", __name__)

_RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]+)-([0-9]*)|-([0-9]+))[ \t]*", re.IGNORECASE)
_DIGITS = 18
"""Digits of a place in a file, at most."""
_GZIP = "application/gzip"
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
            if service().about.own:
                names = (*names, f"{version(service())}.csv.zip")
            latest = ", ".join(f"latest{known.removeprefix(version(service()))}" for known in names)
            raise NotFoundError(f"there is no dump '{name}'; there is {latest or 'none'}")
        there = url_for("downloads.download", name=today)
        moved = Response(status=HTTPStatus.FOUND, headers={"Location": there})
        moved.headers["Cache-Control"] = "no-cache"
        return moved
    file = dump(service(), name)
    return sent_file(
        file.file,
        content_type=_GZIP if file.packed else file.format.content_type,
        sha256=file.sha256,
        name=f"forumgraph-{file.name}",
    )


def _settle_range(size: int) -> None:
    """Write the header Range anew, or take it away where it is to be ignored.

    So it is for HEAD, other units than bytes, several ranges, and one that ends before it begins;
    the last bytes of a file that is shorter are the whole of it (RFC 9110, sections 14.1.2, 14.2).
    """
    parts = _RANGE.fullmatch(request.environ.pop("HTTP_RANGE", ""))
    if parts is None or request.method != "GET":
        return
    first, last, suffix = (_bounded(part, size) for part in parts.groups())
    if suffix is not None:
        request.environ["HTTP_RANGE"] = f"bytes=-{suffix}"
    elif first is not None and (last is None or first <= last):
        request.environ["HTTP_RANGE"] = f"bytes={first}-{'' if last is None else last}"


def _bounded(digits: str | None, size: int) -> int | None:
    """Return a number of at most ``size``, None where there is none."""
    if not digits:
        return None
    return size if len(digits) > _DIGITS else min(int(digits), size)


def sent_file(
    file: Path, *, content_type: str, sha256: str, name: str = "", is_final: bool = True
) -> Response:
    """Return a file, whole or the part that the client lacks, with its checksum.

    ``name`` is what a browser saves it as; without one it may show it. ``is_final`` is that the
    address has the same file for ever.
    """
    _settle_range(file.stat().st_size)
    response = send_file(
        file,
        mimetype=content_type.partition(";")[0],
        as_attachment=bool(name),
        download_name=name or None,
        conditional=True,
        etag=sha256,
        last_modified=service().about.modified,
        max_age=_YEAR if is_final else None,
    )
    response.headers["Content-Type"] = content_type  # as it is: Flask adds a charset to any text
    response.cache_control.public = True
    if is_final:
        response.cache_control.immutable = True
    digest = b64encode(bytes.fromhex(sha256)).decode("ascii")
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response
