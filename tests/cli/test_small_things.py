"""Small things that a first user of the command line meets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

Forumgraph = Callable[..., Any]


def test_an_ending_of_no_format_is_refused(forumgraph: Forumgraph, tmp_path: Path) -> None:
    """Nothing is written into a file whose name promises something else."""
    done = forumgraph("export", "-o", tmp_path / "x.docx")
    assert done.code == 2
    assert "no format ends in '.docx'; use one of" in done.err
    assert not (tmp_path / "x.docx").exists()


def test_a_yes_or_no_ends_its_line(forumgraph: Forumgraph) -> None:
    """Into a pipe as on a terminal."""
    assert forumgraph("query", "ASK { ?s ?p ?o }").out == "true\n"


def test_the_address_of_an_endpoint_is_answered_with_that_of_its_service(
    forumgraph: Forumgraph,
) -> None:
    """Doctor names the address to give, and asks nobody."""
    done = forumgraph("doctor", "http://127.0.0.1:9/graph/sparql")
    assert done.code == 2
    assert "give the service's own address, http://127.0.0.1:9/graph/" in done.err


def test_no_colour_is_shown_to_who_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """https://no-color.org: every command inherits it."""
    from sparql_endpoint.cli import cli  # noqa: PLC0415  # the group, for a command of its own

    seen: list[bool | None] = []
    monkeypatch.setenv("NO_COLOR", "1")
    probe = click.Command("stats", callback=lambda: seen.append(click.get_current_context().color))
    monkeypatch.setattr(type(cli), "get_command", lambda *_: probe)
    cli(["stats"], standalone_mode=False)
    assert seen == [False]
