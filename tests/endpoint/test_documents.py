"""Descriptions, which are made anew for each who asks: their tags and codings."""

import gzip

import pytest
from flask.testing import FlaskClient

DOCUMENTS = ["/sparql", "/.well-known/void", "/.well-known/sparql-examples", "/openapi.json"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_known_to_the_client_is_a_304(client: FlaskClient, path: str) -> None:
    """RFC 9110, section 13.1.2; and as a 412 to who wants it as it is no more (13.1.1)."""
    first = client.get(path, headers={"Accept": "*/*"})
    etag = first.headers["ETag"]
    again = client.get(path, headers={"Accept": "*/*", "If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert {"Accept", "Accept-Encoding"} <= set(again.headers["Vary"].split(", "))
    other = client.get(path, headers={"Accept": "*/*", "If-Match": '"other"'})
    assert (other.status_code, other.mimetype) == (412, "application/problem+json")


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_packed_for_who_takes_that(client: FlaskClient, path: str) -> None:
    """RFC 9110, section 12.5.3: where it is long enough for that to pay."""
    plain = client.get(path, headers={"Accept": "*/*"})
    packed = client.get(path, headers={"Accept": "*/*", "Accept-Encoding": "gzip"})
    if len(plain.data) < 1000:
        assert (packed.data, packed.headers.get("Content-Encoding")) == (plain.data, None)
    else:
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["Content-Encoding"] == "gzip"


def test_each_format_has_a_tag_of_its_own(client: FlaskClient) -> None:
    """RFC 9110, section 8.8.3.3: and so has the document at another address."""
    tags = {
        client.get("/.well-known/void", headers={"Accept": accept, "Host": host}).headers["ETag"]
        for accept in ("text/turtle", "text/plain", "application/ld+json")
        for host in ("a.example", "b.example")
    }
    assert len(tags) == 6
