"""Counting the tests of a suite of SHACL, here of four made by hand."""

from pathlib import Path

import pytest

from benchmarks.shacl_suite import cases, main

SUITE = """
@prefix ex: <http://e/> .
@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix sht: <http://www.w3.org/ns/shacl-test#> .
ex:S a sh:NodeShape ; sh:targetNode ex:a ;
    sh:property ex:P .
ex:P sh:path [ sh:inversePath ex:p ] ; sh:minCount 1 .
<test> a sht:Validate ; mf:action [ sht:dataGraph <> ; sht:shapesGraph <> ] ; mf:result %s .
"""
REPORT = """[ a sh:ValidationReport ; sh:conforms false ; sh:result [
    sh:focusNode ex:a ; sh:resultPath [ sh:inversePath ex:%s ] ; sh:resultSeverity sh:Violation ;
    sh:sourceShape ex:P ; sh:sourceConstraintComponent sh:MinCountConstraintComponent ] ]"""
CASES = {
    "right": REPORT % "p",
    "other-path": REPORT % "q",
    "verdict": "[ a sh:ValidationReport ; sh:conforms true ]",
    "failure": "sht:Failure",
}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Return a folder of manifests, one for each case."""
    for name, result in CASES.items():
        (tmp_path / f"{name}.ttl").write_text(SUITE % result)
    return tmp_path


@pytest.mark.parametrize("way", ["check", "pyshacl"])
def test_a_test_passes_with_the_verdict_and_the_results_expected(
    suite: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    """Another path, another verdict, and a report where none is expected are named."""
    assert main([str(suite), "--by", way]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "failure a report, where none is expected",
        "other-path results too many: 1, missing: 1",
        "verdict conforms: False",
        "1 of 4 tests pass",
    ]


def test_a_test_has_its_files(suite: Path) -> None:
    """They are those that the manifest names."""
    assert {test.data for test in cases(suite)} == set(suite.iterdir())
