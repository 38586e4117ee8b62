"""Candidates for links."""

from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, Store
from wikidata_standin import WikidataStandIn

from sparql_endpoint import __version__
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.link.entities import Entity, Name, read_entities
from sparql_endpoint.link.item import Item
from sparql_endpoint.link.links import read_links
from sparql_endpoint.link.mapping import fitting_classes, property_mappings
from sparql_endpoint.link.propose import Proposal, candidate_rows, chosen_entities, propose
from sparql_endpoint.link.scoring import Judgement, Point, judge
from sparql_endpoint.link.wikidata import Wikidata

_ID = "https://w3id.org/forumgraph/id/"


@pytest.fixture
def judgement(graph: Store) -> Judgement:
    """Return what the graph knows of both sides' terms."""
    return Judgement(property_mappings(graph), fitting_classes(graph))


def _proposals(
    standin: WikidataStandIn, folder: Path, graph: Store, judgement: Judgement, slug: str
) -> list[Proposal]:
    with Wikidata(standin.settings(folder)) as wikidata:
        return propose(wikidata, read_entities(graph)[_ID + slug], judgement)


def test_chooses_what_wikidata_may_have_and_no_link_gives(
    graph: Store, judgement: Judgement
) -> None:
    """Without names every entity of an aligned class that no link identifies is asked about."""
    chosen = chosen_entities(read_entities(graph), read_links(graph), judgement)
    assert [entity.slug for entity in chosen] == [
        "dominica",
        "dominican-republic",
        "santiago",
        "xi-jinping",
    ]


@pytest.mark.parametrize("name", ["chile", "id:chile", f"{_ID}chile"])
def test_chooses_by_name(graph: Store, judgement: Judgement, name: str) -> None:
    """A slug, a prefixed name and an IRI all name an entity, linked or not."""
    chosen = chosen_entities(read_entities(graph), read_links(graph), judgement, [name])
    assert [entity.slug for entity in chosen] == ["chile"]


def test_refuses_an_unknown_name(graph: Store, judgement: Judgement) -> None:
    """A name of nothing is told at once."""
    with pytest.raises(NotFoundError, match="atlantis: no entity of this name"):
        chosen_entities(read_entities(graph), [], judgement, ["atlantis"])


def test_codes_tell_namesakes_apart(
    wikidata_standin: WikidataStandIn, tmp_path: Path, graph: Store, judgement: Judgement
) -> None:
    """Dominica is the item with its code; the Dominican Republic, alike by name, is not."""
    best, *others = _proposals(wikidata_standin, tmp_path, graph, judgement, "dominica")
    assert best.item.id == "Q784"
    assert best.predicate == "owl:sameAs"
    assert best.score.confidence == 1.0
    assert "ISO 3166-1 alpha-3 code DMA agrees" in best.score.reason
    assert "class fits (Q3624078, Q6256)" in best.score.reason
    assert all(other.score.confidence < 0.5 for other in others)


def test_a_class_may_fit_through_a_broader_one(
    wikidata_standin: WikidataStandIn, tmp_path: Path, graph: Store, judgement: Judgement
) -> None:
    """A city is a human settlement in the hierarchy of Wikidata."""
    (santiago,) = _proposals(wikidata_standin, tmp_path, graph, judgement, "santiago")
    assert santiago.item.id == "Q2887"
    assert "class fits (Q486972)" in santiago.score.reason
    assert santiago.found_by == (
        "label search 'Santiago'@en",
        "reconciliation, score 100",
    )


def test_dates_and_names_are_compared(
    wikidata_standin: WikidataStandIn, tmp_path: Path, graph: Store, judgement: Judgement
) -> None:
    """Each language and each date is a reason of its own."""
    (celac,) = _proposals(wikidata_standin, tmp_path, graph, judgement, "celac")
    reasons = celac.score.reason.split("; ")
    assert "en: same name 'Community of Latin American and Caribbean States'" in reasons
    assert not any(reason.startswith(("pt", "zh")) for reason in reasons)
    assert "class fits (Q245065)" in reasons
    assert reasons[-1] == "inception 2011-12-03 agrees by year"


def test_finds_nothing_for_what_is_unknown(
    wikidata_standin: WikidataStandIn, tmp_path: Path, graph: Store, judgement: Judgement
) -> None:
    """An entity that no search finds has no candidate."""
    assert _proposals(wikidata_standin, tmp_path, graph, judgement, "nobody") == []


def test_disagreeing_codes_dates_and_classes_count_against(judgement: Judgement) -> None:
    """The same name does not help an item whose code is another."""
    dfo = "https://w3id.org/forumgraph/ontology#"
    entity = _entity_with({f"{dfo}isoAlpha3": "CHL", f"{dfo}establishedIn": "1818-02-12"})
    item = Item(
        "Q1",
        labels={"en": "Chile"},
        claims={
            "P31": ({"id": "Q515"},),
            "P298": ("XXX",),
            "P571": ({"time": "+1900-00-00T00:00:00Z", "precision": 9},),
        },
    )
    score = judge(entity, item, judgement)
    assert score.confidence == 0.3
    assert Point("class", 0.0, "class does not fit (Q515)") in score.points
    assert Point("code", 0.0, "ISO 3166-1 alpha-3 code CHL is not XXX") in score.points
    assert any(point.kind == "date" and point.value == 0 for point in score.points)


def test_nothing_to_compare_is_no_confidence(judgement: Judgement) -> None:
    """An item without any name in our languages proves nothing."""
    assert judge(Entity(f"{_ID}x", ()), Item("Q1"), judgement).confidence == 0.0


def test_rows_carry_who_when_how_sure_and_why(
    wikidata_standin: WikidataStandIn, tmp_path: Path, graph: Store, judgement: Judgement
) -> None:
    """A row is a proposal, never a decision: no reviewer stands in it."""
    proposals = _proposals(wikidata_standin, tmp_path, graph, judgement, "dominica")
    row, *_ = candidate_rows(proposals, "A. Editor", date(2026, 11, 22))
    assert (row.subject_id, row.predicate_id, row.object_id) == (
        "id:dominica",
        "owl:sameAs",
        "wd:Q784",
    )
    assert row.mapping_justification == "semapv:CompositeMatching"
    assert (row.author_label, row.reviewer_label) == ("A. Editor", "")
    assert (row.mapping_date, row.confidence) == ("2026-11-22", "1")
    assert row.mapping_tool == f"forumgraph {__version__}"
    assert row.comment == proposals[0].score.reason


def test_names_alone_make_a_lexical_match(
    wikidata_standin: WikidataStandIn, tmp_path: Path, graph: Store
) -> None:
    """Where nothing but names was compared, the justification says so."""
    bare = Judgement({}, {})
    proposals = _proposals(wikidata_standin, tmp_path, graph, bare, "xi-jinping")
    (row,) = candidate_rows(proposals, "A. Editor", date(2026, 11, 22))
    assert row.mapping_justification == "semapv:LexicalMatching"


def _entity_with(values: dict[str, str]) -> Entity:
    state = "https://w3id.org/forumgraph/ontology#State"
    return Entity(
        f"{_ID}chile",
        (Name("Chile", "en", preferred=True),),
        frozenset({state}),
        (state,),
        {iri: (Literal(text),) for iri, text in values.items()},
    )
