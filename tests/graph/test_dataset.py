"""RDF files as one dataset."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Store

from sparql_endpoint.graph.dataset import load_files
from sparql_endpoint.store.loading import load
from sparql_endpoint.store.opening import open_read_only


def _on_disk(files: list[Path]) -> Store:
    folder = files[0].parent / "store"
    load(files, folder)
    return open_read_only(folder / "current")


@pytest.mark.parametrize("loaded", [load_files, _on_disk])
def test_blank_nodes_of_two_files_are_two_nodes(
    tmp_path: Path, loaded: Callable[[list[Path]], Store]
) -> None:
    """Their labels are of one file (RDF 1.1 Semantics, section 4.1), within which they are kept."""
    files = [tmp_path / "1.nt", tmp_path / "2.nt"]
    for file in files:
        text = "_:a <http://e/in> <http://e/{}> .\n_:a <http://e/p> _:b .\n"
        file.write_text(text.format(file.stem), encoding="utf-8")
    quads = list(loaded(files))
    assert len(quads) == 4
    assert len({quad.subject for quad in quads}) == 2
    assert len({quad.object for quad in quads}) == 4


def test_labels_of_one_file_are_kept(tmp_path: Path) -> None:
    """So that an answer is the same after each start."""
    file = tmp_path / "1.nt"
    file.write_text("_:someone <http://e/p> <http://e/o> .", encoding="utf-8")
    (quad,) = load_files([file])
    assert quad.subject == BlankNode("someone")
