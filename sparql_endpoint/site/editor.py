"""What the query editor knows: our prefixes, classes and properties by name, questions, names."""

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response

from sparql_endpoint.names import BASE, PREFIXES
from sparql_endpoint.site import kept
from sparql_endpoint.site.addresses import short
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.questions import questions
from sparql_endpoint.site.showing import name_of
from sparql_endpoint.site.wording import REUSED

__all__ = ["blueprint", "register"]

blueprint = Blueprint("editor", __name__)

_MOST_NAMES = 5_000
"""So many names of things go to the browser, which shows them in place of IRIs."""

_OWL, _RDF, _RDFS = PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"]
_KINDS = {
    f"{_OWL}Class": "class",
    f"{_RDFS}Class": "class",
    f"{_OWL}AnnotationProperty": "property",
    f"{_OWL}DatatypeProperty": "property",
    f"{_OWL}ObjectProperty": "property",
    f"{_RDF}Property": "property",
}


def register(app: Flask) -> None:
    """Let the form for a query become an editor where the editor was built into the package."""
    built = Path(app.static_folder or "", "editor", "editor.js").is_file()
    app.jinja_env.globals["editor_built"] = built


@blueprint.get("/editor.json")
def vocabulary() -> Response:
    """Return what the editor completes and shows, in the reader's language."""
    known = {
        "prefixes": dict(PREFIXES),
        "terms": _terms(),
        "examples": _examples(),
        "names": _names(),
    }
    response = Response(json.dumps(known, ensure_ascii=False), mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(["Accept-Language", "Cookie"])
    return response


def _terms() -> list[dict[str, str]]:
    """Return the classes and properties of the dataset's ontology, and those it takes over."""
    found = {
        iri: _KINDS[kind]
        for iri, kinds in kept.catalogue().classes.items()
        for kind in kinds
        if kind in _KINDS
    }
    for iri in REUSED:
        local = iri.removeprefix(_namespace(iri))
        found.setdefault(iri, "class" if local[:1].isupper() else "property")
    terms = [
        {"name": short(iri), "kind": kind, "label": name_of(iri).text}
        for iri, kind in found.items()
        if not short(iri).startswith("<")
    ]
    return sorted(terms, key=lambda term: term["name"])


def _namespace(iri: str) -> str:
    return next((space for space in PREFIXES.values() if iri.startswith(space)), "")


def _examples() -> list[dict[str, Any]]:
    return [
        {"title": gettext(item.title), "question": gettext(item.question), "text": item.text}
        for item in questions()
    ]


def _names() -> dict[str, str]:
    """Return the names of our things, by what follows the base in their IRIs."""
    ours = [iri for iri in kept.catalogue().names if iri.startswith(BASE)]
    return {iri.removeprefix(BASE): name_of(iri).text for iri in ours[:_MOST_NAMES]}
