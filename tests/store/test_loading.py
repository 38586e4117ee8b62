"""Loading into a store on disk, all or nothing."""

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from backports import zstd
from pyoxigraph import NamedNode, Quad, Store

from sparql_endpoint.errors import DataError, NotFoundError, RdfSyntaxError, UsageError
from sparql_endpoint.store.generations import current, new_generation
from sparql_endpoint.store.loading import load

ONE = b"<http://e/s> <http://e/p> <http://e/1> .\n"
TWO = b"<http://e/s> <http://e/p> <http://e/2> .\n"
ENTITIES = b'<!DOCTYPE r [<!ENTITY a "%s"><!ENTITY b "%s"><!ENTITY c "%s">]><r>&c;</r>' % (
    b"x" * 1000,
    b"&a;" * 200,
    b"&b;" * 200,
)


def objects(store: Path) -> set[str]:
    """Return the objects of all statements of the current generation."""
    opened = Store.read_only(str(current(store)))
    return {str(quad.object) for quad in opened}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Make a store that holds one statement."""
    path = tmp_path / "store"
    file = tmp_path / "one.nt"
    file.write_bytes(ONE)
    load([file], path)
    return path


def test_a_loaded_file_can_be_read_back(store: Path) -> None:
    """What a file states stands in the store."""
    assert objects(store) == {"<http://e/1>"}


def test_a_load_replaces_what_the_store_held(store: Path, tmp_path: Path) -> None:
    """The files of one load are the whole content."""
    file = tmp_path / "two.nt"
    file.write_bytes(TWO)
    assert load([file], store).statements == 1
    assert objects(store) == {"<http://e/2>"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("two.nt.gz", gzip.compress(TWO, mtime=0)),
        ("two.ttl.zst", zstd.compress(TWO)),
        ("two.ttl", TWO),
    ],
)
def test_files_are_read_by_the_ending_of_their_names(
    store: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    """Compressed files count with the format named before .gz or .zst."""
    file = tmp_path / name
    file.write_bytes(content)
    load([file], store)
    assert objects(store) == {"<http://e/2>"}


def test_quads_keep_their_graphs(tmp_path: Path) -> None:
    """A file of quads loads into the graphs it names, and nothing into the default graph."""
    file = tmp_path / "quads.nq"
    file.write_bytes(b"<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n")
    load([file], tmp_path / "store")
    opened = Store.read_only(str(current(tmp_path / "store")))
    s, p, o, g = (NamedNode(f"http://e/{name}") for name in "spog")
    assert list(opened) == [Quad(s, p, o, g)]


def test_a_file_that_breaks_off_leaves_the_store_as_it_was(store: Path, tmp_path: Path) -> None:
    """A syntax error late in the second file loses nothing, and names file and line."""
    good, bad = tmp_path / "good.nt", tmp_path / "bad.nt"
    good.write_bytes(TWO)
    bad.write_bytes(TWO * 3 + b"<http://e/s> <http://e/p> oops .\n")
    with pytest.raises(RdfSyntaxError, match=r"bad\.nt:4"):
        load([good, bad], store)
    assert objects(store) == {"<http://e/1>"}
    assert sorted(entry.name for entry in store.iterdir()) == ["1", "current", "lock"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("data.xyz", ONE, "no RDF format has names that end in '.xyz'"),
        ("data.nt.gz", ONE, "not compressed as its name says"),
        ("cut.nt.gz", gzip.compress(ONE * 1000)[:-20], "not compressed as its name says"),
        ("data.nt.zst", ONE, "not compressed as its name says"),
        ("empty.nt.gz", b"", "not compressed as its name says: it is empty"),
        ("long.nt", b'<a:s> <a:p> "%s" .' % (b"x" * (17 << 20)), "longer than 16 MiB"),
        ("entities.rdf", ENTITIES, "stand for more than 100 times the text"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    store: Path, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    """The error is one line that names the file and what is wrong with it."""
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataError, match=message):
        load([file], store)
    assert objects(store) == {"<http://e/1>"}


def test_a_missing_file_is_told(store: Path, tmp_path: Path) -> None:
    """Nothing is loaded when one of the files is not there."""
    with pytest.raises(NotFoundError, match=r"absent\.nt: no such file"):
        load([tmp_path / "absent.nt"], store)


def test_a_folder_without_a_store_says_how_to_make_one(tmp_path: Path) -> None:
    """The error names the command."""
    with pytest.raises(NotFoundError, match="forumgraph load FILE --store"):
        current(tmp_path)


def test_a_store_that_oxigraph_made_is_read_but_not_replaced(tmp_path: Path) -> None:
    """Such a folder can be served, and is refused as a place to load into."""
    Store(str(tmp_path / "theirs")).flush()
    assert current(tmp_path / "theirs") == tmp_path / "theirs"
    with (
        pytest.raises(UsageError, match="a store of Oxigraph's own"),
        new_generation(tmp_path / "theirs"),
    ):
        pass


def test_two_loads_at_a_time_are_refused(store: Path) -> None:
    """The second is told to wait."""
    with (
        new_generation(store),
        pytest.raises(UsageError, match="another load is under way"),
        new_generation(store),
    ):
        pass


def test_the_generation_before_the_current_stays_for_those_who_read_it(
    store: Path, tmp_path: Path
) -> None:
    """A server on the old generation goes on reading; only older ones are removed."""
    reader = Store.read_only(str(current(store)))
    file = tmp_path / "two.nt"
    file.write_bytes(TWO)
    load([file], store)
    assert len(reader) == 1
    load([file], store)
    assert sorted(entry.name for entry in store.iterdir()) == ["2", "3", "current", "lock"]


def test_progress_counts_bytes_and_statements_to_the_end(tmp_path: Path) -> None:
    """Told every ten thousand statements, and at the end of each file."""
    file = tmp_path / "many.nt"
    file.write_text("".join(f'<http://e/s> <http://e/p> "{n}" .\n' for n in range(25_000)))
    told: list[tuple[int, int]] = []
    load([file], tmp_path / "store", progress=lambda done, count: told.append((done, count)))
    assert [count for _, count in told] == [10_000, 20_000, 25_000]
    assert told[-1][0] == file.stat().st_size
    assert sorted(done for done, _ in told) == [done for done, _ in told]


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_load_that_is_stopped_leaves_the_store_as_it_was(
    store: Path, tmp_path: Path, signal_number: signal.Signals
) -> None:
    """Interrupted, ended or killed: the old content is served, and the next load works."""
    pipe = tmp_path / "endless.nt"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "sparql_endpoint", "load", str(pipe), "--store", str(store)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    with pipe.open("wb") as writer:
        writer.write(TWO)
        writer.flush()
        while not list(store.glob("building-*")):
            time.sleep(0.01)
        process.send_signal(signal_number)
    assert process.wait(20) != 0
    assert objects(store) == {"<http://e/1>"}
    file = tmp_path / "two.nt"
    file.write_bytes(TWO)
    load([file], store)
    assert objects(store) == {"<http://e/2>"}


BROKEN = (
    ONE
    + b"<http://e/a b> <http://e/p> <http://e/2> .\n"
    + b'<http://e/s> <http://e/p> "x"@en_US .\n'
    + b"<http://e/s> <http://e/p> <http://e/3> .\n"
)


def test_lines_that_do_not_parse_are_left_out_on_request(store: Path, tmp_path: Path) -> None:
    """They are counted, and the first is named; the lines around them are all there."""
    file = tmp_path / "data.nt"
    file.write_bytes(BROKEN)
    loaded = load([file], store, skip_errors=True)
    assert (loaded.statements, loaded.skipped) == (2, 2)
    assert loaded.first_skipped == f"{file}:2: Invalid IRI code point ' '"
    assert objects(store) == {"<http://e/1>", "<http://e/3>"}


def test_errors_of_other_formats_are_not_skipped(store: Path, tmp_path: Path) -> None:
    """A prefix that is not read would change the rest."""
    file = tmp_path / "data.ttl"
    file.write_bytes(BROKEN)
    with pytest.raises(UsageError, match="N-Triples and N-Quads only"):
        load([file], store, skip_errors=True)
    assert objects(store) == {"<http://e/1>"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            b"<http://e/a b> <http://e/p> 1 .",
            r":1:1: Invalid IRI code point ' ', at '<http://e/a b>",
        ),
        (b'<http://e/s> <http://e/p> "x"@en_US .', r":1:33: .*, at '_US \.'"),
    ],
)
def test_a_syntax_error_shows_the_text(tmp_path: Path, line: bytes, message: str) -> None:
    """In a large file a place alone is hard to find."""
    file = tmp_path / "data.nt"
    file.write_bytes(line)
    with pytest.raises(RdfSyntaxError, match=message):
        load([file], tmp_path / "new")


def test_the_default_graph_can_have_what_named_graphs_have(tmp_path: Path) -> None:
    """A statement of a named graph stands in both then, one of the default graph once."""
    file = tmp_path / "two.nq"
    file.write_bytes(ONE + TWO.replace(b" .", b" <http://e/g> ."))
    assert load([file], tmp_path / "plain").statements == 2
    assert load([file], tmp_path / "union", union=True).statements == 3
    opened = Store.read_only(str(current(tmp_path / "union")))
    found = {(str(quad.object), str(quad.graph_name)) for quad in opened}
    assert found == {
        ("<http://e/1>", "DEFAULT"),
        ("<http://e/2>", "DEFAULT"),
        ("<http://e/2>", "<http://e/g>"),
    }
