"""How a command that checks tells what it found: a report in a format, and an exit code."""

import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NoReturn

import click

from sparql_endpoint.check.as_json import as_json
from sparql_endpoint.check.as_junit import as_junit
from sparql_endpoint.check.as_sarif import as_sarif
from sparql_endpoint.check.as_text import as_text
from sparql_endpoint.check.as_turtle import as_turtle
from sparql_endpoint.check.report import Figures, Report

__all__ = ["conclude", "format_option"]

_FORMATS: Mapping[str, Callable[[Report[Figures]], str]] = MappingProxyType(
    {
        "text": as_text,
        "json": as_json,
        "turtle": as_turtle,
        "sarif": as_sarif,
        "junit": as_junit,
    }
)

format_option = click.option(
    "--format",
    "format_name",
    type=click.Choice(list(_FORMATS)),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs, Turtle for a SHACL validation report, SARIF for"
    " annotations of a code host, JUnit for a server of continuous integration.",
)


def conclude(report: Report[Figures], format_name: str) -> NoReturn:
    """Print the report, and exit with 0 if it conforms, else with 1."""
    click.echo(_FORMATS[format_name](report))
    sys.exit(0 if report.conforms else 1)
