"""Style sheets and scripts on their way to a browser."""

import gzip

import pytest
from flask.testing import FlaskClient

SHEET = "/static/style.css"


def test_a_style_sheet_is_sent_compressed(client: FlaskClient) -> None:
    """RFC 9110, section 12.5.3: to who takes it, and the same again out of the cache."""
    plain = client.get(SHEET, buffered=True)
    assert "Content-Encoding" not in plain.headers
    for _ in range(2):
        packed = client.get(SHEET, headers={"Accept-Encoding": "gzip"}, buffered=True)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
        assert gzip.decompress(packed.data) == plain.data
        assert "Accept-Encoding" in packed.headers["Vary"]


def test_who_has_it_is_not_sent_it_again(client: FlaskClient) -> None:
    """RFC 9110, section 13.1.2: in whatever coding."""
    packed = client.get(SHEET, headers={"Accept-Encoding": "gzip"}, buffered=True)
    again = client.get(SHEET, headers={"If-None-Match": packed.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_a_part_is_sent_as_it_is(client: FlaskClient) -> None:
    """RFC 9110, section 14: offsets are those of the file."""
    part = client.get(
        SHEET, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"}, buffered=True
    )
    assert (part.status_code, len(part.data)) == (206, 10)
    assert "Content-Encoding" not in part.headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/..%2fsettings.py",
        "/static/%2e%2e/settings.py",
        "//etc/passwd",
    ],
)
def test_nothing_else_is_a_static_file(client: FlaskClient, path: str) -> None:
    """No way leads out of the folder."""
    assert client.get(path).status_code in {308, 404}
    assert client.get(path, follow_redirects=True).status_code == 404
