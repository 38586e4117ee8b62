"""What a store keeps by value is written as it stood in the files."""

from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Quad, RdfFormat, parse

from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.store.as_written import AsWritten, forms_file, stamp
from sparql_endpoint.store.generations import current
from sparql_endpoint.store.loading import load
from sparql_endpoint.store.opening import open_read_only

TRIG = """
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <http://e/> .
:s :p 7 , 007 , 1.50 , "5"^^xsd:int , [ :q 1.0 ; :r "24:00:00"^^xsd:time ] .
:g { :s :p 007 . [] :q +1 }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file whose numbers a store changes."""
    path = tmp_path / "data.trig"
    path.write_text(TRIG, encoding="utf-8")
    return path


def canonical(quads: list[Quad]) -> set[Quad]:
    """Return quads with labels of blank nodes that isomorphic datasets share."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def written() -> list[Quad]:
    """Return the statements of the file."""
    return list(parse(TRIG.encode(), RdfFormat.TRIG))


def test_a_store_on_disk_has_the_forms_beside_it(file: Path, tmp_path: Path) -> None:
    """Blank nodes, graphs and two forms of one value included."""
    load([file], tmp_path / "store")
    folder = current(tmp_path / "store")
    found = list(open_read_only(folder))

    exact = list(AsWritten(forms=forms_file(folder)).statements(found, named=True))

    assert canonical(found) != canonical(written())
    assert canonical(exact) == canonical(written())


@pytest.mark.parametrize("at_once", [1, 1000])
@pytest.mark.parametrize(
    "numbers", [("7", "007"), ("007", "7"), ("07", "007"), ("7", "07", "007"), ("007", "07", "7")]
)
def test_two_forms_of_one_value_are_both_there_however_far_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: tuple[str, ...], at_once: int
) -> None:
    """RDF 1.1 Concepts, section 3.3: literals with other lexical forms are other literals."""
    monkeypatch.setattr("sparql_endpoint.store.as_written._AT_ONCE", at_once)
    far = "".join(f":s{n} :p {n}, 0{n} . " for n in range(10, 20))
    text = far.join(f":s :p {number} . :g {{ :s :q {number} }} " for number in numbers)
    path = tmp_path / "data.trig"
    path.write_text(f"@prefix : <http://e/> . {text}", encoding="utf-8")
    expected = set(parse(path=path, format=RdfFormat.TRIG))

    load([path], tmp_path / "store")
    folder = current(tmp_path / "store")
    exact = AsWritten(forms=forms_file(folder)).statements(open_read_only(folder), named=True)

    assert set(exact) == expected
    assert [file.name for file in folder.iterdir() if file.suffix == ".digests"] == []


def test_a_store_without_the_forms_is_given_as_it_is(file: Path, tmp_path: Path) -> None:
    """One that an earlier version loaded has none."""
    load([file], tmp_path / "store")
    folder = current(tmp_path / "store")
    forms_file(folder).unlink()
    found = list(open_read_only(folder))

    assert list(AsWritten(forms=forms_file(folder)).statements(found, named=True)) == found


@pytest.mark.parametrize("union", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_files_are_read_again(file: Path, *, union: bool, named: bool) -> None:
    """With the merge as default graph where that is served, and without graphs where none go."""
    exact = AsWritten((file,), (stamp(file),), union=union)
    every = written()
    inside = [quad for quad in every if quad.graph_name != DefaultGraph()]
    expected = [quad for quad in every if named or quad not in inside]
    if union:
        expected += [Quad(*quad.triple) for quad in inside]

    assert canonical(list(exact.statements([], named=named))) == canonical(expected)


def test_files_that_changed_since_they_were_loaded_are_left_alone(file: Path) -> None:
    """What is served is what was loaded."""
    exact = AsWritten((file,), (stamp(file),))
    found = list(load_files([file]))
    file.write_text("<http://e/another> <http://e/p> 1 .", encoding="utf-8")

    assert list(exact.statements(found, named=True)) == found
    file.unlink()
    assert list(exact.statements(found, named=True)) == found
