"""``forumgraph link`` as a user calls it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, serialize
from wikidata_standin import Answer, WikidataStandIn

from sparql_endpoint.cli.link import command
from sparql_endpoint.errors import NotFoundError, UsageError
from sparql_endpoint.graph.dataset import load_files

_GRAPH = Path(__file__).parents[1] / "link" / "graph.ttl"
_FILES = [_GRAPH, _GRAPH.with_name("alignments.ttl")]
_DATA = ("--data", _GRAPH, "--data", _GRAPH.with_name("alignments.ttl"))


def _run(*arguments: str | Path, **environment: str) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(command, words, env=environment, catch_exceptions=False)


def test_every_command_explains_itself_with_an_example() -> None:
    """The help of the group and of each command ends in lines to copy."""
    assert isinstance(command.help, str)
    for name in ("propose", "accept", "check", "export"):
        told = _run(name, "--help")
        assert told.exit_code == 0
        assert f"forumgraph link {name}" in told.output


def test_propose_prints_candidates_with_reasons(
    wikidata_standin: WikidataStandIn, tmp_path: Path
) -> None:
    """One line a candidate: entity, item, label, how sure, why; into a pipe as columns."""
    environment = wikidata_standin.environment(tmp_path)
    told = _run("propose", "dominica", *_DATA, **environment)
    head, best, *_ = told.stdout.splitlines()
    assert head.split("\t") == ["entity", "item", "label", "sure", "why"]
    assert best.split("\t")[:4] == ["dominica", "Q784", "Dominica", "1.00"]
    assert "ISO 3166-1 alpha-3 code DMA agrees" in best
    assert "1 candidate for 1 of 1 entity" in told.stderr


def test_propose_draws_a_table_on_a_terminal(
    wikidata_standin: WikidataStandIn, tmp_path: Path
) -> None:
    """For people the columns stand in a frame."""
    environment = wikidata_standin.environment(tmp_path) | {"FORCE_COLOR": "1", "COLUMNS": "160"}
    told = _run("propose", "dominica", *_DATA, **environment).stdout
    assert "┃" in told
    assert "Q784" in told


def test_propose_tells_of_waits(wikidata_standin: WikidataStandIn, tmp_path: Path) -> None:
    """Somebody who waits for Wikidata is told so on standard error."""
    wikidata_standin.faults = [Answer("", 429, headers={"Retry-After": "0"})]
    told = _run("propose", "santiago", *_DATA, **wikidata_standin.environment(tmp_path))
    assert "Wikidata: it answered 429 Too Many Requests; again in 0 s" in told.stderr
    assert "santiago\tQ2887" in told.stdout


def test_propose_writes_rows_once(wikidata_standin: WikidataStandIn, tmp_path: Path) -> None:
    """A second run adds no row that is there, and keeps what a reviewer wrote."""
    environment = wikidata_standin.environment(tmp_path)
    file = tmp_path / "c.sssom.tsv"
    entities = ("dominica", "santiago")
    asked = ("propose", *entities, *_DATA, "--write", "--to", file, "--author", "A")
    assert "2 new rows" in _run(*asked, **environment).stderr
    reviewed = file.read_text("utf-8").replace("\tA\t\t", "\tA\tB. Reviewer\t", 1)
    file.write_text(reviewed, encoding="utf-8")
    assert "0 new rows" in _run(*asked, **environment).stderr
    assert file.read_text("utf-8") == reviewed


def test_propose_writes_only_with_an_author(tmp_path: Path) -> None:
    """A row names who proposes, so writing without a name is refused before any request."""
    with pytest.raises(UsageError, match="--write needs --author"):
        _run("propose", "--write", "--to", tmp_path / "c.tsv", FORUMGRAPH_AUTHOR="")


def test_propose_refuses_an_unknown_entity() -> None:
    """A misspelt entity is told."""
    with pytest.raises(NotFoundError, match="atlantis"):
        _run("propose", "atlantis", *_DATA)


def test_reviewed_candidates_become_links(
    wikidata_standin: WikidataStandIn, tmp_path: Path
) -> None:
    """Propose, review in the file, accept: the link is in the Turtle with its reason."""
    file, links = tmp_path / "c.sssom.tsv", tmp_path / "wikidata.ttl"
    prefixes = [line for line in _GRAPH.read_text("utf-8").splitlines() if line.startswith("@")]
    links.write_text("\n".join(prefixes) + "\n", encoding="utf-8")
    environment = wikidata_standin.environment(tmp_path) | {"FORUMGRAPH_AUTHOR": "A"}
    entities = ("dominica", "santiago")
    _run("propose", *entities, *_DATA, "--write", "--to", file, **environment)
    file.write_text(
        file.read_text("utf-8").replace("\tA\t\t", "\tA\tB. Reviewer\t", 1), encoding="utf-8"
    )
    told = _run("accept", file, "--links", links)
    assert "1 link added" in told.stdout
    assert "1 not reviewed, 0 rejected, 0 known already" in told.stdout
    text = links.read_text("utf-8")
    assert "id:dominica\n    owl:sameAs wd:Q784 ." in text
    assert 'sssom:confidence "1"^^xsd:double ;' in text
    assert "Reviewed by B. Reviewer." in text
    again = _run("accept", file, "--links", links)
    assert "0 links added" in again.stdout
    assert links.read_text("utf-8") == text


def test_export_prints_commands_and_tells_what_is_left_out() -> None:
    """Commands go to standard output, the account of the rest to standard error."""
    told = _run("export", "--quickstatements", *_DATA)
    assert told.stdout.count("\n") == 9
    assert "Q298\tP463\tQ1045401\tS854\t" in told.stdout
    assert "9 commands" in told.stderr
    assert "1 asserted statement left out: no source of it has a page to cite" in told.stderr


def test_export_since_a_release_writes_what_is_new(tmp_path: Path) -> None:
    """A dump of an earlier release, in any RDF format, marks what was said before."""
    earlier = tmp_path / "release.nq"
    kept = (q for q in load_files(_FILES) if "claim/text-04" not in str(q.subject))
    serialize(kept, output=earlier, format=RdfFormat.N_QUADS)
    output = tmp_path / "batch.txt"
    told = _run("export", "--quickstatements", *_DATA, "--since", earlier, "-o", output)
    assert told.stdout == ""
    assert output.read_text("utf-8").startswith("Q100000001\tP585\t+2018-01-00T00:00:00Z/10\t")
    assert "1 command" in told.stderr


def test_export_needs_a_format() -> None:
    """There is one format so far, and it has to be named."""
    with pytest.raises(UsageError, match="--quickstatements"):
        _run("export")


def test_check_offline_asks_nobody() -> None:
    """The project's links conform; the report says what was not checked."""
    told = _run("check", "--offline")
    assert told.exit_code == 0
    assert "not checked: Wikidata not asked" in told.stdout
    assert "conforms: " in told.stdout


def test_check_reports_drift_as_check_does(
    wikidata_standin: WikidataStandIn, tmp_path: Path
) -> None:
    """Findings come in the formats of ``check``, with exit code 1."""
    environment = wikidata_standin.environment(tmp_path)
    told = _run("check", _GRAPH, "--format", "json", **environment)
    assert told.exit_code == 1
    findings = json.loads(told.stdout)["findings"]
    assert {finding["rule"] for finding in findings} == {"gone", "reason", "linked-states"}
    assert {finding["check"] for finding in findings} == {"links"}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Commands for Wikidata go to a file whole, or not at all and with one clear line."""
    with pytest.raises(UsageError, match="cannot write here"):
        _run("export", "--quickstatements", *_DATA, "-o", tmp_path / "no" / "batch.txt")
