"""Verdicts on somebody else's shapes: those of SHACL, whatever the store makes of the data.

Each right value follows from the section of https://www.w3.org/TR/shacl/ that is named.
"""

from collections.abc import Callable
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
    "4.4.4: a language range of two subtags matches a longer tag, whatever the case": (
        'ex:a ex:w "x"@zh-hans-CN . ex:b ex:w "x"@zh . ex:c ex:w "x"@EN-GB . ex:d ex:w "x"@eng .',
        (
            "ex:S sh:targetSubjectsOf ex:w ; "
            "sh:property [ sh:path ex:w ; sh:languageIn ( 'en' 'zh-Hans' ) ] ."
        ),
        {"b", "d"},
    ),
    "4.3.3: NaN is below no bound": (
        'ex:a ex:n "NaN"^^xsd:double . ex:b ex:n "-INF"^^xsd:double . ex:c ex:n 9 .',
        "ex:S sh:targetSubjectsOf ex:n ; sh:property [ sh:path ex:n ; sh:maxExclusive 9 ] .",
        {"a", "c"},
    ),
    "4.3.2: a bound of any size, and of another numeric datatype, is compared by value": (
        'ex:a ex:n 99999999999999999999 . ex:b ex:n "1E21"^^xsd:double . ex:c ex:n "1E21" .',
        (
            "ex:S sh:targetSubjectsOf ex:n ; "
            "sh:property [ sh:path ex:n ; sh:minInclusive 100000000000000000000 ] ."
        ),
        {"a", "c"},
    ),
    "4.3.4: days are compared also before year 1, and with a time only where both have a zone": (
        (
            'ex:a ex:n "-0044-03-15"^^xsd:date . ex:b ex:n "2025-01-01"^^xsd:date . '
            'ex:c ex:n "2024-12-31T00:00:00Z"^^xsd:dateTime . ex:d ex:n "2025"^^xsd:gYear .'
        ),
        (
            "ex:S sh:targetSubjectsOf ex:n ; sh:property "
            '[ sh:path ex:n ; sh:maxInclusive "2024-12-31"^^xsd:date ] .'
        ),
        {"b", "c", "d"},
    ),
    "4.5.3: what cannot be compared is not less": (
        (
            "ex:a ex:n 1 ; ex:m 1.5 . ex:b ex:n 1 ; ex:m '2' . ex:c ex:n ex:a ; ex:m ex:b . "
            "ex:d ex:n [] ; ex:m 1 . ex:e ex:n 1 ; ex:m [] . ex:f ex:n 'a' ; ex:m 'b' ."
        ),
        "ex:S sh:targetSubjectsOf ex:m ; sh:property [ sh:path ex:n ; sh:lessThan ex:m ] .",
        {"b", "c", "d", "e"},
    ),
    "4.5.4: nor less or equal, the same IRI neither": (
        "ex:a ex:n 1 ; ex:m 1.0 . ex:b ex:n ex:a ; ex:m ex:a . ex:c ex:n 2 ; ex:m 1 .",
        "ex:S sh:targetSubjectsOf ex:m ; sh:property [ sh:path ex:n ; sh:lessThanOrEquals ex:m ] .",
        {"b", "c"},
    ),
    "2.1: an optional parameter without the mandatory one is no constraint": (
        "ex:a ex:n 1 .",
        (
            "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:ignoredProperties ( rdf:type ) ; "
            "sh:property [ sh:path ex:n ; sh:qualifiedMinCount 3 ] , "
            "[ sh:path ex:n ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ] , "
            "[ sh:path ex:n ; sh:flags 'i' ; sh:qualifiedValueShapesDisjoint true ] ."
        ),
        set(),
    ),
    "2.1.3.1: a node that is named is checked, though it is not in the data": (
        "ex:a ex:n 1 .",
        "ex:S sh:targetNode ex:b ; sh:property [ sh:path ex:n ; sh:minCount 1 ] .",
        {"b"},
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
        "ex:S sh:targetNode ex:a ; sh:in ex:a .",
        "ex:S sh:targetNode ex:a ; sh:closed true ; sh:ignoredProperties rdf:type .",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:n ; sh:languageIn 'en' ] .",
        "ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI ; sh:entailment ex:rules .",
    ],
)
def test_shapes_that_cannot_be_used_are_told(verdict: object, shapes: str) -> None:
    """Sections 3.3 and 3.2: a failure, and no verdict, on shapes that are not well formed.

    They have a query that is none, a path without an end, a value that is no list, or ask for an
    entailment regime.
    """
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


@pytest.mark.parametrize("checked", [check, check_data])
@pytest.mark.parametrize(
    ("shapes", "notice"),
    [
        ("ex:S sh:property [ sh:path ex:n ; sh:mincount 1 ] .", "did you mean sh:minCount"),
        ("ex:S sh:js [ sh:jsFunctionName 'f' ] .", "sh:js belongs to SHACL's extensions"),
        ("ex:o owl:imports ex:p .", "<http://e/p> is imported and not fetched"),
        ("ex:S sh:property [ sh:path ex:n ; sh:node ex:S ] .", "<http://e/S> refers to itself"),
    ],
)
def test_what_shapes_ask_for_and_is_not_done_is_told(
    tmp_path: Path, checked: Callable[..., Report[Checked]], shapes: str, notice: str
) -> None:
    """To SHACL these are no constraints, so that the data conform: a misspelt term too."""
    data, file = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(f"{PREFIXES} ex:a ex:n 1 .")
    file.write_text(f"{PREFIXES} ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI . {shapes}")
    report = checked([data], shapes=file)
    assert len(report.unchecked) == 1
    assert notice in report.unchecked[0]


@pytest.mark.parametrize("checked", [check, check_data])
def test_a_node_that_only_the_shapes_name_is_checked(
    tmp_path: Path, checked: Callable[..., Report[Checked]]
) -> None:
    """Section 2.1.3.1: a focus node need not be in the data, so nothing is left unchecked."""
    data, file = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(f"{PREFIXES} ex:a ex:n 1 .")
    file.write_text(f"{PREFIXES} ex:S sh:targetNode 5 ; sh:datatype xsd:integer .")
    report = checked([data], shapes=file)
    assert (list(report.findings), report.unchecked) == ([], ())
