"""The ``forumgraph`` command: parse, call, print, exit 0 (fine), 1 (findings) or 2 (failure)."""

import errno
import os
import sys
import traceback
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import click

from sparql_endpoint import __version__
from sparql_endpoint.errors import ForumGraphError

__all__ = ["main"]

_INTERRUPTED = 130
_NO_READER = 141
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_EXTRAS = {"hishel": "link", "mcp": "mcp", "stamina": "link", "yaml": "link"}
"""Modules that only one command needs, and the extras by which they are installed."""
_COMMANDS: tuple[str, ...] = (
    "check",
    "claim",
    "diff",
    "doctor",
    "edit",
    "export",
    "init",
    "link",
    "load",
    "mcp",
    "query",
    "quote",
    "serve",
    "source",
    "stats",
    "trust",
)


_FILE = "forumgraph.toml"


class _Commands(click.Group):
    """Commands by name, each imported only when asked for, so that ``--help`` is quick."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take ``--project`` wherever it stands, since it decides what a command imports."""
        end = args.index("--") if "--" in args else len(args)
        for index, word in enumerate(args[:end]):
            width = 2 if word == "--project" else 1
            if word == "--project" or word.startswith("--project="):
                taken = args[index : index + width]
                args = [*taken, *args[:index], *args[index + width :]]
                break
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"{__name__}.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101  # a fault of ours, not of the user
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        near = get_close_matches(args[0], _COMMANDS, n=1)
        if args[0] not in _COMMANDS and near:
            ctx.fail(f"No such command '{args[0]}'. Did you mean '{near[0]}'?")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Examples:\n\n  forumgraph serve\n\n  forumgraph query meetings"
    "\n\n  forumgraph check --sources ../texts",
)
@click.option(
    "--project",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=lambda _context, _option, value: _choose_project(value),
    help=f"Folder of the project to work in, with its {_FILE}; any command takes it. Without it,"
    " the project is the one that the current folder is in, or the one that came with the package.",
)
@click.version_option(__version__, prog_name="forumgraph")
@click.pass_context
def cli(context: click.Context) -> None:
    """Linked data on the diplomacy of forums: check it, ask it, export it, serve it."""
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False


def _choose_project(chosen: Path | None) -> None:
    """Let the paths of the project be those of a folder chosen, or of the one around this."""
    here = Path.cwd()
    around = next((top for top in (here, *here.parents) if (top / _FILE).is_file()), None)
    if chosen:
        os.environ["FORUMGRAPH_PROJECT"] = str(chosen.absolute())
    elif around:
        os.environ.setdefault("FORUMGRAPH_PROJECT", str(around))


def main() -> None:
    """Run the command line; an error of ours is one line on standard error and its exit code.

    A fault that nobody foresaw is told with its traceback, and its exit code is 2: 1 means that a
    check found something. An interrupt is 130, as in a shell, and so is 141 where nobody reads the
    output to its end. What the encoding of the terminal lacks is written as an escape.
    """
    _prepare_output()
    output = sys.stdout
    try:
        cli(standalone_mode=False)
        sys.stdout.flush()
    except SystemExit as end:  # click and rich exit with 1 when the reader is gone
        if sys.stdout is not output or isinstance(end.__context__, BrokenPipeError):
            _leave_output(_NO_READER)
        raise
    except ForumGraphError as error:
        click.echo(f"forumgraph: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Aborted!", err=True)
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        _leave_output(_NO_READER)
    except Exception as fault:  # noqa: BLE001  # Python's own exit code for it would be 1
        if isinstance(fault, OSError) and fault.errno in _NO_ROOM:
            click.echo(f"forumgraph: cannot write all of it: {fault.strerror}", err=True)
            _leave_output(2)
        if isinstance(fault, ModuleNotFoundError) and (extra := _EXTRAS.get(fault.name or "")):
            needed = f"pip install 'forumgraph[{extra}]'"
            click.echo(f"forumgraph: {fault.name} is not installed: {needed}", err=True)
            sys.exit(2)
        traceback.print_exc()
        reason = f"{type(fault).__name__}: {fault}".removesuffix(": ")
        click.echo(f"forumgraph: a fault of ours, please report it: {reason}", err=True)
        sys.exit(2)
    sys.exit(0)


def _prepare_output() -> None:
    """Let standard output hold any character; where it is closed, nothing else takes its number."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    elif isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _leave_output(code: int) -> NoReturn:
    """Exit without another try at what is left to write."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
