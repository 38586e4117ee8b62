"""``/search``: things by name."""

from flask import Blueprint, render_template, request

from sparql_endpoint.site import kept
from sparql_endpoint.site.searching import search, suggest

__all__ = ["blueprint"]

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
def results() -> str:
    """Show what has the words of ``?q=`` in its names; else names written nearly so."""
    sought = request.args.get("q", "").strip()
    names = kept.catalogue().names
    hits = search(names, sought)
    near = suggest(names, sought) if sought and not hits else []
    return render_template("site/search.html", sought=sought, hits=hits, near=near)
