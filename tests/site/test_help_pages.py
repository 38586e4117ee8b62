"""The commands that help pages show."""

import re
import shlex
import subprocess
import sys
from html import unescape
from importlib import import_module
from pathlib import Path

import click
import pytest
from flask.testing import FlaskClient

import sparql_endpoint
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.export.table_definitions import table_definitions
from sparql_endpoint.limits import Limits
from sparql_endpoint.settings import Setting, settings_of

HELP = Path(sparql_endpoint.__file__).parent / "site" / "templates" / "site" / "help"
_SHOWN = re.compile(r"""code\((['"])forumgraph (.+?)\1\) }}""")
COMMANDS = sorted(
    found[2]
    for page in HELP.glob("*.html")
    for found in _SHOWN.finditer(page.read_text(encoding="utf-8"))
)


def test_help_shows_commands() -> None:
    """At least how to mark a quotation and how to check."""
    assert {text.split()[0] for text in COMMANDS} >= {"quote", "check"}


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_of_a_help_page_is_one_that_there_is(text: str) -> None:
    """Its options are known, and it has as many arguments as the command takes."""
    name, *words = shlex.split(text)
    command = import_module(f"sparql_endpoint.cli.{name}").command
    options = {flag: param for param in command.params for flag in param.opts}
    given = []
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            given.append(word)
            continue
        option = options[word]
        assert isinstance(option, click.Option)
        if not option.is_flag:
            words.pop(0)
    taken = [param for param in command.params if isinstance(param, click.Argument)]
    assert sum(param.required for param in taken) <= len(given)
    assert len(given) <= len(taken) or any(param.nargs == -1 for param in taken)


def program(client: FlaskClient, topic: str) -> str:
    """Return the Python that a help page shows, block after block."""
    page = client.get(f"/help/{topic}").text
    blocks = re.findall(r'<pre [^>]*data-language="python">(.*?)</pre>', page, re.DOTALL)
    return "\n".join(unescape(block) for block in blocks)


def test_the_python_of_the_page_on_tables_runs(client: FlaskClient, tmp_path: Path) -> None:
    """It reads the files that the server has, and prints what an analyst looks for first."""
    tables = f"{tmp_path}/"
    text = program(client, "tables")
    assert "http://localhost/tables/" in text
    for name in ("claims.csv", "meetings.csv"):
        (tmp_path / name).write_bytes(client.get(f"/tables/{name}", buffered=True).data)
    text = text.replace("http://localhost/tables/", tables)
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert re.search(r"^attributed +[1-9][0-9]*$", ran.stdout, re.MULTILINE)
    assert re.search(r"^[1-9][0-9]* sources$", ran.stdout, re.MULTILINE)
    assert re.search(
        r"meeting_label +ordinal +held_on\n.* 1 +[12][0-9]{3}-[0-9]{2}-[0-9]{2}", ran.stdout
    )


def test_the_program_of_the_page_on_python_runs(client: FlaskClient) -> None:
    """It asks, walks claims and mounts the application, which answers."""
    text = program(client, "python")
    text += "\nprint(app.test_client().get('/graph/page/chile').status_code)"
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0] == "First Ministerial Meeting of the China-CELAC Forum 2015-01-08"
    assert "2018-01-21" in lines
    assert lines[-1] == "200"


def test_the_page_on_tables_leads_to_each(client: FlaskClient) -> None:
    """Every link to a file of ours is one that the server answers."""
    page = client.get("/help/tables").text
    links = re.findall(r'href="\.\./((?:tables|dump)/[^"]+)"', page)
    assert len(links) == len(table_definitions()) + 3
    for link in links:
        response = client.get(f"/{link}", follow_redirects=True, buffered=True)
        assert response.status_code == 200, link
        response.close()


@pytest.mark.parametrize("setting", [*settings_of(Limits), *settings_of(Settings)])
def test_help_shows_every_setting(client: FlaskClient, setting: Setting) -> None:
    """An operator finds its option, its variable, its default and its meaning."""
    page = unescape(client.get("/help/settings").text)
    for text in (setting.flag, setting.variable, setting.shown_default, setting.meaning):
        assert text in page
