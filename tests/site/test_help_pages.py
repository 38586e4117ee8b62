"""The commands that help pages show."""

import re
import shlex
from html import unescape
from importlib import import_module
from pathlib import Path

import click
import pytest
from flask.testing import FlaskClient

import sparql_endpoint
from sparql_endpoint.endpoint.settings import Settings
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


@pytest.mark.parametrize("setting", [*settings_of(Limits), *settings_of(Settings)])
def test_help_shows_every_setting(client: FlaskClient, setting: Setting) -> None:
    """An operator finds its option, its variable, its default and its meaning."""
    page = unescape(client.get("/help/settings").text)
    for text in (setting.flag, setting.variable, setting.shown_default, setting.meaning):
        assert text in page
