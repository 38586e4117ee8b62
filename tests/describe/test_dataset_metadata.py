"""The dataset for search engines and archives: schema.org, RO-Crate and Croissant."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.names import BASE
from sparql_endpoint.query.evaluation import QueryRunner

ROOT = "http://localhost/"


def client_over(*, own: bool) -> FlaskClient:
    """Return a client of a dataset of one triple, ours or somebody else's."""
    store = Store()
    store.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal("x")))
    about = About("1", datetime(2024, 5, 6, tzinfo=UTC), "Forum Graph" if own else "a.nt", own=own)
    return create_app(QueryRunner.over(store), about).test_client()


def document(client: FlaskClient, path: str) -> Any:
    """Return a document of JSON-LD."""
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/ld+json")
    return json.loads(response.data)


def test_search_engines_find_what_they_ask_of_a_dataset() -> None:
    """Name, description, creator, licence, version and files: Google's and schema.org's terms."""
    found = document(client_over(own=True), "/dataset.jsonld")
    assert (found["@type"], found["@id"]) == ("Dataset", f"{BASE}dataset")
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["dateModified"] == "2024-05-06"
    assert 50 <= len(found["description"]) <= 5000
    assert {"name", "creator", "publisher", "version", "keywords"} <= set(found)
    assert f"{ROOT}dump/latest.ttl" in {file["contentUrl"] for file in found["distribution"]}


@pytest.mark.parametrize("path", ["/dataset.jsonld", "/ro-crate-metadata.json", "/croissant.json"])
def test_data_of_others_have_neither_our_name_nor_our_licence(path: str) -> None:
    """Who serves other data does not publish them in our name."""
    text = json.dumps(document(client_over(own=False), path))
    for ours in ("Forum Graph", "creativecommons", BASE):
        assert ours not in text


def test_the_crate_describes_itself_and_every_file() -> None:
    """RO-Crate 1.1: a metadata descriptor, a root dataset, and a File entity for each part."""
    client = client_over(own=True)
    found = document(client, "/ro-crate-metadata.json")
    assert found["@context"] == "https://w3id.org/ro/crate/1.1/context"
    by_id = {entity["@id"]: entity for entity in found["@graph"]}
    descriptor = by_id["ro-crate-metadata.json"]
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = by_id[descriptor["about"]["@id"]]
    assert {"name", "description", "datePublished", "license"} <= set(root)
    assert root["hasPart"]
    for part in root["hasPart"]:
        assert by_id[part["@id"]]["@type"] == "File"
        with client.get(part["@id"]) as file:
            assert file.status_code == 200
    assert by_id[root["creator"]["@id"]]["@type"] == "Organization"


def test_croissant_has_files_with_the_checksums_of_what_is_sent() -> None:
    """Croissant 1.0: each FileObject has its address, media type, size and SHA-256."""
    client = client_over(own=True)
    found = document(client, "/croissant.json")
    assert found["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert {"name", "description", "license", "url", "datePublished", "version"} <= set(found)
    assert found["distribution"]
    for file in found["distribution"]:
        assert file["@type"] == "cr:FileObject"
        with client.get(file["contentUrl"]) as sent:
            body = sent.data
        assert file["sha256"] == hashlib.sha256(body).hexdigest()
        assert file["contentSize"] == f"{len(body)} B"
