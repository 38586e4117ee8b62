"""Verdicts on somebody else's shapes: those of SHACL, whatever the store makes of the data.

Each right value follows from the section of https://www.w3.org/TR/shacl/ that is named.
"""

from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph
from rdflib.compare import isomorphic

from sparql_endpoint.check.as_turtle import as_turtle
from sparql_endpoint.check.checked import Checked
from sparql_endpoint.check.data import check_data
from sparql_endpoint.check.report import Report
from sparql_endpoint.check.run import check
from sparql_endpoint.errors import DataError

PREFIXES = """
@prefix ex: <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
INTEGERS = """
ex:plain ex:n 5 . ex:int ex:n "5"^^xsd:int . ex:byte ex:n "300"^^xsd:byte . ex:zeros ex:n 007 .
ex:written ex:n "5"^^xsd:integer ."""
WORDS = 'ex:a ex:w "open" . ex:b ex:w "open"^^xsd:string . ex:c ex:w "open"@en . ex:d ex:w "shut" .'
HAND = """
ex:hand a ex:Hand ; ex:digit ex:both , ex:f .
ex:both a ex:Thumb , ex:Finger . ex:f a ex:Finger ."""
QUERY = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:n ; sh:sparql ex:C . ex:C sh:select "

CASES = {
    "4.1.2: a datatype is the literal's own, and its text must be of it": (
        INTEGERS,
        "ex:S sh:targetSubjectsOf ex:n ; sh:property [ sh:path ex:n ; sh:datatype xsd:int ] .",
        {"plain", "byte", "zeros", "written"},
    ),
    "4.1.2: an integer of another datatype is none": (
        INTEGERS,
        "ex:S sh:targetSubjectsOf ex:n ; sh:property [ sh:path ex:n ; sh:datatype xsd:integer ] .",
        {"int", "byte"},
    ),
    "4.4.3: a pattern is matched with the text that was written": (
        INTEGERS,
        "ex:S sh:targetSubjectsOf ex:n ; sh:property [ sh:path ex:n ; sh:pattern '^0' ] .",
        {"plain", "int", "byte", "written"},
    ),
    "4.4.3: a pattern is one of XPath": (
        'ex:a ex:n "Ab" . ex:b ex:n "ab" . ex:c ex:n "AB" .',
        (
            "ex:S sh:targetSubjectsOf ex:n ; sh:property "
            "[ sh:path ex:n ; sh:pattern '^[\\\\p{L}-[A]]b$|^\\\\p{Lu}b$' ] ."
        ),
        {"c"},
    ),
    "4.1.2: a day before year 1 and the end of a day are dates": (
        'ex:a ex:n "-0044-03-15"^^xsd:date . ex:b ex:n "2021-02-29"^^xsd:date .',
        "ex:S sh:targetSubjectsOf ex:n ; sh:property [ sh:path ex:n ; sh:datatype xsd:date ] .",
        {"b"},
    ),
    "4.8.3: a string with and without its datatype is one term": (
        WORDS,
        "ex:S sh:targetSubjectsOf ex:w ; sh:property [ sh:path ex:w ; sh:in ( 'open' ) ] .",
        {"c", "d"},
    ),
    "4.8.2: so it is as a value that must be there": (
        WORDS,
        "ex:S sh:targetSubjectsOf ex:w ; sh:property [ sh:path ex:w ; sh:hasValue 'open' ] .",
        {"c", "d"},
    ),
    "4.6.1: and as a value that must not": (
        WORDS,
        (
            "ex:S sh:targetSubjectsOf ex:w ; "
            "sh:property [ sh:path ex:w ; sh:not [ sh:in ( 'open' ) ] ] ."
        ),
        {"a", "b"},
    ),
    "4.8.2: a number with another text is another term": (
        "ex:a ex:n 7 .",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:n ; sh:hasValue 007 ] .",
        {"a"},
    ),
    "4.7.3: a value that conforms to a sibling does not count": (
        HAND,
        (
            "ex:S a sh:NodeShape ; sh:targetClass ex:Hand ; sh:property [ sh:path ex:digit ; "
            "sh:qualifiedValueShape [ sh:class ex:Thumb ] ; sh:qualifiedMinCount 1 ; "
            "sh:qualifiedValueShapesDisjoint true ] , [ sh:path ex:digit ; "
            "sh:qualifiedValueShape [ sh:class ex:Finger ] ; sh:qualifiedMinCount 1 ] ."
        ),
        {"hand"},
    ),
    "2.1.3.3: a shape that is a class has its instances for targets too": (
        "ex:a a ex:S . ex:b a ex:Other .",
        (
            "ex:S a sh:NodeShape , rdfs:Class ; sh:targetClass ex:Other ; "
            "sh:property [ sh:path ex:n ; sh:minCount 1 ] ."
        ),
        {"a", "b"},
    ),
    "2.1.6: a shape that is switched off conforms": (
        "ex:a ex:n 1 .",
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:deactivated true ; sh:nodeKind sh:Literal .",
        set(),
    ),
    "2.3.1.4: the inverse of a sequence goes it from its end": (
        "ex:a ex:p ex:b . ex:b ex:q ex:c .",
        (
            "ex:S a sh:NodeShape ; sh:targetNode ex:a , ex:c ; "
            "sh:property [ sh:path [ sh:inversePath ( ex:p ex:q ) ] ; sh:minCount 1 ] ."
        ),
        {"a"},
    ),
    "5.3.1: $this is bound in groups within": (
        "ex:a ex:n 1 .",
        QUERY + "'SELECT $this { { { FILTER (bound($this)) } } }' .",
        {"a"},
    ),
    "5.3.1: and what a function is asked about it holds the text written": (
        INTEGERS,
        QUERY + "'SELECT $this { $this <http://e/n> ?n FILTER (STRLEN(STR(?n)) > 1) }' .",
        {"byte", "zeros"},
    ),
    "5.2.1: prefixes come from an ontology that is imported": (
        "ex:a ex:n 1 .",
        (
            "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:prefixes ex:o ; "
            "sh:select 'SELECT $this { $this own:n 1 }' ] . ex:o owl:imports ex:p . "
            'ex:p sh:declare [ sh:prefix "own" ; sh:namespace "http://e/"^^xsd:anyURI ] .'
        ),
        {"a"},
    ),
    "6.2.1: a parameter of a component may be optional": (
        "ex:a ex:n 1 . ex:b ex:n 5 .",
        (
            "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] , "
            "[ sh:path ex:why ; sh:optional true ] ; sh:validator [ a sh:SPARQLAskValidator ; "
            "sh:ask 'ASK { FILTER ($value <= $most) }' ] . ex:S a sh:NodeShape ; "
            "sh:targetSubjectsOf ex:n ; sh:property [ sh:path ex:n ; ex:most 3 ] ."
        ),
        {"b"},
    ),
}


@pytest.fixture
def verdict(tmp_path: Path) -> object:
    """Return a function that checks data by shapes, both given in Turtle, by the way of a name."""

    def judge(data: str, shapes: str, way: str = "data") -> Report[Checked]:
        paths = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
        for path, turtle in zip(paths, (data, shapes), strict=True):
            path.write_text(PREFIXES + turtle, encoding="utf-8")
        checked = check_data if way == "data" else check
        return checked(paths[:1], shapes=paths[1])

    return judge


@pytest.mark.parametrize("way", ["data", "files"])
@pytest.mark.parametrize(("data", "shapes", "wrong"), CASES.values(), ids=CASES)
def test_the_verdict_is_shacl_s(
    verdict: object, data: str, shapes: str, wrong: set[str], way: str
) -> None:
    """Whether the data come file by file or as one graph."""
    report = verdict(data, shapes, way)  # type: ignore[operator]
    assert {finding.focus.value.removeprefix("http://e/") for finding in report.findings} == wrong
    assert report.conforms == (not wrong)


def test_a_negative_duration_is_a_value_like_others(verdict: object) -> None:
    """XML Schema 1.1 part 2, section 3.3.6; rdflib 7.6 fails to write some of them."""
    data = 'ex:a ex:n "-P1Y2M3DT4H5M6.7S"^^xsd:duration , "-P1D"^^xsd:duration .'
    shapes = "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:n ; sh:minCount 2 ] ."
    assert verdict(data, shapes).conforms  # type: ignore[operator]


def test_the_report_has_the_path_and_the_shape(verdict: object) -> None:
    """SHACL 3.6.2.2 and 3.6.2.4: also where both are blank nodes; a severity of one's own stays."""
    shapes = (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:severity ex:Grave ; "
        'sh:path ( ex:n [ sh:inversePath ex:m ] ) ; sh:minCount 1 ; sh:message "Missing." ] .'
    )
    turtle = as_turtle(verdict("ex:a ex:n 1 .", shapes))  # type: ignore[operator]
    expected = Graph().parse(
        data=PREFIXES
        + """
        [] a sh:ValidationReport ; sh:conforms false ; sh:result [
            a sh:ValidationResult ; sh:focusNode ex:a ; sh:resultPath _:path ;
            sh:resultMessage "Missing." ; sh:resultSeverity ex:Grave ; sh:sourceShape [
                sh:path _:path ; sh:minCount 1 ; sh:message "Missing." ; sh:severity ex:Grave ] ;
            sh:sourceConstraintComponent sh:MinCountConstraintComponent ] .
        _:path <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> ex:n ;
            <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> ( [ sh:inversePath ex:m ] ) ."""
    )
    assert isomorphic(Graph().parse(data=turtle), expected)


def test_nothing_of_the_project_is_added(verdict: object) -> None:
    """Neither its ontology, nor its rules on names, values, evidence and links."""
    data = 'ex:a rdfs:lable 1 ; ex:n "2018-02-30"^^xsd:date .'
    shapes = "ex:S sh:targetClass owl:Class ; sh:nodeKind sh:BlankNode ."
    for way in ("data", "files"):
        report = verdict(data, shapes, way)  # type: ignore[operator]
        assert report.findings == ()
        assert report.unchecked == ("the shapes are about nothing in it",)


def test_house_rules_are_added_when_asked_for(tmp_path: Path) -> None:
    """They find the name that RDFS does not have, and the day that February does not."""
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(f'{PREFIXES} ex:a rdfs:lable 1 ; ex:n "2018-02-30"^^xsd:date .')
    shapes.write_text(f"{PREFIXES} ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI .")
    for checked in (check, check_data):
        report = checked([data], shapes=shapes, house_rules=True)
        assert {finding.rule for finding in report.findings} == {"known-term", "well-typed"}


@pytest.mark.parametrize(
    "shapes",
    [
        "ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'SELECT $this { $this ' ] .",
        "ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'SELECT $this { { $this ' ] .",
        (
            "ex:S sh:targetNode ex:a ; sh:sparql "
            "[ sh:select 'SELECT $this { GRAPH $shapesGraph { $this ?p ?o } }' ] ."
        ),
        (
            "ex:S sh:targetNode ex:a ; sh:property [ sh:path [ sh:inversePath _:loop ] ; "
            "sh:minCount 1 ] . _:loop sh:zeroOrMorePath _:loop ."
        ),
        "ex:S sh:targetNode ex:a ; sh:property [ sh:minCount 1 ] .",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:n ; sh:pattern '(' ] .",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:n ; sh:minInclusive ex:a ] .",
        "ex:S sh:targetNode ex:a ; sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l .",
    ],
)
def test_shapes_that_cannot_be_used_are_told(verdict: object, shapes: str) -> None:
    """A query that is none, the shapes graph as a variable, a path without an end, no path."""
    with pytest.raises(DataError, match="the shapes cannot be used"):
        verdict("ex:a ex:n 1 .", shapes)  # type: ignore[operator]


def test_the_report_does_not_conform_where_results_are_only_counted(tmp_path: Path) -> None:
    """SHACL 3.6.1.1: sh:conforms is false where there is a result, listed or not."""
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(f"{PREFIXES} ex:a ex:n 1 . ex:b ex:n 1 .")
    shapes.write_text(
        f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:n ; sh:severity sh:Info ; "
        "sh:nodeKind sh:Literal ."
    )
    report = Graph().parse(data=as_turtle(check_data([data], shapes=shapes, most=1)))
    node = report.value(None, RDF.type, SH.ValidationReport)
    assert len(list(report.objects(node, SH.result))) == 1
    assert str(report.value(node, SH.conforms)) == "false"
