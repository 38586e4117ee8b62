"""``forumgraph serve`` as a process of its own, asked over a socket."""

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from sparql_endpoint.cli.serve import command
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.limits import Limits
from sparql_endpoint.settings import settings_of

SERVE = [sys.executable, "-m", "sparql_endpoint", "serve", "--port", "0"]


class Running:
    """A server that runs: its process, its port, and how long it took to say so."""

    def __init__(self, *arguments: str) -> None:
        began = time.monotonic()
        self.process = subprocess.Popen(
            [*SERVE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.greeting = self.process.stdout.readline() + self.process.stdout.readline()
        self.seconds = time.monotonic() - began
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.greeting)
        assert found, self.process.communicate(timeout=5)
        self.port = int(found[1])

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection to the server."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def ask(self, query: str) -> bytes:
        """Return the body of the answer to a query."""
        with closing(self.connect()) as connection:
            connection.request("GET", f"/sparql?query={quote(query)}")
            return connection.getresponse().read()

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Ask the server to stop, and return its exit code."""
        self.process.send_signal(sign)
        self.process.communicate(timeout=20)
        return self.process.returncode


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    """Return a server of the project's data."""
    running = Running()
    yield running
    running.stop()


def test_it_says_where_it_is_and_what_to_do(server: Running) -> None:
    """The address is one to click on, and the endpoint's is told as well."""
    assert f"http://127.0.0.1:{server.port}/sparql" in server.greeting
    assert "Ctrl+C" in server.greeting


def test_one_connection_serves_many_requests(server: Running) -> None:
    """The connection is kept alive, for GET and HEAD alike."""
    connection = server.connect()
    socket_of_first = None
    for method in ("GET", "HEAD", "GET", "HEAD"):
        connection.request(method, "/sparql?query=ASK%7B%7D")
        response = connection.getresponse()
        body = response.read()
        assert (response.status, bool(body)) == (200, method == "GET")
        assert int(response.headers["Content-Length"]) > 0
        socket_of_first = socket_of_first or connection.sock
        assert connection.sock is socket_of_first
    connection.close()


def test_the_questions_know_the_project(server: Running) -> None:
    """The prefixes of the project need no declaration."""
    assert b'"boolean":true' in server.ask("ASK { id:china-celac-forum a dfo:Forum }")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told_to(sign: signal.Signals, tmp_path: Path) -> None:
    """A signal to stop ends it without complaint, and it serves a file of one's own until then."""
    file = tmp_path / "own.ttl"
    file.write_text("<https://example.org/a> a <https://example.org/B> .", encoding="utf-8")
    running = Running("--data", str(file))
    assert b'"value":"1"' in running.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert running.stop(sign) == 0


def test_a_port_in_use_is_one_clear_line() -> None:
    """Exit code 2 and what to do, no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [*SERVE[:-1], str(port)], capture_output=True, text=True, check=False, timeout=20
        )
    assert ended.returncode == 2
    assert ended.stderr == (
        f"forumgraph: cannot listen on 127.0.0.1 port {port}:"
        " something else listens there; choose another with --port\n"
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--data", "missing.ttl"], "missing.ttl: no such file"),
        (["--data", "{broken}"], "broken.ttl:1:"),
        (["--host", "192.0.2.1"], "no such address"),
        (["--host", "no.such.host.invalid"], "cannot listen on"),
    ],
)
def test_what_cannot_be_served_is_one_clear_line(
    tmp_path: Path, arguments: list[str], reason: str
) -> None:
    """A wrong file or address ends it with exit code 2."""
    (tmp_path / "broken.ttl").write_text("<a> <b> .", encoding="utf-8")
    given = [argument.format(broken=tmp_path / "broken.ttl") for argument in arguments]
    ended = subprocess.run(
        [*SERVE, *given], capture_output=True, text=True, check=False, timeout=20
    )
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert reason in ended.stderr


def test_help_names_every_setting_with_its_variable() -> None:
    """Options, defaults, variables of the environment, and examples."""
    text = CliRunner().invoke(command, ["--help"], terminal_width=500).output
    told = " ".join(text.split())
    for entry in (*settings_of(Limits), *settings_of(Settings)):
        assert f" {entry.flag} " in told
        assert f"{entry.meaning.rstrip('.')}. [env var: {entry.variable}" in told
    assert "forumgraph serve --port 8080" in text


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--keep-alive-seconds", "-1"),
        ("--max-connections", "0"),
        ("--max-connections", "many"),
        ("--receive-seconds", "0"),
        ("--receive-seconds", "nan"),
        ("--send-seconds", "-0.5"),
    ],
)
def test_a_bound_on_connections_that_is_none_is_refused(flag: str, value: str) -> None:
    """By option or by variable: exit code 2, and the line names the setting and what it was."""
    name = flag.removeprefix("--").replace("-", "_")
    for told in (
        CliRunner().invoke(command, [flag, value]),
        CliRunner().invoke(command, [], env={f"FORUMGRAPH_{name.upper()}": value}),
    ):
        assert told.exit_code == 2
        assert f"{name}: " in told.stderr
        assert value in told.stderr


def test_a_setting_comes_by_option_or_else_by_variable() -> None:
    """As the help says: FORUMGRAPH_ and its name, and the option wins."""
    given = {"FORUMGRAPH_MAX_ROWS": "3", "FORUMGRAPH_MAX_NESTING": "5"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        running = Running("--max-nesting", "9")
    try:
        assert running.ask("SELECT ?s { ?s ?p ?o }").count(b'{"s"') == 3
        assert b'"boolean":' in running.ask("ASK { FILTER((((((1)))))) }")
        assert b"may nest 9" in running.ask("ASK { FILTER((((((((((1)))))))))) }")
    finally:
        running.stop()
