"""Exports read back as what they were, and are the same bytes each time."""

import subprocess
import sys

import pytest
import rdflib
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Store, parse
from rdflib.compare import isomorphic

from sparql_endpoint.errors import NotFoundError, UsageError
from sparql_endpoint.export.content import content, triples_of
from sparql_endpoint.export.evidence import EvidenceForm, with_evidence
from sparql_endpoint.export.render import CSV, Wanted, export
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.formats import RDF_FORMATS

FORMATS = [*RDF_FORMATS, CSV]
MERGED = [name for name in RDF_FORMATS if name not in {"trig", "nquads"}]
PROGRAM = """
import hashlib, sys
from sparql_endpoint.export.render import Wanted, export
from sparql_endpoint.graph.dataset import project_quads
store = list(project_quads())
for name in sys.argv[1:]:
    print(hashlib.sha256(export(store, Wanted(name))).hexdigest())
"""


@pytest.fixture(scope="module")
def hashes() -> list[list[str]]:
    """Return the hashes of every format as two processes with different hash seeds make them."""
    return [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, *FORMATS],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
            text=True,
        ).stdout.split()
        for seed in ("1", "2")
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_every_run_gives_the_same_bytes(name: str, hashes: list[list[str]]) -> None:
    """Not even the order in which Python hashes strings shows."""
    first, second = ([*run][FORMATS.index(name)] for run in hashes)

    assert first == second


@pytest.mark.parametrize("name", MERGED)
def test_the_merge_reads_back(name: str, project: list[Quad]) -> None:
    """Each format of triples holds every triple of the project, and no other."""
    text = export(project, Wanted(name))

    assert set(parse(text, RDF_FORMATS[name].engine)) == set(triples_of(content(project)))


@pytest.mark.parametrize("name", ["trig", "nquads"])
def test_the_graphs_read_back(name: str, project: list[Quad]) -> None:
    """Each format of quads holds every statement in the graph of its file."""
    text = export(project, Wanted(name))

    assert set(parse(text, RDF_FORMATS[name].engine)) == set(content(project))


def test_rdflib_reads_the_same_graph(project: list[Quad]) -> None:
    """A second reader finds an isomorphic graph in Turtle, which most people take."""
    lines = rdflib.Graph().parse(data=export(project, Wanted("ntriples")), format="nt")
    read = rdflib.Graph().parse(data=export(project, Wanted("turtle")), format="turtle")

    assert isomorphic(read, lines)


@pytest.mark.parametrize("name", ["rdfxml", "jsonld"])
def test_oxigraph_reads_the_same_graph(name: str, project: list[Quad]) -> None:
    """The other formats have the same graph, whatever labels its blank nodes have."""
    read = Dataset(parse(export(project, Wanted(name)), RDF_FORMATS[name].engine))
    lines = Dataset(parse(export(project, Wanted("ntriples")), RdfFormat.N_TRIPLES))
    for dataset in (read, lines):
        dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)

    assert read == lines


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads"])
def test_reifiers_read_back(name: str, project: list[Quad]) -> None:
    """RDF 1.2 is read by Oxigraph as it was written."""
    wanted = with_evidence(content(project), EvidenceForm.RDF12)
    text = export(project, Wanted(name, EvidenceForm.RDF12))
    expected = wanted if name in {"trig", "nquads"} else triples_of(wanted)

    assert b"reifies" in text
    assert set(parse(text, RDF_FORMATS[name].engine)) == set(expected)


def test_turtle_is_prefixed_as_the_sources_are_and_grouped_by_subject(store: Store) -> None:
    """The prefixes of the project, sorted, aligned, and none that is not used."""
    text = export(store, Wanted("turtle")).decode()
    header, _, body = text.partition("\n\n")

    assert [line.split()[1].rstrip(":") for line in header.splitlines()] == [
        *("claim", "dcterms", "dfo", "id", "oa", "quote", "rdf", "rdfs", "skos", "source", "xsd")
    ]
    assert 'id:celac rdfs:label "CELAC"@es ;\n    dfo:hasCount id:count-33 .\n' in body
    assert body.count("\nid:celac ") == 1


def test_facts_alone_are_exported_in_every_rdf_format(store: Store) -> None:
    """No claim is left in any of them."""
    for name in RDF_FORMATS:
        text = export(store, Wanted(name, EvidenceForm.NONE))
        assert text
        assert b"forumgraph/claim/" not in text


def test_one_graph_is_exported_alone(store: Store) -> None:
    """In a format of triples it stands without its name."""
    text = export(store, Wanted("ntriples", graphs=["data/things"]))

    assert len(text.splitlines()) == 11
    assert b"/claim/" not in text


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_blank_nodes_do_not_change_the_bytes(name: str) -> None:
    """Two readings of somebody's data export alike, and read back isomorphic."""
    turtle = b'<a:s> <a:p> [ <a:q> "x" , [ <a:q> 1.50 ] ] , [ <a:q> "y"@en ] .'
    stores = [Store(), Store()]
    for store in stores:
        store.load(turtle, RdfFormat.TURTLE)
    texts = [export(store, Wanted(name)) for store in stores]
    read = Store()
    read.load(texts[0], RDF_FORMATS[name].engine)

    assert texts[0] == texts[1]
    assert set(content(read)) == set(content(stores[0]))


@pytest.mark.parametrize("name", ["jsonld", "rdfxml"])
def test_triple_terms_of_somebody_are_written_or_refused(name: str) -> None:
    """JSON-LD cannot hold them, and the error names the term; nothing is dropped."""
    statements = set(parse(b"<a:s> <a:p> <<( <a:s> <a:p> <a:o> )>> .", RdfFormat.TURTLE))
    if name == "jsonld":
        with pytest.raises(UsageError, match="cannot hold the triple term <a:s> <a:p> <a:o>"):
            export(statements, Wanted(name))
    else:
        assert set(parse(export(statements, Wanted(name)), RdfFormat.RDF_XML)) == statements


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Wanted("turtel"), "no format 'turtel'"),
        (Wanted(CSV, EvidenceForm.NONE), "CSV is the table of claims"),
        (Wanted("jsonld", EvidenceForm.RDF12), "goes with nquads, ntriples, trig, turtle"),
    ],
)
def test_what_cannot_be_written_is_refused(store: Store, wanted: Wanted, message: str) -> None:
    """The message says what could be."""
    with pytest.raises(UsageError, match=message):
        export(store, wanted)


def test_an_unknown_graph_is_refused(store: Store) -> None:
    """Nothing is exported in its place."""
    with pytest.raises(NotFoundError):
        export(store, Wanted("turtle", graphs=["no-such-graph-at-all"]))


def test_an_empty_store_gives_an_empty_file() -> None:
    """There is nothing to say, in every format."""
    for name in RDF_FORMATS:
        assert list(parse(export(Store(), Wanted(name)), RDF_FORMATS[name].engine)) == []


def test_prefixes_are_those_of_the_project(project: list[Quad]) -> None:
    """Whoever reads an export meets the names that the sources use."""
    declared = dict(
        line.removeprefix("@prefix ").removesuffix("> .").replace(": ", ":").split(":", 1)
        for line in export(project, Wanted("turtle")).decode().split("\n\n")[0].splitlines()
    )

    assert declared
    for prefix, namespace in declared.items():
        assert namespace.strip().removeprefix("<") == PREFIXES[prefix]


def test_quads_are_not_changed_by_being_exported(store: Store) -> None:
    """An export reads the store and writes nothing to it."""
    before: set[Quad] = set(store)
    export(store, Wanted("trig", EvidenceForm.RDF12))

    assert set(store) == before
