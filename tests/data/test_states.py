"""The first 36 states: codes, names, memberships and links to Wikidata.

``states.csv`` is the reference list against which data/states.ttl and data/wikidata.ttl are read.
"""

import csv
from pathlib import Path

import pytest
import rdflib
from rdflib import ORG, OWL, RDF, RDFS, SKOS, XSD, Literal, Namespace, URIRef

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.paths import DATA

DFO = Namespace(PREFIXES["dfo"])
GEO = Namespace(PREFIXES["geo"])
ID = Namespace(PREFIXES["id"])
SSSOM = Namespace(PREFIXES["sssom"])
WD = Namespace(PREFIXES["wd"])
RELATIONS = [OWL.sameAs, SKOS.closeMatch, SKOS.exactMatch]

with (Path(__file__).parent / "states.csv").open(encoding="utf-8", newline="") as file:
    STATES = list(csv.DictReader(file))

every_state = pytest.mark.parametrize("row", STATES, ids=[row["state"] for row in STATES])


@pytest.fixture(scope="module")
def links() -> rdflib.Graph:
    """Return data/wikidata.ttl alone."""
    return rdflib.Graph().parse(DATA / "wikidata.ttl")


def test_the_states_are_those_of_the_list(data_graph: rdflib.Graph) -> None:
    """Each of the list is a state, and 33 of them are members of CELAC."""
    states = set(data_graph.subjects(RDF.type, DFO.State))
    assert states >= {ID[row["state"]] for row in STATES}
    members = set(data_graph.subjects(ORG.memberOf, ID.celac))
    assert members == {ID[row["state"]] for row in STATES if row["celac"] == "member"}
    assert len(members) == 33


@every_state
def test_a_state_has_its_codes(row: dict[str, str], data_graph: rdflib.Graph) -> None:
    """ISO 3166-1, UN M49 with its zeros, and GeoNames are text, one of each."""
    codes = [
        list(data_graph.objects(ID[row["state"]], code))
        for code in (DFO.isoAlpha2, DFO.isoAlpha3, DFO.unM49, DFO.geonamesId)
    ]
    expected = [row["alpha2"], row["alpha3"], row["m49"], row["geonames"]]
    assert codes == [[Literal(code)] for code in expected]


@every_state
def test_a_state_is_named_in_its_languages(row: dict[str, str], data_graph: rdflib.Graph) -> None:
    """There is one label each in en, es, pt and zh, and in fr or nl where that is official."""
    labels = data_graph.objects(ID[row["state"]], RDFS.label)
    also = {"canada": ["fr"], "haiti": ["fr"], "suriname": ["nl"]}.get(row["state"], [])
    assert sorted(str(label.language) for label in labels if isinstance(label, Literal)) == sorted(
        ["en", "es", "pt", "zh", *also]
    )


@every_state
def test_a_state_has_a_place_on_the_map(row: dict[str, str], data_graph: rdflib.Graph) -> None:
    """Latitude and longitude are decimals within their bounds."""
    state = ID[row["state"]]
    lat, long = data_graph.value(state, GEO.lat), data_graph.value(state, GEO.long)
    assert isinstance(lat, Literal)
    assert isinstance(long, Literal)
    assert (lat.datatype, long.datatype) == (rdflib.XSD.decimal, rdflib.XSD.decimal)
    assert abs(lat.toPython()) <= 90
    assert abs(long.toPython()) <= 180


@every_state
def test_a_state_links_to_its_wikidata_item_with_a_reason(
    row: dict[str, str], links: rdflib.Graph
) -> None:
    """The item is the same state, and the reason names the codes that identify it."""
    state = ID[row["state"]]
    assert list(links.objects(state, OWL.sameAs)) == [WD[row["wikidata"]]]
    (axiom,) = links.subjects(OWL.annotatedSource, state)
    reason = str(links.value(axiom, RDFS.comment))
    assert all(row[code] in reason for code in ("alpha2", "alpha3", "m49"))


def test_every_link_is_explained_by_one_axiom(links: rdflib.Graph) -> None:
    """Each link, and nothing else, is annotated with its reason, justification and date."""
    stated = {(s, p, o) for p in RELATIONS for s, o in links.subject_objects(p)}
    annotated = []
    for axiom in links.subjects(RDF.type, OWL.Axiom):
        parts = (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)
        source, relation, target = (links.value(axiom, part) for part in parts)
        annotated.append((source, relation, target))
        slug = str(source).removeprefix(PREFIXES["id"])
        item = str(target).removeprefix(PREFIXES["wd"])
        assert axiom == URIRef(f"{PREFIXES['link']}{slug}-{item}")
        for note in (RDFS.comment, SSSOM.mapping_justification, SSSOM.mapping_date):
            assert len(list(links.objects(axiom, note))) == 1
        (confidence,) = links.objects(axiom, SSSOM.confidence)
        assert isinstance(confidence, Literal)
        assert confidence.datatype == XSD.double
        assert 0 < confidence.toPython() <= 1
    assert len(annotated) == len(set(annotated))
    assert set(annotated) == stated


def test_links_are_one_to_one(links: rdflib.Graph, data_graph: rdflib.Graph) -> None:
    """No item stands for two of our things, no thing for two items, and each thing is described."""
    pairs = [pair for relation in RELATIONS for pair in links.subject_objects(relation)]
    assert len({thing for thing, _ in pairs}) == len(pairs)
    assert len({item for _, item in pairs}) == len(pairs)
    assert [thing for thing, _ in pairs if (thing, RDF.type, None) not in data_graph] == []
