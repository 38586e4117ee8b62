"""``forumgraph load`` as a person types it."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner
from pyoxigraph import Store
from serving import serving

from sparql_endpoint.cli.load import command
from sparql_endpoint.store.generations import current

Forumgraph = Callable[..., Any]
TRIPLE = "<http://e/s> <http://e/p> <http://e/o> .\n"


def test_load_says_what_the_store_now_holds(tmp_path: Path) -> None:
    """The last line gives statements, place, seconds and rate."""
    file = tmp_path / "data.txt"
    file.write_text("<http://e/s> <http://e/p> <http://e/o> .\n")
    arguments = [str(file), "--format", "ntriples", "--store", str(tmp_path / "store")]
    told = CliRunner().invoke(command, arguments)
    assert (told.exit_code, told.stdout.startswith(f"1 statements in {tmp_path}/store after")) == (
        0,
        True,
    )


def test_load_help_has_examples() -> None:
    """A newcomer sees how it is called."""
    assert (
        "forumgraph load dump.nq.gz --store ./big" in CliRunner().invoke(command, ["--help"]).output
    )


def test_progress_shows_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits sees bytes of all bytes, the rate of statements, and the time that is left."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    file = tmp_path / "data.nt"
    file.write_text("".join(f'<http://e/{n}> <http://e/p> "{n}" .\n' for n in range(20_000)))
    told = CliRunner().invoke(command, [str(file), "--store", str(tmp_path / "store")])
    kilobytes = f"{file.stat().st_size / 1000:.1f}"
    assert f"{kilobytes}/{kilobytes} kB" in told.stderr
    for shown in ("loading", "statements/s", "0:00:00"):
        assert shown in told.stderr
    assert "loading" not in told.stdout


def test_off_a_terminal_there_is_no_progress(tmp_path: Path) -> None:
    """A log is not filled with bars."""
    file = tmp_path / "data.nt"
    file.write_text(TRIPLE)
    told = CliRunner().invoke(command, [str(file), "--store", str(tmp_path / "store")])
    assert (told.exit_code, told.stderr) == (0, "")


class _GraphStore(BaseHTTPRequestHandler):
    """A graph store that notes what it is sent, and wants to know who sends it."""

    sent: ClassVar[list[tuple[str, str]]] = []

    def do_PUT(self) -> None:
        """Take a graph of who has the right token."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        known = self.headers["Authorization"] == "Bearer secret"
        if known:
            self.sent.append((self.path, body.decode()))
        self.send_response(204 if known else 401)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def graph_store() -> Iterator[str]:
    """Return the address of a graph store."""
    _GraphStore.sent.clear()
    server = HTTPServer(("127.0.0.1", 0), _GraphStore)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}/store"


def test_another_server_is_loaded_by_its_graph_store(
    forumgraph: Forumgraph, tmp_path: Path, graph_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A URL stands for it; credentials come from the environment, and no option takes any."""
    file = tmp_path / "data.nt"
    file.write_text(TRIPLE)
    refused = forumgraph("load", file, "--store", graph_store)
    assert (refused.code, "401" in refused.err, _GraphStore.sent) == (2, True, [])
    monkeypatch.setenv("FORUMGRAPH_STORE_TOKEN", "secret")
    told = forumgraph("load", file, "--store", graph_store)
    assert (told.code, _GraphStore.sent) == (0, [("/store?default=", TRIPLE)])
    names = {name for param in command.params for name in param.opts}
    assert not {name for name in names if "token" in name or "pass" in name or "user" in name}


def test_a_load_that_fails_says_so_and_leaves_the_store(
    forumgraph: Forumgraph, tmp_path: Path
) -> None:
    """Exit code 2 and the place of the fault; the old content is there."""
    good, bad, store = tmp_path / "good.nt", tmp_path / "bad.nt", tmp_path / "store"
    good.write_text(TRIPLE)
    bad.write_text(f"{TRIPLE}nonsense\n")
    assert forumgraph("load", good, "--store", store).code == 0
    failed = forumgraph("load", bad, "--store", store)
    assert (failed.code, failed.err.startswith(f"forumgraph: {bad}:2:")) == (2, True)
    assert len(Store.read_only(str(current(store)))) == 1


def test_what_the_store_keeps_by_value_is_told(tmp_path: Path) -> None:
    """How many, with an example, on standard error."""
    file = tmp_path / "data.ttl"
    file.write_text("<http://e/s> <http://e/p> 007 , 1.50 , 2 .")
    told = CliRunner().invoke(command, [str(file), "--store", str(tmp_path / "store")])
    assert told.exit_code == 0
    assert "2 literals are stored by value" in told.stderr
    assert '"007"^^xsd:integer becomes "7"^^xsd:integer' in told.stderr


def test_lines_left_out_are_told(tmp_path: Path) -> None:
    """How many, and which was the first."""
    file = tmp_path / "data.nt"
    file.write_text(f"{TRIPLE}<http://e/a b> <http://e/p> <http://e/o> .\n")
    arguments = [str(file), "--skip-errors", "--store", str(tmp_path / "store")]
    told = CliRunner().invoke(command, arguments)
    assert told.exit_code == 0
    assert f"1 line was left out, the first {file}:2: Invalid IRI" in told.stderr
