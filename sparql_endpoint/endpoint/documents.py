"""Documents that are made anew for each who asks: their entity tag, and their coding.

The tag is that of the bytes, so it holds as long as they stay the same, whatever made them.
"""

import hashlib
from datetime import datetime
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed

from sparql_endpoint.endpoint.compression import IDENTITY, WORTH_IT, choose_coding, compress
from sparql_endpoint.endpoint.conditional import condition

__all__ = ["as_wanted", "finished"]


def finished(response: Response) -> Response:
    """Return ``response`` with its tag and in the coding that the client likes, or a 304.

    Raises:
        PreconditionFailed: the client wants it only if it is another than it is.
    """
    body, kind = response.get_data(), response.content_type
    tag = hashlib.sha256(f"{kind}\n".encode() + body).hexdigest()[:32]
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.add("Accept")
    return as_wanted(response, f'W/"{tag}"', None)


def as_wanted(response: Response, etag: str, modified: datetime | None) -> Response:
    """Return ``response`` with its tag ``etag``, as the client's conditions and codings want it.

    Raises:
        PreconditionFailed: as ``finished``.
    """
    response.headers["ETag"] = etag
    response.vary.add("Accept-Encoding")
    met = condition(request.environ, etag, modified)
    if met is HTTPStatus.PRECONDITION_FAILED:
        raise PreconditionFailed
    body = response.get_data()
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    if met is HTTPStatus.NOT_MODIFIED:
        response.status_code = met
        response.set_data(b"")
    elif coding != IDENTITY and len(body) >= WORTH_IT:
        response.set_data(compress(body, coding))
        response.headers["Content-Encoding"] = coding
    return response
