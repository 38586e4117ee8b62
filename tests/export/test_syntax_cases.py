"""Each case of syntax is read as it says, and comes out of every format as it was read."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from case_files import cases
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from sparql_endpoint.export.content import triples_of
from sparql_endpoint.export.render import Wanted, export
from sparql_endpoint.graph.dataset import quads_of_files
from sparql_endpoint.query.formats import RDF_FORMATS

CASES = cases(Path(__file__).parents[1] / "graph" / "syntax.toml")
every_case = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])


def canonical(quads: Iterable[Quad]) -> set[Quad]:
    """Return quads with labels of blank nodes that two isomorphic datasets share."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def expected(case: dict[str, Any]) -> list[Quad]:
    """Return the statements that the case says."""
    return list(parse(case["expected"].encode(), RdfFormat.N_QUADS))


@every_case
def test_a_case_is_read_as_it_says(case: dict[str, Any], tmp_path: Path) -> None:
    """By the reader of every command, whose statements are N-Quads of the case's own."""
    path = tmp_path / f"x.{RDF_FORMATS[case['format']].extension}"
    path.write_text(case["text"].strip(), encoding="utf-8")

    assert canonical(quads_of_files([path])) == canonical(expected(case))


@every_case
@pytest.mark.parametrize("name", RDF_FORMATS)
def test_a_case_comes_out_as_it_went_in(case: dict[str, Any], name: str) -> None:
    """Quads in their graphs where the format has any, else as their merge."""
    statements = expected(case)
    wanted = statements if name in {"trig", "nquads"} else triples_of(statements)

    text = export(statements, Wanted(name))

    assert canonical(parse(text, RDF_FORMATS[name].engine)) == canonical(wanted)
