"""The Forwarded header, RFC 7239: what it says, whom it is believed from, and which header wins."""

import pytest
from flask import request
from flask.testing import FlaskClient
from pyoxigraph import Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.proxies import Seen, seen_by
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.query.evaluation import QueryRunner

ASK = "/sparql?query=ASK%7B%7D"
PROXIED = 'for=192.0.2.7;proto=https;host="data.example:8443"'


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        # The examples of section 4
        ('For="[2001:db8:cafe::17]:4711"', Seen("2001:db8:cafe::17")),
        ("for=192.0.2.60;proto=http;by=203.0.113.43", Seen("192.0.2.60", "http")),
        ('for="_gazonk"', Seen("_gazonk")),
        ("for=192.0.2.43, for=198.51.100.17", Seen("198.51.100.17")),
        # Section 6: a node, its port, and names that hide one
        ('for="192.0.2.43:47011"', Seen("192.0.2.43")),
        ('for="_hidden:_port"', Seen("_hidden")),
        ("for=unknown;proto=https", Seen("", "https")),
        ('for="Unknown:80"', Seen()),
        # Sections 5.3 and 5.4
        ("host=data.example;PROTO=HTTPS", Seen("", "https", "data.example")),
        ('host="data.example:8443"', Seen("", "", "data.example:8443")),
        ('host="[2001:db8::1]:80"', Seen("", "", "[2001:db8::1]:80")),
        ("proto=ftp;for=192.0.2.1", Seen("192.0.2.1")),
        # Section 4: quoted strings, empty pairs, unknown parameters
        (r'for="\1\92.0.2.1"', Seen("192.0.2.1")),
        ('secret="a,b;for=_x \\" c";for=192.0.2.1', Seen("192.0.2.1")),
        (" ;for=192.0.2.1; ;, ,", Seen("192.0.2.1")),
    ],
)
def test_what_a_proxy_tells_is_read(header: str, seen: Seen) -> None:
    """RFC 7239, sections 4 to 6."""
    assert seen_by(header, 1) == seen


@pytest.mark.parametrize(
    "header",
    [
        "",
        "192.0.2.1",
        "for",
        "for=",
        "for = 192.0.2.1",
        "for=[2001:db8::1]",
        "for=192.0.2.1:80",
        'for="192.0.2.1',
        'for="192.0.2.1"x',
        'for="\\',
        "for=192.0.2.1;for=192.0.2.2",
        "for=192.0.2.1;FOR=192.0.2.1",
        "for=300.0.2.1",
        'for="[2001:db8:::1]"',
        'for="2001:db8::1"',
        "for=client.example",
        'for="_a b"',
        'for="192.0.2.1:123456"',
        'for=192.0.2.1;host="a b"',
        'for=192.0.2.1;host="a/<b>"',
        "for=192.0.2.1;host=ä".encode().decode("latin-1"),
        'for="' + ", for=192.0.2.1" * 1000,
    ],
)
def test_a_malformed_header_says_nothing(header: str) -> None:
    """No part of what breaks the grammar of sections 4 and 6 is taken for true."""
    assert seen_by(header, 1) == Seen()


@pytest.mark.parametrize(
    ("hops", "client"), [(1, "192.0.2.3"), (2, "192.0.2.2"), (3, "192.0.2.1"), (4, "")]
)
def test_the_outermost_trusted_proxy_counts(hops: int, client: str) -> None:
    """Section 7.1: each proxy adds at the right, and what is further left anybody may have said."""
    assert seen_by("for=192.0.2.1, for=192.0.2.2,for=192.0.2.3", hops) == Seen(client)


@pytest.fixture
def proxied(store: Store, about: About) -> FlaskClient:
    """Return a client of an application behind one trusted proxy."""
    return create_app(QueryRunner.over(store), about, Settings(trusted_proxies=1)).test_client()


def asker(client: FlaskClient, **headers: str) -> tuple[str | None, str]:
    """Return who asked and at which address, as the application saw it."""
    with client:
        client.get(ASK, headers={name.replace("_", "-"): text for name, text in headers.items()})
        return request.remote_addr, request.host_url


def test_a_trusted_proxy_is_believed(proxied: FlaskClient) -> None:
    """Client, scheme and host are those that it tells, in limits, logs and descriptions alike."""
    assert asker(proxied, Forwarded=PROXIED) == ("192.0.2.7", "https://data.example:8443/")
    void = proxied.get("/.well-known/void", headers={"Forwarded": PROXIED, "Accept": "text/turtle"})
    assert "<https://data.example:8443/sparql>" in void.text


@pytest.mark.parametrize("header", [PROXIED, "for=unknown", "nonsense"])
def test_nobody_else_is_believed(client: FlaskClient, header: str) -> None:
    """Section 8.1: without a trusted proxy the header counts for nothing."""
    assert asker(client, Forwarded=header) == ("127.0.0.1", "http://localhost/")


@pytest.mark.parametrize("header", ["for=unknown", "nonsense", f'{PROXIED}, x="'])
def test_what_says_nothing_changes_nothing(proxied: FlaskClient, header: str) -> None:
    """A header that is broken, or hides the client, leaves the request as it came."""
    assert asker(proxied, Forwarded=header) == ("127.0.0.1", "http://localhost/")


def test_x_forwarded_wins(proxied: FlaskClient) -> None:
    """Where a request has both, no part of Forwarded is read: the client may have written it."""
    told = asker(proxied, Forwarded="for=192.0.2.66;proto=https", X_Forwarded_For="192.0.2.7")
    assert told == ("192.0.2.7", "http://localhost/")


def test_a_prefix_is_told_beside_it(proxied: FlaskClient) -> None:
    """Forwarded has no word for the path that a proxy took away; X-Forwarded-Prefix has."""
    headers = {"Forwarded": PROXIED, "X-Forwarded-Prefix": "/sub", "Accept": "text/turtle"}
    void = proxied.get("/.well-known/void", headers=headers)
    assert "<https://data.example:8443/sub/sparql>" in void.text


def test_a_redirect_stays_below_the_prefix(proxied: FlaskClient) -> None:
    """Under a sub-path the newest file is there too."""
    moved = proxied.get("/dump/latest.ttl", headers={"X-Forwarded-Prefix": "/sub"})
    assert (moved.status_code, moved.headers["Location"].startswith("/sub/dump/")) == (302, True)
