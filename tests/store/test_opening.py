"""Opening a store on disk to read from it."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from sparql_endpoint.errors import DataError
from sparql_endpoint.store.generations import current
from sparql_endpoint.store.loading import load
from sparql_endpoint.store.opening import open_read_only

TRIPLE = "<http://e/s> <http://e/p> <http://e/o> .\n"


def test_a_store_is_open_to_many_readers_and_to_no_writer(tmp_path: Path) -> None:
    """Each worker has it open for itself, and a query cannot change it."""
    file = tmp_path / "one.nt"
    file.write_text(TRIPLE)
    load([file], tmp_path / "store")
    folder = current(tmp_path / "store")
    readers = [open_read_only(folder) for _ in range(3)]
    node = NamedNode("http://e/new")
    with pytest.raises(RuntimeError, match="read-write"):
        readers[0].add(Quad(node, node, node))
    assert [len(reader) for reader in readers] == [1, 1, 1]


def test_a_folder_that_holds_none_is_told(tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(DataError, match="cannot be opened as a store"):
        open_read_only(tmp_path / "nowhere")
