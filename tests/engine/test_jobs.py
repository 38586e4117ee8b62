"""Jobs as a child does them, here in the test's own process."""

import json
import socket
import threading
from dataclasses import replace
from typing import IO, Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from sparql_endpoint.engine.federation import Federation
from sparql_endpoint.engine.jobs import CallJob, Job, QueryJob, Workplace
from sparql_endpoint.engine.messages import raised
from sparql_endpoint.engine.output import Channel, Output
from sparql_endpoint.engine.wire import Frame, FrameReader
from sparql_endpoint.errors import (
    QueryError,
    QuerySyntaxError,
    RemoteError,
    ServiceRefusedError,
    UpdateAsQueryError,
)

SELECT = QueryJob("SELECT * { ?s ?p ?o }", "csv", "ntriples", 1000, 1 << 20, 1 << 20, 50)
CONSTRUCT = replace(SELECT, text="CONSTRUCT WHERE { ?s ?p ?o }")


@pytest.fixture(scope="module")
def store() -> Store:
    """Return a store of 100 triples."""
    made = Store()
    made.extend(
        Quad(NamedNode(f"x:{number}"), NamedNode("x:p"), Literal("some words " * 200))
        for number in range(100)
    )
    return made


def _do(job: Job, store: Store, prefixes: dict[str, str] | None = None) -> list[tuple[Frame, Any]]:
    """Return the frames that a job sends, JSON as it reads."""
    ours, theirs = socket.socketpair()
    frames: list[tuple[Frame, Any]] = []

    def listen() -> None:
        reader = FrameReader(theirs)
        while True:
            try:
                kind, payload = reader.read()
            except EOFError:
                return
            frames.append((kind, payload if kind is Frame.DATA else json.loads(payload)))

    thread = threading.Thread(target=listen)
    thread.start()
    with theirs:
        with ours:
            job.run(Workplace(store, Channel(ours, 1 << 40), prefixes or {}))
        thread.join()
    return frames


def _kinds(frames: list[tuple[Frame, Any]]) -> list[Frame]:
    return [kind for kind, _ in frames]


def test_small_answer_is_told_before_it_comes(store: Store) -> None:
    """META says how the answer ended, and its bytes follow."""
    (_, meta), (_, body) = _do(SELECT, store)
    assert meta == {
        "kind": "SELECT",
        "variables": ["s", "p", "o"],
        "format": "csv",
        "streamed": False,
        "complete": True,
        "rows": 100,
        "retires": False,
    }
    assert body.count(b"\r\n") == 101


@pytest.mark.parametrize("job", [SELECT, CONSTRUCT])
def test_long_answer_streams(store: Store, job: QueryJob) -> None:
    """Beyond the buffer come META, blocks, and at the end how it ended."""
    frames = _do(replace(job, buffer_bytes=70_000), store)
    kinds = _kinds(frames)
    assert kinds[0] is Frame.META
    assert set(kinds[1:-1]) == {Frame.DATA}
    assert frames[-1] == (Frame.END, {"complete": True, "rows": 100, "retires": False})


@pytest.mark.parametrize("job", [SELECT, CONSTRUCT])
def test_answer_with_too_many_bytes_is_refused_or_broken_off(store: Store, job: QueryJob) -> None:
    """Before its first byte it is an error, behind it an end that is not whole."""
    ((kind, told),) = _do(replace(job, max_bytes=100_000), store)
    assert (kind, told["code"]) == (Frame.ERROR, "bytes")
    frames = _do(replace(job, max_bytes=100_000, buffer_bytes=0), store)
    assert frames[-1][1]["complete"] is False


@pytest.mark.parametrize("job", [SELECT, CONSTRUCT])
def test_answer_with_too_many_rows_is_cut(store: Store, job: QueryJob) -> None:
    """Before its first byte it is cut to a document, behind it broken off."""
    (_, meta), _ = _do(replace(job, max_rows=3), store)
    assert (meta["complete"], meta["rows"]) == (False, 3)
    frames = _do(replace(job, max_rows=90, buffer_bytes=0), store)
    assert frames[-1] == (Frame.END, {"complete": False, "rows": 90, "retires": False})


def test_ask_answers_in_a_result_format(store: Store) -> None:
    """The truth is one row."""
    (_, meta), (_, body) = _do(replace(SELECT, text="ASK {}"), store)
    assert (meta["kind"], meta["rows"], body) == ("ASK", 1, b"true")


def test_kind_without_a_format_is_refused(store: Store) -> None:
    """The error names the kind."""
    ((_, told),) = _do(replace(CONSTRUCT, graph_format=None), store)
    assert (told["code"], told["message"]) == ("format", "GRAPH")


def test_prefixes_that_a_text_uses_need_no_declaration(store: Store) -> None:
    """They also shorten the graph that it gives."""
    job = replace(SELECT, text="CONSTRUCT { z:1 z:p 1 } WHERE {}", graph_format="turtle")
    (_, meta), (_, body) = _do(job, store, {"z": "x:", "unused": "y:"})
    assert meta["rows"] == 1
    assert b"@prefix z: <x:> ." in body
    assert Workplace(store, None, {"z": "x:", "y": "y:"}).prefixes_in("z:1") == {"z": "x:"}  # type: ignore[arg-type]  # no channel is needed


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { ?s ?p }", QuerySyntaxError),
        ("SELECT * { ?s ?p 'open }", QuerySyntaxError),
        ("CLEAR ALL", UpdateAsQueryError),
        ("SELECT * { SERVICE <x:s> {} }", ServiceRefusedError),
    ],
)
def test_refusal_is_told_as_an_error(store: Store, text: str, error: type[Exception]) -> None:
    """What a child refuses comes back as the error that it was."""
    ((kind, told),) = _do(replace(SELECT, text=text), store)
    assert kind is Frame.ERROR
    assert type(raised(told)) is error


def test_fault_of_the_engine_is_told(store: Store) -> None:
    """What the engine says while it runs is an error of the query."""
    job = replace(SELECT, default_graphs=("no iri",))
    ((_, told),) = _do(job, store)
    assert type(raised(told)) is QueryError


def test_service_that_cannot_be_reached_is_a_remote_error(store: Store) -> None:
    """A relay that does not answer is told as such, without its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        relay = f"http://127.0.0.1:{taken.getsockname()[1]}/pass"
        federation = Federation(("https://query.example/",), relay)
        text = "SELECT * { SERVICE <https://query.example/> { ?s ?p ?o } }"
        ((_, told),) = _do(replace(SELECT, text=text, federation=federation), store)
    assert type(raised(told)) is RemoteError
    assert "127.0.0.1" not in told["message"]


def test_syntax_error_beside_a_service_has_its_own_place(store: Store) -> None:
    """The place is the one in the text as it was written."""
    federation = Federation(("x:s",), "http://127.0.0.1:1/a-pass-that-is-long")
    text = "SELECT * { SERVICE <x:s> { ?s ?p ?o } ?s ?p }"
    ((_, told),) = _do(replace(SELECT, text=text, federation=federation), store)
    assert (told["line"], told["text"]) == (1, text)


def write_twice(store: Store, output: IO[bytes], size: int) -> None:
    """Write ``size`` bytes twice."""
    output.write(b"x" * size)
    output.write(b"x" * size)
    output.flush()


def test_call_gives_what_the_function_writes(store: Store) -> None:
    """The bytes of a trusted function are its answer, limited like any."""
    job = CallJob(write_twice, (10,), max_bytes=100_000, buffer_bytes=1000)
    (_, meta), (_, body) = _do(job, store)
    assert (meta["kind"], meta["complete"], body) == ("CALL", True, b"x" * 20)
    frames = _do(replace(job, arguments=(90_000,)), store)
    assert frames[-1][1]["complete"] is False


def test_child_that_held_much_memory_retires() -> None:
    """A process that once held more than it may keep says so with its answer."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = Channel(ours, -1)
        Output(channel, buffer_bytes=1, max_bytes=1, meta={}).finish(complete=True, rows=0)
        assert json.loads(FrameReader(theirs).read()[1])["retires"] is True
