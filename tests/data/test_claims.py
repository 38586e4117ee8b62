"""Claims and the facts that rest on them: neither stands without the other."""

import hashlib
import re
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SDO, SKOS, Literal, Namespace, URIRef
from rdflib.term import Node

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.paths import DATA, ONTOLOGY

CLAIM = PREFIXES["claim"]
DFO = Namespace(PREFIXES["dfo"])
ID = PREFIXES["id"]
OA = Namespace(PREFIXES["oa"])
QUOTE = PREFIXES["quote"]
SOURCE = Namespace(PREFIXES["source"])
ARTICLES = ["china-deepens-cooperation", "closer-partnership-2018"]
FOOTER = "Website hosting sponsored by"

every_article = pytest.mark.parametrize("slug", ARTICLES)


def _triple(graph: rdflib.Graph, claim: Node) -> tuple[Node, Node, Node]:
    """Return what a claim says; a part that it lacks is the claim itself, which no graph states."""
    subject, predicate, value = (
        graph.value(claim, part) or claim for part in (RDF.subject, RDF.predicate, RDF.object)
    )
    return subject, predicate, value


def _claims(graph: rdflib.Graph, standing: URIRef) -> set[tuple[Node, Node, Node]]:
    """Return the triples that claims of a standing are about."""
    return {_triple(graph, claim) for claim in graph.subjects(DFO.standing, standing)}


def _quotes(slug: str) -> list[tuple[str, int, int, str]]:
    """Return each quotation of an article: name, start, end and words."""
    graph = rdflib.Graph().parse(DATA / "claims" / f"{slug}.ttl")
    found = []
    for quote, selector in graph.subject_objects(OA.hasSelector):
        start, end = (graph.value(selector, edge) for edge in (OA.start, OA.end))
        words = graph.value(selector, OA.exact)
        assert isinstance(start, Literal)
        assert isinstance(end, Literal)
        name = str(quote).removeprefix(QUOTE)
        found.append((name, start.toPython(), end.toPython(), str(words)))
    return sorted(found)


def _text(articles: Path, slug: str) -> str:
    """Return an article's text decoded as it is, without translation of line ends."""
    return (articles / f"{slug}.txt").read_bytes().decode("utf-8")


def test_an_asserted_triple_stands_among_the_facts(data_graph: rdflib.Graph) -> None:
    """What a claim asserts the graph says too."""
    asserted = _claims(data_graph, DFO.asserted)
    assert asserted
    assert [triple for triple in asserted if triple not in data_graph] == []


def test_an_attributed_triple_does_not_stand_among_the_facts(data_graph: rdflib.Graph) -> None:
    """What is only somebody's word the graph does not say, unless another claim asserts it."""
    attributed = _claims(data_graph, DFO.attributed) - _claims(data_graph, DFO.asserted)
    assert attributed
    assert [triple for triple in attributed if triple in data_graph] == []


def test_a_fact_that_needs_evidence_has_a_claim(data_graph: rdflib.Graph) -> None:
    """A triple with a property that requires evidence is asserted by a claim."""
    ontology = rdflib.Graph().parse(ONTOLOGY / "forums.ttl")
    evidenced = set(ontology.subjects(DFO.requiresEvidence, Literal(lexical_or_value=True)))
    texts = set(data_graph.subjects(SDO.sha256))
    facts = {
        (s, p, o)
        for s, p, o in data_graph
        if p in evidenced and (str(s).startswith(ID) or s in texts)
    }
    assert facts
    assert facts - _claims(data_graph, DFO.asserted) == set()


def test_praise_is_never_a_fact(data_graph: rdflib.Graph) -> None:
    """What somebody says a thing is or has done stands in claims only."""
    assert list(data_graph.subject_objects(DFO.characterizedAs)) == []


def test_an_inferred_claim_tells_how_it_follows(data_graph: rdflib.Graph) -> None:
    """A claim that its evidence only implies has a note in English."""
    inferred = list(data_graph.subjects(DFO.basis, DFO.inferred))
    assert inferred
    assert [claim for claim in inferred if not data_graph.value(claim, SKOS.editorialNote)] == []


def test_every_thing_has_a_class_and_an_english_name(data_graph: rdflib.Graph) -> None:
    """Each IRI below id/ that occurs anywhere is described, class and label, or deprecated."""
    things = {x for triple in data_graph for x in triple if str(x).startswith(ID)}
    things -= set(data_graph.subjects(OWL.deprecated))
    bare = [
        thing
        for thing in things
        if (thing, RDF.type, None) not in data_graph
        or not any(
            isinstance(label, Literal) and label.language == "en"
            for label in data_graph.objects(thing, RDFS.label)
        )
    ]
    assert bare == []


def test_claims_stand_in_the_order_of_their_numbers() -> None:
    """No number stands twice, and a new claim has a higher one than all before it.

    A number whose claim is gone is not used again, so numbers may be missing.
    """
    for path in sorted((DATA / "claims").glob("*.ttl")):
        names = re.findall(r"^claim:(\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert {name.rpartition("-")[0] for name in names} == {path.stem}
        numbers = [int(name.rpartition("-")[2]) for name in names]
        assert numbers == sorted(set(numbers)), path.stem


@every_article
def test_a_quotation_is_short_used_and_named_for_its_place(slug: str) -> None:
    """The IRI tells start and end; the words fit between them and are at most 200 characters."""
    graph = rdflib.Graph().parse(DATA / "claims" / f"{slug}.ttl")
    used = {str(quote).removeprefix(QUOTE) for quote in graph.objects(None, DFO.evidence)}
    quotes = _quotes(slug)
    assert {name for name, *_ in quotes} == used
    for name, start, end, words in quotes:
        assert name == f"{slug}-{start}-{end}"
        assert 0 < len(words) == end - start <= 200


@every_article
def test_every_quotation_stands_in_the_text_at_its_place(slug: str, articles: Path) -> None:
    """The text from start to end is the quotation, character by character."""
    text = _text(articles, slug)
    assert [name for name, start, end, words in _quotes(slug) if text[start:end] != words] == []


@every_article
def test_the_checksum_is_that_of_the_text(slug: str, articles: Path) -> None:
    """schema:sha256 tells a reader that their text is ours."""
    graph = rdflib.Graph().parse(DATA / "claims" / f"{slug}.ttl")
    digest = hashlib.sha256((articles / f"{slug}.txt").read_bytes()).hexdigest()
    assert graph.value(SOURCE[slug], SDO.sha256) == Literal(digest)


@every_article
def test_the_page_footer_is_evidence_for_nothing(slug: str, articles: Path) -> None:
    """The body ends where the lines on hosting, printing and web design begin, and so do quotes."""
    graph = rdflib.Graph().parse(DATA / "claims" / f"{slug}.ttl")
    end = graph.value(SOURCE[slug], DFO.bodyEnd)
    assert isinstance(end, Literal)
    footer = _text(articles, slug)[end.toPython() :].lstrip("\n")
    assert footer.startswith(FOOTER) is (slug == "china-deepens-cooperation")
    assert bool(footer) is (slug == "china-deepens-cooperation")
    assert max(end for _, _, end, _ in _quotes(slug)) <= end.toPython()


@every_article
def test_every_sentence_of_the_text_is_evidence(slug: str, articles: Path) -> None:
    """No sentence above the footer is left out: each overlaps a quotation."""
    body = _text(articles, slug).split(FOOTER)[0]
    places = [(start, end) for _, start, end, _ in _quotes(slug)]
    sentences = [match.span() for match in re.finditer(r"[^\s.][^.]*", body)]
    untouched = [
        body[begin:stop]
        for begin, stop in sentences
        if not any(start < stop and begin < end for start, end in places)
    ]
    assert untouched == []
