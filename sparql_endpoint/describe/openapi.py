"""The HTTP interface in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), at ``/openapi.json``.

Formats and media types come from the tables that the service itself answers by.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import Blueprint, Response, json

from sparql_endpoint import __version__
from sparql_endpoint.describe.rdf import web_root
from sparql_endpoint.endpoint.documents import finished
from sparql_endpoint.endpoint.headers import QUERY_ID
from sparql_endpoint.endpoint.html_pages import pages
from sparql_endpoint.endpoint.media_types import GRAPHS, PAGE, RESULTS
from sparql_endpoint.endpoint.problems import PROBLEM
from sparql_endpoint.endpoint.protocol import FORM, QUERY
from sparql_endpoint.endpoint.service import served_project, service
from sparql_endpoint.export.data_package import CSVW, MEDIA_TYPES
from sparql_endpoint.export.table_definitions import table_definitions
from sparql_endpoint.query.catalogue import catalogue
from sparql_endpoint.query.parameters import parameters_of, variables
from sparql_endpoint.query.trust import policies

__all__ = ["blueprint"]

blueprint = Blueprint("openapi", __name__)

Json = dict[str, Any]

_STRING: Json = {"type": "string"}
_IRI: Json = {"type": "string", "format": "iri"}
_BINARY: Json = {}
_JSON = "application/json"
_SVG = "image/svg+xml"
_LANGUAGE: Json = {
    "name": "lang",
    "in": "query",
    "description": "The language of names and headings.",
    "schema": {"type": "string", "enum": ["en", "es", "pt", "zh"]},
}
_NAMED: Json = {"type": "string", "description": "What follows …/id/ in the IRI of one."}
_CHOSEN: dict[str, Json] = {
    "forum": _NAMED,
    "meeting": _NAMED,
    "year": {"type": "string", "pattern": "^[0-9]{4}$"},
    "state": {"type": "string", "description": "The English name of a state in the answer."},
    "language": {"type": "string", "description": "The tag of a language in the answer (BCP 47)."},
}
"""By the name of a parameter of ready questions: what it takes."""
_BATCH: Json = {"type": "object", "properties": {"queries": _STRING, "extend": _STRING}}
_GRAPH_PARAMETERS = ("default-graph-uri", "named-graph-uri")
_QUERY_ERRORS = (400, 403, 406, 414, 429, 500, 502, 503, 504)
_BODY_ERRORS = (*_QUERY_ERRORS, 413, 415)
_COMPLETE = {
    "X-Result-Complete": {
        "schema": {"type": "string", "enum": ["true", "false"]},
        "description": "Whether the answer is all of it, or was cut by the limit on rows.",
    },
    "X-Query-Engine": {
        "schema": {"type": "string", "enum": ["oxigraph", "columns"]},
        "description": "What evaluated the query; both give the same rows.",
    },
    "X-Query-Warning": {
        "schema": _STRING,
        "description": "Where the answer is not what SPARQL 1.1 asks: the code of each deviation"
        " and a sentence in quotation marks; /help/deviations has them all.",
    },
    "Link": {
        "schema": _STRING,
        "description": "RFC 8288: 'next' leads on from an answer that was cut, 'alternate' to"
        " other formats.",
    },
}
_PROBLEM_FIELDS = {
    "type": {"type": "string", "format": "uri-reference"},
    "title": _STRING,
    "status": {"type": "integer"},
    "detail": _STRING,
    "query_id": _STRING,
    "line": {"type": "integer", "description": "Where a query goes wrong, from 1."},
    "column": {"type": "integer", "description": "As line."},
    "excerpt": {"type": "string", "description": "The line, with a caret below the place."},
    "hint": {"type": "string", "description": "What may have been meant."},
    "available": {"type": "array", "items": _STRING, "description": "Formats that there are."},
}


@blueprint.get("/openapi.json")
def document() -> Response:
    """Return the description of the interface."""
    text = json.dumps(_document(), ensure_ascii=False, indent=1)
    return finished(Response(text, content_type="application/json"))


def _document() -> Json:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": served_project().name,
            "version": __version__,
            "summary": "A SPARQL 1.1 endpoint, its graphs, its dumps and its descriptions",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": web_root().rstrip("/")}],
        "paths": _paths(),
        "components": {"schemas": {"Problem": {"type": "object", "properties": _PROBLEM_FIELDS}}},
    }


def _paths() -> Json:
    rdf = GRAPHS.media_types[:-1]
    every = [*RESULTS.media_types, *rdf]
    formats = [*(fmt.name for fmt in (*RESULTS.formats, *GRAPHS.formats)), "html"]
    options = [_parameter(name, _IRI, several=True) for name in _GRAPH_PARAMETERS]
    options += [_parameter("format", {"type": "string", "enum": sorted(set(formats))})]
    if service().about.own:
        options += [
            _parameter("trust", {"type": "string", "enum": list(policies())}),
            _parameter("evidence", {"type": "string", "enum": ["0", "1"]}),
        ]
    query = _parameter("query", _STRING, required=True)
    return {
        "/sparql": {
            "get": _operation(
                "askByGet", "Ask a query", every, [query, *options], (*_QUERY_ERRORS, 412)
            ),
            "post": _operation("askByPost", "Ask a query", every, options, _BODY_ERRORS)
            | {"requestBody": _body()},
        },
        "/graphs": {
            "get": _operation(
                "getGraph",
                "Get a graph; without parameters, what there is",
                rdf,
                [_parameter("graph", _IRI), _parameter("default", _STRING)],
                (400, 404, 406),
            )
        },
        "/dump/{name}": {
            "get": _operation(
                "getDump",
                "Get the dataset as a file that never changes; latest.<format> leads to it",
                ["application/gzip", *(fmt.media_type for fmt in GRAPHS.formats)],
                [_in_path("name", _STRING)],
                (404, 416),
            )
        },
        **(_tables() if service().about.own else {}),
        **(_questions() if pages() is not None and service().about.own else {}),
        **(_pictures() if pages() is not None else {}),
        "/.well-known/void": {"get": _operation("getVoid", "VoID and DCAT", rdf)},
        **{
            path: {"get": _operation(name, f"The dataset as {title}", ["application/ld+json"])}
            for path, name, title in (
                ("/dataset.jsonld", "getDataset", "a schema.org Dataset"),
                ("/ro-crate-metadata.json", "getCrate", "an RO-Crate"),
                ("/croissant.json", "getCroissant", "Croissant"),
            )
        },
        "/.well-known/sparql-examples": {"get": _operation("getExamples", "Examples", rdf)},
        "/openapi.json": {"get": _operation("getInterface", "This document", [_JSON], errors=())},
        "/reconcile": {
            "get": _operation(
                "getReconciliation",
                "Reconciliation Service API 0.2: the manifest, which names its other addresses",
                [_JSON],
                [_parameter("queries", _STRING), _parameter("extend", _STRING)],
                (400, 413),
            ),
            "post": _operation(
                "reconcile", "Match a batch, or extend its data", [_JSON], errors=(400, 413)
            )
            | {"requestBody": {"required": True, "content": {FORM: {"schema": _BATCH}}}},
        },
        "/healthz": {"get": _operation("getHealth", "Is it up", ["text/plain"])},
        "/readyz": {"get": _operation("getReadiness", "Can it answer", ["text/plain"])},
        "/metrics": {"get": _operation("getMetrics", "Figures for Prometheus", ["text/plain"])},
    }


@cache
def _tables() -> Json:
    """Return the path of the files of the data package."""
    names = [f"{name}.csv" for name in table_definitions()]
    names += [f"{name}{CSVW}" for name in table_definitions()]
    known = {"type": "string", "examples": [*names, "datapackage.json", "things.graphml"]}
    return {
        "/tables/{name}": {
            "get": _operation(
                "getTable",
                "Get a table, what describes it, or things and relations in GraphML",
                [kind.partition(";")[0] for kind in MEDIA_TYPES.values()],
                [_in_path("name", known)],
                (404, 416),
            )
        }
    }


@cache
def _questions() -> Json:
    """Return a path for each ready question whose answer is a table, with its own parameters."""
    forms = _in_path("form", {"type": "string", "enum": ["csv", "json", "svg"]})
    return {
        f"/question/{question.slug}.{{form}}": {
            "get": _operation(
                f"question-{question.slug}",
                question.question,
                ["text/csv", _JSON, _SVG],
                [
                    forms,
                    *(_parameter(name, _CHOSEN[name]) for name in parameters_of(question.text)),
                    _LANGUAGE,
                ],
                (400, 404),
            )
        }
        for question in catalogue().values()
        if variables(question.text)
    }


def _pictures() -> Json:
    choices = [
        _parameter("width", {"type": "string", "enum": ["wide", "narrow"]}),
        _parameter("colours", {"type": "string", "enum": ["light", "dark"]}),
        _LANGUAGE,
    ]
    named = _in_path("name", _STRING | {"description": "As /picture lists them."})
    query = _parameter("query", _STRING, required=True)
    return {
        "/picture/{name}.svg": {
            "get": _operation("getPicture", "A picture", [_SVG], [named, *choices], (400, 404))
        },
        "/picture.svg": {
            "get": _operation(
                "drawAnswer",
                "The picture that fits the answer to a SELECT",
                [_SVG],
                [query, *choices],
                (*_QUERY_ERRORS, 404),
            )
        },
    }


def _operation(
    name: str,
    summary: str,
    media_types: Sequence[str],
    parameters: Sequence[Json] = (),
    errors: Sequence[int] = (406,),
) -> Json:
    problem = {"$ref": "#/components/schemas/Problem"}
    told = {PROBLEM: {"schema": problem}, PAGE: {"schema": _STRING}}
    headers = {QUERY_ID: {"schema": _STRING}}
    fine = {
        "description": "The answer",
        "headers": headers | (_COMPLETE if name.startswith("ask") else {}),
        "content": {media_type: {"schema": _BINARY} for media_type in media_types},
    }
    wrong = {
        str(status): {"description": "A problem (RFC 9457)", "headers": headers, "content": told}
        for status in errors
    }
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {"200": fine, **wrong},
    }


def _parameter(name: str, schema: Json, *, required: bool = False, several: bool = False) -> Json:
    shape = {"type": "array", "items": schema} if several else schema
    return {"name": name, "in": "query", "required": required, "schema": shape}


def _in_path(name: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _body() -> Json:
    several = {"type": "array", "items": _IRI}
    properties = {"query": _STRING, **dict.fromkeys(_GRAPH_PARAMETERS, several)}
    form = {"type": "object", "properties": properties, "required": ["query"]}
    return {
        "required": True,
        "content": {FORM: {"schema": form}, QUERY: {"schema": _STRING}},
    }
