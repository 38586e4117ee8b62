"""The ontology is OWL 2 DL, and it and the facts contradict nothing.

The OWL API's profile checker and the reasoner HermiT tell, both as owlready2 brings them along.
"""

import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jpype
import pytest
from rdflib import Graph

from sparql_endpoint.paths import DATA, ONTOLOGY

# What is served as the ontology. alignments.ttl is no OWL 2 DL on purpose, with subclasses of
# rdf:Statement, and has an address of its own.
OWN = sorted(path for path in ONTOLOGY.glob("*.ttl") if path.stem != "alignments")
# The other files speak of files and links, in vocabularies that the ontology does not declare.
FACTS = [path for path in DATA.glob("*.ttl") if path.stem not in {"dataset", "wikidata"}]
PREFIXES = """
@prefix dfo: <https://w3id.org/forumgraph/ontology#> .
@prefix id: <https://w3id.org/forumgraph/id/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


@pytest.fixture(scope="module")
def java() -> None:
    """Start Java with HermiT and the OWL API, or say why not."""
    package = find_spec("owlready2")
    assert package is not None
    assert package.origin is not None
    jar = Path(package.origin).parent / "hermit" / "HermiT.jar"
    try:
        jpype.startJVM(classpath=[str(jar)])
    except jpype.JVMNotFoundException as reason:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have Java for OWL: {reason}")
        pytest.skip(f"OWL is checked in Java: {reason}")


def _merge(paths: Iterable[Path], more: str = "") -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph.parse(data=PREFIXES + more)


def _read(graph: Graph) -> Any:
    """Return the graph as an ontology of the OWL API."""
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager")
    source = jpype.JClass("org.semanticweb.owlapi.io.StringDocumentSource")
    text = graph.serialize(format="xml")
    return manager.createOWLOntologyManager().loadOntologyFromOntologyDocument(source(text))


def _violations(graph: Graph) -> list[str]:
    profile = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")()
    return [str(violation) for violation in profile.checkOntology(_read(graph)).getViolations()]


def _reasoner(graph: Graph) -> Any:
    configuration = jpype.JClass("org.semanticweb.HermiT.Configuration")()
    configuration.ignoreUnsupportedDatatypes = True  # xsd:date and xsd:gYear are none of OWL's
    return jpype.JClass("org.semanticweb.HermiT.Reasoner")(configuration, _read(graph))


@pytest.mark.usefixtures("java")
def test_the_ontology_is_owl_2_dl() -> None:
    """No axiom of the ontology as it is served leaves the profile."""
    assert _violations(_merge(OWN)) == []


@pytest.mark.usefixtures("java")
@pytest.mark.parametrize(
    "axiom",
    [
        "dfo:hasParty a owl:DatatypeProperty .",
        "dfo:Forum dfo:undeclared dfo:Bloc .",
        "dfo:setAfter a owl:TransitiveProperty , owl:FunctionalProperty .",
    ],
)
def test_what_is_not_owl_2_dl_is_seen(axiom: str) -> None:
    """The checker tells a pun of property kinds, an undeclared term and a circular restriction."""
    assert _violations(_merge(OWN, axiom)) != []


@pytest.mark.usefixtures("java")
def test_every_class_can_have_instances() -> None:
    """No class contradicts itself or those above it."""
    reasoner = _reasoner(_merge(OWN))
    assert reasoner.isConsistent()
    assert [str(name) for name in reasoner.getUnsatisfiableClasses()] == ["owl:Nothing"]


@pytest.mark.usefixtures("java")
def test_the_facts_are_consistent_with_the_ontology() -> None:
    """No fact contradicts another by what the ontology says of its terms."""
    assert FACTS
    assert _reasoner(_merge([*OWN, *FACTS])).isConsistent()


@pytest.mark.usefixtures("java")
@pytest.mark.parametrize(
    "fact",
    [
        "id:canada org:memberOf id:celac ; dfo:isNotMemberOf id:celac .",
        "id:celac a dfo:State , dfo:Bloc .",
        'id:chile dfo:isoAlpha2 "CL" , "CN" .',
    ],
)
def test_a_contradiction_is_seen(fact: str) -> None:
    """The reasoner tells a state in and out of a bloc, a bloc that is a state, and two codes."""
    assert not _reasoner(_merge(OWN, fact)).isConsistent()
