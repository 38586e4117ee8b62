"""``forumgraph load`` as a person types it."""

from pathlib import Path

from click.testing import CliRunner

from sparql_endpoint.cli.load import command


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
