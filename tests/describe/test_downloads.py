"""The dataset as files: complete, the same each time, to be resumed, with checksums."""

import gzip
import hashlib
from base64 import b64encode
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import DCAT, VOID, Graph, Namespace, URIRef
from werkzeug.test import TestResponse

from sparql_endpoint import __version__
from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.export.render import Wanted, export
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.query.evaluation import QueryRunner
from sparql_endpoint.server.data_source import DataSource

VERSION = f"{__version__}-1234"
SPDX = Namespace("http://spdx.org/rdf/terms#")
TRIPLES = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
QUADS = {"trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS}


def get(client: FlaskClient, name: str, **headers: str) -> TestResponse:
    """Return the answer to a request for a file, read to its end."""
    response = client.get(
        f"/dump/{name}", headers={k.replace("_", "-"): v for k, v in headers.items()}, buffered=True
    )
    response.get_data()
    return response


@pytest.mark.parametrize("ending", TRIPLES)
def test_a_file_of_triples_holds_the_default_graph(
    client: FlaskClient, store: Store, ending: str
) -> None:
    """Every triple of it, and no other."""
    response = get(client, f"{VERSION}.{ending}")
    found = set(parse(response.data, TRIPLES[ending]))
    assert found == {quad for quad in store if quad == Quad(*quad.triple)}


@pytest.mark.parametrize("ending", QUADS)
def test_a_file_of_quads_holds_every_graph(client: FlaskClient, store: Store, ending: str) -> None:
    """Every quad, in its graph."""
    assert set(parse(get(client, f"{VERSION}.{ending}").data, QUADS[ending])) == set(store)


def test_a_packed_file_is_the_same_packed(client: FlaskClient) -> None:
    """By gzip, and not once more by the server."""
    plain, packed = get(client, f"{VERSION}.nt"), get(client, f"{VERSION}.nt.gz")
    assert gzip.decompress(packed.data) == plain.data
    assert (packed.mimetype, packed.headers.get("Content-Encoding")) == ("application/gzip", None)


def test_the_same_data_give_the_same_bytes(client: FlaskClient, store: Store, about: About) -> None:
    """Another server of the same data has the same files."""
    other = create_app(QueryRunner.over(store), about).test_client()
    for ending in ("ttl", "nq", "jsonld", "trig.gz"):
        assert get(client, f"{VERSION}.{ending}").data == get(other, f"{VERSION}.{ending}").data


BLANK = b"<http://e/a> <http://e/p> [ <http://e/q> 1 ] , [ <http://e/q> 2 ] ."


@pytest.mark.parametrize("ending", ["ttl", "nt", "rdf", "jsonld", "trig", "nq"])
def test_blank_nodes_have_the_same_labels_each_time(about: About, ending: str) -> None:
    """Each reading of a file gives them others, and the files are said to be the same."""
    bodies = []
    for _ in range(2):
        store = Store()
        store.load(BLANK, RdfFormat.TURTLE)
        client = create_app(QueryRunner.over(store), replace(about, own=False)).test_client()
        bodies.append(get(client, f"{VERSION}.{ending}").data)
    assert bodies[0] == bodies[1]
    assert bodies[0]


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        ("ttl", "text/turtle; charset=utf-8"),
        ("nt", "application/n-triples"),
        ("rdf", "application/rdf+xml"),
        ("ttl.gz", "application/gzip"),
    ],
)
def test_a_file_has_one_media_type(
    store: Store, about: About, ending: str, content_type: str
) -> None:
    """A parameter stands once (RFC 9110, section 8.3.1; Turtle, section 5)."""
    client = create_app(QueryRunner.over(store), about).test_client()
    response = get(client, f"{VERSION}.{ending}")
    assert response.headers["Content-Type"] == content_type


def test_the_files_of_the_project_are_what_export_writes() -> None:
    """Whoever takes one and whoever makes it themselves can compare them byte by byte."""
    store = load_project()
    dataset = DataSource((), "", union=False).dataset()
    client = create_app(QueryRunner.over(store), dataset.about).test_client()
    for ending, name in {"ttl": "turtle", "rdf": "rdfxml", "jsonld": "jsonld"}.items():
        path = f"/dump/latest.{ending}"
        response = client.get(path, follow_redirects=True, buffered=True)
        assert response.data == export(store, Wanted(name))


def test_json_ld_of_much_data_is_quick_to_write(
    store: Store, about: About, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no context then, and the same triples."""
    monkeypatch.setattr("sparql_endpoint.describe.dumps._SMALL", 3)
    response = get(create_app(QueryRunner.over(store), about).test_client(), f"{VERSION}.jsonld")
    assert b"@context" not in response.data
    assert set(parse(response.data, RdfFormat.JSON_LD)) == {
        quad for quad in store if quad == Quad(*quad.triple)
    }


def test_a_file_of_xml_holds_a_carriage_return(about: About) -> None:
    """Every parser would take it for a line feed as it is (XML 1.0, section 2.11)."""
    store = Store()
    store.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal("a\rb")))
    client = create_app(QueryRunner.over(store), replace(about, own=False)).test_client()
    (quad,) = parse(get(client, f"{VERSION}.rdf").data, RdfFormat.RDF_XML)
    assert quad.object == Literal("a\rb")


def test_a_file_is_refused_with_the_term_that_its_format_cannot_hold(about: About) -> None:
    """XML 1.0, section 2.2, has no such character, and a reader would lose it unseen."""
    store = Store()
    store.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal("b\x08c")))
    client = create_app(QueryRunner.over(store), replace(about, own=False)).test_client()
    response = get(client, f"{VERSION}.rdf")
    assert response.status_code == 400
    assert "XML cannot hold the character U+0008" in response.get_json()["detail"]


def test_a_format_that_cannot_hold_the_data_is_not_listed(about: About) -> None:
    """JSON-LD has no triple terms (RDF 1.2): who asks is told so, and the other files are there."""
    store = Store()
    store.load(b"<http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> .", RdfFormat.TURTLE)
    client = create_app(QueryRunner.over(store), replace(about, own=False)).test_client()
    told = client.get("/.well-known/void").data
    assert (b".ttl.gz>" in told, b".jsonld" in told) == (True, False)
    response = client.get(f"/dump/{VERSION}.jsonld")
    assert (response.status_code, b"cannot hold the triple term" in response.data) == (400, True)


def test_a_file_never_changes(client: FlaskClient) -> None:
    """Its name has the hash of the data, so it may be kept for good; its tag is its checksum."""
    response = get(client, f"{VERSION}.ttl")
    control = response.headers["Cache-Control"]
    assert {"public", "immutable", "max-age=31536000"} <= set(control.split(", "))
    digest = hashlib.sha256(response.data)
    assert response.headers["ETag"] == f'"{digest.hexdigest()}"'
    assert response.headers["Repr-Digest"] == f"sha-256=:{b64encode(digest.digest()).decode()}:"
    assert get(client, f"{VERSION}.ttl", If_None_Match=response.headers["ETag"]).status_code == 304


def test_a_download_is_resumed(client: FlaskClient) -> None:
    """RFC 9110, section 14.2: the rest from a byte on, as long as it is the same file."""
    whole = get(client, f"{VERSION}.nt")
    etag = whole.headers["ETag"]
    rest = get(client, f"{VERSION}.nt", Range="bytes=10-", If_Range=etag)
    assert (rest.status_code, rest.data) == (206, whole.data[10:])
    assert rest.headers["Content-Range"] == f"bytes 10-{len(whole.data) - 1}/{len(whole.data)}"
    other = get(client, f"{VERSION}.nt", Range="bytes=10-", If_Range='"other"')
    assert (other.status_code, other.data) == (200, whole.data)
    assert get(client, f"{VERSION}.nt", Range="bytes=999999-").status_code == 416
    assert whole.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("ranges", "status", "content_range"),
    [
        ("bytes=0-9", 206, "bytes 0-9/{size}"),
        ("BYTES= 0-9 ", 206, "bytes 0-9/{size}"),
        ("bytes=-5", 206, "bytes {five}-{end}/{size}"),
        ("bytes=-99999999", 206, "bytes 0-{end}/{size}"),
        (f"bytes=-{'9' * 3000}", 206, "bytes 0-{end}/{size}"),
        (f"bytes=0-{'9' * 3000}", 206, "bytes 0-{end}/{size}"),
        (f"bytes={'9' * 3000}-", 416, "bytes */{size}"),
        ("bytes=-0", 416, "bytes */{size}"),
        ("items=0-9", 200, None),
        ("bytes=0-1,4-5", 200, None),
        ("bytes=9-0", 200, None),
        ("bytes=a-b", 200, None),
        ("bytes", 200, None),
    ],
)
def test_a_range_that_is_not_one_is_ignored(
    client: FlaskClient, ranges: str, status: int, content_range: str | None
) -> None:
    """RFC 9110, sections 14.1.2 and 14.2: other units must be, several may be; -N is the last N."""
    size = len(get(client, f"{VERSION}.nt").data)
    answer = get(client, f"{VERSION}.nt", Range=ranges)
    assert answer.status_code == status
    expected = content_range and content_range.format(size=size, end=size - 1, five=size - 5)
    assert answer.headers.get("Content-Range") == expected


def test_a_range_is_ignored_where_the_head_alone_is_asked_for(client: FlaskClient) -> None:
    """RFC 9110, section 14.2: GET is the only method for which it is defined."""
    answer = client.head(f"/dump/{VERSION}.nt", headers={"Range": "bytes=0-9"}, buffered=True)
    answer.close()
    assert answer.status_code == 200
    assert answer.content_length == len(get(client, f"{VERSION}.nt").data)


def test_the_latest_leads_to_a_version(client: FlaskClient) -> None:
    """A name that stays leads to the one of today."""
    response = client.get("/dump/latest.ttl.gz")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/dump/{VERSION}.ttl.gz",
    )
    assert client.get("/dump/latest.ttl", follow_redirects=True, buffered=True).status_code == 200


@pytest.mark.parametrize("name", ["x.ttl", f"{VERSION}.exe", f"{VERSION}.ttl.zip", "..%2f..%2fetc"])
def test_another_name_is_a_404(client: FlaskClient, name: str) -> None:
    """Nothing but the files offered is found."""
    assert client.get(f"/dump/{name}").status_code == 404


def test_what_is_too_large_is_not_offered(store: Store, about: About) -> None:
    """Beyond the setting there is none, and none is listed."""
    client = create_app(QueryRunner.over(store), about, Settings(dump_triples=4)).test_client()
    assert client.get(f"/dump/{VERSION}.ttl").status_code == 404
    assert b"dataDump" not in client.get("/.well-known/void").data


def test_every_file_is_listed_with_length_and_checksum(client: FlaskClient) -> None:
    """VoID and DCAT name it, and it is what they say."""
    graph = Graph().parse(data=client.get("/.well-known/void").data, format="turtle")
    urls = {str(url) for url in graph.objects(None, VOID.dataDump)}
    assert len(urls) == 12
    for url in urls:
        response = get(client, url.rpartition("/")[2])
        entry = graph.value(predicate=DCAT.downloadURL, object=URIRef(url))
        checksum = graph.value(graph.value(entry, SPDX.checksum), SPDX.checksumValue)
        assert str(graph.value(entry, DCAT.byteSize)) == str(len(response.data))
        assert str(checksum).lower() == hashlib.sha256(response.data).hexdigest()
