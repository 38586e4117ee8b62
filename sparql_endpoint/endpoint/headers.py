"""Headers that every response has: safety, reading by other origins, and the id of the request.

CORS: https://fetch.spec.whatwg.org/#http-cors-protocol. Anybody's page may read, none may send
cookies along, since the service knows none.
"""

import secrets

__all__ = ["EVERY_ANSWER", "PREFLIGHT", "QUERY_ID", "new_query_id"]

QUERY_ID = "X-Query-Id"

_EXPOSED = (
    "Accept-Ranges, Allow, Content-Range, ETag, Link, Location, Repr-Digest, Retry-After,"
    " X-Query-Id, X-Query-Warning, X-Result-Complete"
)
_DAY = "86400"
_COLUMNS = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
"""The one style sheet that a script may add: that of the widths of columns in the query editor."""
EVERY_ANSWER = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": _EXPOSED,
    "Content-Security-Policy": (
        f"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' {_COLUMNS};"
        " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PREFLIGHT = {
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Encoding, Content-Type, If-Match, If-Modified-Since, If-None-Match,"
        " If-Range, If-Unmodified-Since, Range"
    ),
    "Access-Control-Max-Age": _DAY,
}


def new_query_id() -> str:
    """Return an id that no other request has."""
    return secrets.token_hex(8)
