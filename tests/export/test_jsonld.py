"""JSON-LD with short names."""

import json
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from sparql_endpoint.export.jsonld import context_for, jsonld
from sparql_endpoint.names import expand


def quads(turtle: str) -> list[Quad]:
    """Return the statements of Turtle with a few prefixes."""
    head = "".join(
        f"PREFIX {prefix}: <{expand(prefix + ':')}>\n"
        for prefix in ("dcterms", "dfo", "geo", "id", "rdf", "rdfs", "schema", "xsd")
    )
    return list(parse(f"{head}{turtle}".encode(), RdfFormat.TURTLE))


def node(document: bytes, name: str) -> dict[str, Any]:
    """Return the node of that name."""
    found: dict[str, Any] = next(
        node for node in json.loads(document)["@graph"] if node["@id"] == name
    )
    return found


def test_a_node_reads_by_short_names() -> None:
    """IRIs and dates are plain strings, whose kind the context tells; numbers are numbers."""
    text = jsonld(
        quads(
            """id:m a dfo:Meeting ; dfo:heldOn "2018-01-22"^^xsd:date ; dfo:ordinal 2 ;
            dfo:outcome id:b , id:a ; rdfs:label "Meeting"@en , "Reunión"@es ; dfo:flag true ."""
        )
    )

    assert node(text, "id:m") == {
        "@id": "id:m",
        "@type": "dfo:Meeting",
        "flag": True,
        "heldOn": "2018-01-22",
        "label": [
            {"@language": "en", "@value": "Meeting"},
            {"@language": "es", "@value": "Reunión"},
        ],
        "ordinal": 2,
        "outcome": ["id:a", "id:b"],
    }


def test_the_context_tells_the_kind_of_values_only_where_there_is_one() -> None:
    """A property with dates of two precisions has no datatype in the context."""
    context = context_for(
        quads(
            'id:a dfo:d "2018"^^xsd:gYear , "2018-01"^^xsd:gYearMonth ; dfo:o id:b ; geo:lat 1.5 .'
        )
    )

    assert context["d"] == {"@id": "dfo:d"}
    assert context["o"] == {"@id": "dfo:o", "@type": "@id"}
    assert context["lat"] == {"@id": "geo:lat", "@type": "xsd:decimal"}


def test_the_property_used_most_gets_the_name_that_two_would_have() -> None:
    """The other keeps its prefix."""
    context = context_for(
        quads("id:a rdf:subject id:x . id:b rdf:subject id:y ; dcterms:subject id:z .")
    )

    assert context["subject"]["@id"] == "rdf:subject"
    assert "dcterms:subject" not in context


def test_a_property_without_a_prefix_keeps_its_iri() -> None:
    """No name is made up for it."""
    statements = [
        Quad(NamedNode("a:s"), NamedNode("a:p"), Literal("x")),
        *quads("id:a dfo:o 1 ."),
    ]

    assert list(context_for(statements)) == ["dfo", "id", "xsd", "o"]
    assert node(jsonld(statements), "a:s") == {"@id": "a:s", "a:p": "x"}


def test_a_single_node_still_stands_in_a_graph() -> None:
    """The document has one form, however many nodes there are."""
    document = json.loads(jsonld(quads("id:a dfo:o id:b .")))

    assert list(document) == ["@context", "@graph"]
    assert document["@graph"] == [{"@id": "id:a", "o": "id:b"}]


def test_the_project_reads_without_a_full_iri_for_a_property(project: list[Quad]) -> None:
    """Every property of the project has a short name or a prefixed one."""
    quads = [Quad(*quad.triple) for quad in project]
    keys = {key for node in json.loads(jsonld(quads))["@graph"] for key in node}

    assert [key for key in keys if key.startswith("http")] == []
