"""Turtle that rdflib and Oxigraph must read alike."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from sparql_endpoint.check.syntax import check_syntax
from sparql_endpoint.errors import RdfSyntaxError
from sparql_endpoint.graph.document import Document

PREFIXES = "@prefix ex: <http://e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
CASES = [
    ("ex:a ex:p 7 , 1.50 , -33.4 , true , false , 'x' , 'x'@en , 'x'@zh-Hans , 'x'@PT-BR .", []),
    ('ex:a ex:p "2018"^^xsd:gYear , "2018-01"^^xsd:gYearMonth , "2018-01-22"^^xsd:date .', []),
    ('ex:a ex:p "2018-01-22T10:00:00Z"^^xsd:dateTime .', []),
    ("ex:a ex:p [ ex:q ( 1 2 ) ] , [] .", []),
    ("<> ex:p <#part> , <../other> .", []),
    ('ex:a ex:p """two\nlines""" , "tab\\t" , "\\u00e9" .', []),
    ("ex:a\\,b ex:p ex:c%20d .", []),
    ("ex:a ex:p 007 .", ["same-triples"]),
    ("ex:a ex:p .5 .", ["same-triples"]),
    ('ex:a ex:p """two\r\nlines""" .', ["same-triples"]),
    ("ex:a ex:p '1'^^xsd:boolean .", ["same-triples"]),
    ("ex:a ex:p 'x'^^xsd:integer .", ["well-typed"]),
    ("ex:a ex:p '2018-02-30'^^xsd:date .", ["well-typed"]),
    ("ex:a ex:p '-P1Y1D'^^xsd:duration , 1 . ex:a ex:p 1 .", ["same-triples", "stated-once"]),
    ("ex:a ex:p '2025-13'^^xsd:gYearMonth .", ["well-typed"]),
    ("ex:a ex:p 'abcd'^^xsd:gYear .", ["well-typed"]),
    ("ex:a ex:p '-0044-03-15'^^xsd:date , '12024-01-01'^^xsd:date .", []),
    ("ex:a ex:p 1 . ex:a ex:p 1 .", ["stated-once"]),
]


def document(turtle: str) -> Document:
    content = (PREFIXES + turtle).encode()
    path = Path("x.ttl")
    base = path.absolute().as_uri()
    statements = tuple(parse(content, RdfFormat.TURTLE, base_iri=base))
    return Document(path, content, statements)


@pytest.mark.parametrize(("turtle", "rules"), CASES)
def test_only_what_the_two_read_differently_is_found(turtle: str, rules: list[str]) -> None:
    """Blank nodes, lists, relative names, languages and zones are no difference."""
    assert [finding.rule for finding in check_syntax(document(turtle))] == rules


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """An ill-typed value is a finding, not a traceback from rdflib on the way."""
    check_syntax(document("ex:a ex:p 'x'^^xsd:integer ."))
    assert caplog.records == []


@pytest.mark.parametrize("turtle", ["ex:a ex:p 'x'@ar--rtl .", "ex:a ex:p <<( ex:a ex:b 1 )>> ."])
def test_rdf_12_is_refused_with_its_line(turtle: str) -> None:
    """Oxigraph reads it, rdflib does not, and neither do many others yet."""
    with pytest.raises(RdfSyntaxError, match=r"x\.ttl:2:1: rdflib cannot read this, though"):
        check_syntax(document(turtle))
