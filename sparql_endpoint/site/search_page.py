"""``/search``: things, claims, quotations, notes and codes; ``/suggest``: names while typing."""

from flask import Blueprint, Response, jsonify, render_template, request

from sparql_endpoint.site import kept
from sparql_endpoint.site.lists import listing
from sparql_endpoint.site.search_index import Entry, index, marked, words_of
from sparql_endpoint.site.searching import suggest
from sparql_endpoint.site.showing import name_of

__all__ = ["blueprint"]

blueprint = Blueprint("search", __name__)

_SHOWN = 50
_SUGGESTED = 8


@blueprint.get("/search")
def results() -> str | Response:
    """Show what has the words of ``?q=``; else names written nearly so; or return it as data.

    Raises:
        UsageError: ``?format=`` is neither csv nor json.
    """
    sought = request.args.get("q", "").strip()
    hits = index().search(sought) if sought else []
    form = request.args.get("format", "")
    if form:
        columns = ["iri", "name", "text", "language"]
        return listing("search", form, columns, (_record(hit) for hit in hits))
    near = suggest(kept.catalogue().names, sought) if sought and not hits else []
    return render_template(
        "site/search.html",
        sought=sought,
        hits=hits[:_SHOWN],
        count=len(hits),
        near=near,
        marked=marked,
        words=words_of(sought),
    )


@blueprint.get("/suggest")
def suggestions() -> Response:
    """Return names of things that the beginning of a search finds, the best first, as JSON."""
    sought = request.args.get("q", "").strip()
    hits = [hit for hit in index().search(sought) if hit.is_name] if sought else []
    names = dict.fromkeys(hit.text for hit in hits)
    return jsonify(list(names)[:_SUGGESTED])


def _record(hit: Entry) -> dict[str, str]:
    return {
        "iri": hit.iri,
        "name": name_of(hit.iri).text,
        "text": hit.text,
        "language": hit.language,
    }
