"""The reconciliation service at ``/reconcile``: spreadsheets matched to the entities of the graph.

Reconciliation Service API 0.2, a Final Community Group Report of the W3C:
https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

import re
from typing import Any

from flask import Blueprint, Response, json, render_template, request

from sparql_endpoint import __version__
from sparql_endpoint.describe.rdf import web_root
from sparql_endpoint.endpoint.service import service
from sparql_endpoint.errors import NotFoundError, RequestError
from sparql_endpoint.link.catalogue import Catalogue
from sparql_endpoint.link.entities import ENTITY_SPACE, Entity
from sparql_endpoint.link.extension import SETTINGS, extend, parse_extension
from sparql_endpoint.link.reconciliation import BATCH_SIZE, answer, parse_batch
from sparql_endpoint.link.suggestions import suggest_entities, suggest_named
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.reconcile.match_index import catalogue

__all__ = ["blueprint"]

blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")

_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*")
_FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
_PREVIEW = {"width": 420, "height": 220}
_DIGITS = 9
"""Maximum digits of a number in a request; more digits are ignored."""
_KINDS = ("entity", "property", "type")
_IRIS = "https://www.rfc-editor.org/rfc/rfc3986"
"""The space of identifiers that are whole IRIs."""
_OWN_VIEW = "id/{{id}}"
_VIEW = "sparql?query=DESCRIBE%20%3C{{id}}%3E"
"""A page of this service on any IRI."""
_ROWS = 8
"""Values of somebody's entity that a picture of it shows."""


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def endpoint() -> Response:
    """Answer a batch of queries or a data extension; without either, return the manifest."""
    given = request.values
    if "queries" in given and "extend" in given:
        raise RequestError("either 'queries' or 'extend', not both")
    if "queries" in given:
        known = catalogue()
        batch = parse_batch(given["queries"], known)
        return _send({key: {"result": answer(query, known)} for key, query in batch.items()})
    if "extend" in given:
        return _send(extend(parse_extension(given["extend"]), catalogue()))
    if request.method == "POST":
        raise RequestError("a POST needs 'queries' or 'extend' in a form")
    return _send(_manifest(catalogue()))


@blueprint.get("/suggest/<any(entity, property, type):kind>")
def suggest(kind: str) -> Response:
    """Complete the beginning of a name that a user has typed."""
    known, prefix = catalogue(), request.args.get("prefix", "")
    cursor = _number("cursor", 0)
    if kind == "entity":
        return _send({"result": suggest_entities(known, prefix, cursor)})
    named = known.properties if kind == "property" else known.classes
    return _send({"result": suggest_named(named.values(), prefix, cursor)})


@blueprint.get("/flyout/<any(entity, property, type):kind>")
def flyout(kind: str) -> Response:
    """Show a suggestion in a few words of HTML."""
    known, asked = catalogue(), request.args.get("id", "")
    if kind == "entity":
        html = render_template("flyout.html", **_shown(_entity(known, asked), known))
    else:
        named = (known.properties if kind == "property" else known.classes).get(asked)
        if named is None:
            raise NotFoundError(f"no {kind} {asked!r}")
        html = render_template("flyout.html", name=named.name, kinds=named.id, rows=[])
    return _send({"id": asked, "html": html})


@blueprint.get("/preview")
def preview() -> Response:
    """Return a small page about an entity, which other sites embed in a frame."""
    known = catalogue()
    shown = _shown(_entity(known, request.args.get("id", "")), known)
    response = Response(render_template("preview.html", **shown), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _FRAMED
    return response


@blueprint.get("/properties")
def properties() -> Response:
    """Propose properties to fetch for entities of a class."""
    type_id, limit = request.args.get("type", ""), _number("limit", 0)
    known = catalogue()
    proposed = known.properties_of(type_id)[: limit or None]
    body: dict[str, Any] = {"type": type_id, "properties": [p.as_json() for p in proposed]}
    return _send(body | ({"limit": limit} if limit else {}))


def _manifest(known: Catalogue) -> dict[str, Any]:
    here = f"{web_root()}reconcile"
    return {
        "versions": ["0.1", "0.2"],
        "name": service().about.title,
        "identifierSpace": ENTITY_SPACE if known.own else _IRIS,
        "schemaSpace": PREFIXES["dfo"] if known.own else _IRIS,
        "documentation": web_root(),
        "serviceVersion": __version__,
        "defaultTypes": [named.as_json() for named in known.default_types()],
        "view": {"url": f"{web_root()}{_OWN_VIEW if known.own else _VIEW}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", **_PREVIEW},
        "suggest": {kind: _suggest_metadata(here, kind) for kind in _KINDS},
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": list(SETTINGS),
        },
        "batchSize": BATCH_SIZE,
    }


def _suggest_metadata(here: str, kind: str) -> dict[str, str]:
    return {
        "service_url": here,
        "service_path": f"/suggest/{kind}",
        "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
    }


def _send(body: Any) -> Response:
    """Return JSON, or a call of the function that an old client names (JSONP)."""
    text = json.dumps(body, ensure_ascii=False)
    callback = request.args.get("callback")
    if callback is None:
        return Response(text, mimetype="application/json")
    if not _CALLBACK.fullmatch(callback):
        raise RequestError("'callback' must be the name of a function")
    return Response(f"/**/{callback}({text});", mimetype="text/javascript")


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal()):
        raise RequestError(f"'{name}' must be a whole number")
    return int(text[:_DIGITS])


def _entity(known: Catalogue, entity_id: str) -> Entity:
    entity = known.entity(entity_id)
    if entity is None:
        raise NotFoundError(f"no entity {entity_id!r}")
    return entity


def _shown(entity: Entity, known: Catalogue) -> dict[str, Any]:
    """Return the template values for a preview of an entity: name, classes, codes and so on."""
    codes = [name for name in known.properties if name.startswith("dfo:iso") or not known.own]
    rows = [(known.properties[name], ", ".join(entity.strings(name))) for name in codes]
    rows = [row for row in rows if row[1]][:_ROWS]
    links = [("Wikidata", item) for item in entity.linked("owl:sameAs", "skos:exactMatch")]
    names = list(dict.fromkeys(name.text for name in entity.names))
    return {
        "name": entity.label(),
        "kinds": ", ".join(named.name for named in known.types_of(entity)),
        "others": [text for text in names if text != entity.label()],
        "rows": [(named.name, text) for named, text in rows if text] + links,
        "iri": entity.iri,
    }
