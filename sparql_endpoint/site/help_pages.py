"""``/help``: short texts for the people this is for, and what the engine does otherwise."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, render_template

from sparql_endpoint.describe.rdf import web_root
from sparql_endpoint.endpoint.problems import problem_types
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.endpoint.settings import Settings
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.limits import Limits
from sparql_endpoint.query.deviations import deviations
from sparql_endpoint.settings import settings_of
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.wording import N_

__all__ = ["TABLES", "TOPICS", "blueprint"]

blueprint = Blueprint("help", __name__)

TOPICS: Mapping[str, str] = MappingProxyType(
    {
        "first-question": N_("Ask your first question"),
        "cite": N_("Cite a fact"),
        "trust": N_("Choose which sources you trust"),
        "own-store": N_("Load it into a store of your own"),
        "tables": N_("Read it as tables, in Python or R"),
        "python": N_("Use it from a program in Python"),
        "spreadsheet": N_("Match your spreadsheet"),
        "assistants": N_("Ask it from an assistant"),
        "add-article": N_("Add an article"),
        "problems": N_("Understand an error"),
        "settings": N_("Set limits and other settings"),
        "deviations": N_("Where answers differ from the standard"),
    }
)
"""Title by the last part of the address."""

TABLES: Mapping[str, str] = MappingProxyType(
    {
        "claims": N_("Claims"),
        "things": N_("Things"),
        "meetings": N_("Meetings"),
        "documents": N_("Documents"),
        "sources": N_("Sources"),
    }
)
"""Title of each table of ``export/tables.toml`` by its name."""


@blueprint.get("/help")
def index() -> str:
    """Show what there is help for."""
    return render_template("site/help.html", topics=_titles())


@blueprint.get("/help/<topic>")
def one(topic: str) -> str:
    """Show the help on a topic.

    Raises:
        NotFoundError: there is none.
    """
    if topic not in _titles():
        raise NotFoundError(f"no help on '{topic}'; there is {', '.join(_titles())}")
    return render_template(
        f"site/help/{topic}.html",
        tables={name: gettext(title) for name, title in TABLES.items()},
        topics=_titles(),
        topic=topic,
        here=web_root(),
        deviations=deviations(),
        problems=problem_types(),
        settings=[*settings_of(Limits), *settings_of(Settings)],
    )


def _titles() -> dict[str, str]:
    """Return what there is help for: policies of trust and tables are of our own graph only."""
    left_out = set() if service().about.own else {"tables", "trust"}
    return {name: gettext(title) for name, title in TOPICS.items() if name not in left_out}
