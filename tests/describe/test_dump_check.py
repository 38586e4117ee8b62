"""A file that does not hold what the data hold is found, whatever its length and checksum say."""

import gzip

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, parse

from sparql_endpoint.describe.dump_check import DumpCheck, solutions
from sparql_endpoint.export.render import Wanted, export
from sparql_endpoint.query.formats import RDF_FORMATS

TURTLE = """
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom ( :A :B ) ] .
:s :p 007 , "x"@en .
"""
NAMED = "<http://e/g> { <http://e/s> <http://e/p> 1.50 . [] <http://e/q> 7 }"


def quads(text: str, fmt: RdfFormat = RdfFormat.TRIG) -> list[Quad]:
    """Return statements."""
    return list(parse(text.encode(), fmt))


@pytest.mark.parametrize("name", RDF_FORMATS)
@pytest.mark.parametrize("packed", [True, False])
def test_a_right_file_is_right(name: str, *, packed: bool) -> None:
    """Though it has literals as they were written and the service has their values."""
    every = quads(TURTLE), quads(NAMED)
    statements = [*every[0], *every[1]] if name in {"trig", "nquads"} else every[0]
    body = export(statements, Wanted(name))
    url = f"http://e/dump/1.{RDF_FORMATS[name].extension}"

    check = DumpCheck(*every)

    assert (
        check.wrong(f"{url}.gz" if packed else url, gzip.compress(body) if packed else body) == ""
    )


def test_a_file_of_graphs_may_leave_out_their_merge() -> None:
    """Where the default graph is nothing else."""
    named = quads(NAMED)
    merge = [Quad(*quad.triple) for quad in named]

    assert DumpCheck(merge, named).wrong("x.trig", NAMED.encode()) == ""
    assert "it lacks" in DumpCheck(quads(TURTLE), named).wrong("x.trig", NAMED.encode())


@pytest.mark.parametrize(
    ("ending", "text", "complaint"),
    [
        ("nt", "<http://e/s> <http://e/p> 7", "does not parse"),
        ("nt", "", "has 0 of the 10 statements of the data and 0 others; it lacks"),
        ("rdf", "<rdf:RDF><oxprefix: /></rdf:RDF>", "does not parse"),
        ("jsonld", '[{"@id": "http://e/s", "http://e/p": NaN}]', "does not parse"),
        ("ttl", TURTLE + ":more :p 1 .", "1 others; the data lack <http://e/more>"),
        ("ttl", TURTLE.replace("007", "8"), '1 others; it lacks <http://e/s> <http://e/p> "7"'),
        ("ttl.gz", "no gzip", "cannot be unpacked"),
    ],
)
def test_a_wrong_file_is_found(ending: str, text: str, complaint: str) -> None:
    """It does not parse, or it lacks statements, or it has others."""
    check = DumpCheck(quads(TURTLE), quads(NAMED))

    assert complaint in check.wrong(f"http://e/dump/1.{ending}", text.encode())


def test_a_file_that_a_second_parser_cannot_read_is_found() -> None:
    """People read files with others than ours: this name is escaped, which rdflib does not take."""
    text = "@prefix e: <http://e/> . e:s e:p e:\\. ."
    statements = quads(text)

    assert "a second parser, rdflib, cannot read it" in DumpCheck(statements, []).wrong(
        "x.ttl", text.encode()
    )


def test_without_all_the_data_the_parsers_judge() -> None:
    """A service that cuts its answers has no more to compare with."""
    check = DumpCheck(None, None)

    assert check.wrong("x.nt", b"") == ""
    assert "does not parse" in check.wrong("x.nt", b"<")


def test_statements_are_read_from_an_answer() -> None:
    """With their graph where it is asked for."""
    body = b'?s\t?p\t?o\t?g\n_:a\t<http://e/p>\t"x"@en\t<http://e/g>\n'

    (quad,) = solutions(body)

    assert quad.object == Literal("x", language="en")
    assert str(quad.graph_name) == "<http://e/g>"
    with pytest.raises(SyntaxError):
        solutions(b"<")


def test_blank_nodes_that_look_alike_are_compared_in_a_bounded_time() -> None:
    """RDFC-1.0, section 7.1: whether a statement is missing is found without their exact labels."""
    clique = " . ".join(
        f"_:n{a} <http://e/p> _:n{b}" for a in range(30) for b in range(30) if a != b
    )
    same = clique.replace("_:n", "_:other")
    check = DumpCheck(quads(f"{clique} ."), [])

    assert check.wrong("x.ttl", f"{same} .".encode()) == ""
    assert "it lacks" in check.wrong("x.ttl", f"{same.partition(' . ')[2]} .".encode())
