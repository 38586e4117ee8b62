"""What the query editor is told."""

from flask.testing import FlaskClient


def test_the_editor_knows_our_terms_in_the_language_of_the_page(client: FlaskClient) -> None:
    """Classes and properties with labels, prefixes, questions, and names of things."""
    known = client.get("/editor.json?lang=es").get_json()
    terms = {term["name"]: term for term in known["terms"]}
    assert terms["dfo:Meeting"]["kind"] == "class"
    assert terms["dfo:heldOn"]["kind"] == "property"
    assert terms["rdfs:label"] == {"name": "rdfs:label", "kind": "property", "label": "nombre"}
    assert known["prefixes"]["dfo"] == "https://w3id.org/forumgraph/ontology#"
    assert known["names"]["id/brazil"] == "Brasil"
    assert {"title", "question", "text"} == set(known["examples"][0])
