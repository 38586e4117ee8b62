"""``/id/…`` and the pages and data of things: what an IRI of ours leads to.

An IRI names a thing, which no server can send; so it answers 303 with the address of a page or of
data about it (https://www.w3.org/TR/cooluris/#r303gendocument), by what the client accepts.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from sparql_endpoint.endpoint.media_types import GRAPHS
from sparql_endpoint.endpoint.protocol import QueryRequest
from sparql_endpoint.endpoint.query_response import QueryPlan, respond
from sparql_endpoint.endpoint.urls import root
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.names import BASE, expand
from sparql_endpoint.site import (
    claim_pages,
    claims,
    description,
    kept,
    sources,
    summary,
    thing,
    timeline,
)
from sparql_endpoint.site.addresses import data_path, iri_of, page_path
from sparql_endpoint.site.asking import node, rows
from sparql_endpoint.site.formats import alternates, by_extension
from sparql_endpoint.site.meetings import meetings
from sparql_endpoint.site.members_map import MembersMap, is_drawn, members_map
from sparql_endpoint.site.place_map import place_map
from sparql_endpoint.site.series import sessions
from sparql_endpoint.site.signposting import signposts

__all__ = ["blueprint", "page"]

blueprint = Blueprint(
    "site",
    __name__,
    static_folder="static",
    static_url_path="/static/site",
    template_folder="templates",
)

_PLAIN = "site/thing.html"
_OF_KIND: Mapping[str, Callable[[str], dict[str, Any]]] = MappingProxyType(
    {"claim": claim_pages.of_claim, "quote": claim_pages.of_quote, "source": sources.of_source}
)
"""What a page shows beside what is known of any thing, by the kind in its path."""


@blueprint.get("/id/<path:slug>")
def by_id(slug: str) -> Response:
    """Lead to the page or the data of a thing."""
    return _see_other(_known("id", slug))


@blueprint.get("/<any(claim, quote, source, link):kind>/<path:slug>")
def by_kind(kind: str, slug: str) -> Response:
    """Lead to the page or the data of a claim, a quotation, a source or a link."""
    return _see_other(_known(kind, slug))


@blueprint.get("/data/<path:name>")
def data(name: str) -> Response:
    """Return what is known of a thing in RDF, its claims and their quotations included.

    Raises:
        NotFoundError: nothing is known of it, or there is no such format.
    """
    path, _, extension = name.rpartition(".")
    fmt, iri = by_extension(extension), iri_of(path)
    thing.ensure(iri)
    asked = QueryRequest(description.query(iri), None, fmt.name, f"{root()}sparql")
    return respond(QueryPlan(asked), lambda _: alternates(data_path(iri)))


@blueprint.get("/page/<path:path>")
def page(path: str) -> Response:
    """Show what is known of a thing; claims, quotations and sources in ways of their own.

    One that the graph has no longer is shown as any thing, with what took its place.
    """
    iri = iri_of(path)
    kind = path.partition("/")[0]
    if kind not in _OF_KIND:
        return show(iri)
    try:
        parts = _OF_KIND[kind](iri)
    except NotFoundError:
        if not rows(f"SELECT ?since {{ {node(iri)} owl:deprecated ?since }}"):
            raise
        return show(iri)
    return show(iri, f"site/{kind}.html", **parts)


@blueprint.get("/thing")
def any_thing() -> Response:
    """Show what is known of any IRI."""
    return show(request.args.get("iri", ""))


def show(iri: str, template: str = _PLAIN, **more: Any) -> Response:
    """Return the page of a thing, with links to its data.

    Raises:
        NotFoundError: nothing is known of it.
    """
    known = thing.describe(iri)
    others = alternates(data_path(iri)) if page_path(iri).startswith("page/") else {}
    plain = template == _PLAIN
    is_series = expand("dfo:MeetingSeries") in known.classes
    text = render_template(
        template,
        thing=known,
        alternates=others,
        lines=summary.summarize(iri),
        place=place_map(known) if plain else None,
        members=_members(iri) if plain else None,
        mentions=claims.naming(iri) if plain else [],
        sessions=sessions(iri) if is_series else [],
        drawn=timeline.draw(meetings(iri)) if is_series else None,
        **more,
    )
    response = Response(text, mimetype="text/html")
    if others:
        response.headers["Link"] = signposts(iri, "AboutPage", others)
    return response


def _known(kind: str, slug: str) -> str:
    """Return the IRI of ours that a request is for.

    ``slug`` is what the address has with its codes decoded, but ``%20`` is not a space in an IRI
    (RFC 3986, section 6.2.2). So what was sent counts first, where the server tells it; then the
    IRI whose address it is (RFC 3987, section 3.1), and this with all its codes.

    Raises:
        NotFoundError: nothing is known of any of them.
    """
    sent = request.environ.get("REQUEST_URI", "").partition("?")[0].partition(f"/{kind}/")[2]
    for name in dict.fromkeys((sent or slug, slug, quote(slug, safe="/-._~!$&'()*+,;=:@"))):
        with suppress(NotFoundError):
            thing.ensure(f"{BASE}{kind}/{name}")
            return f"{BASE}{kind}/{name}"
    thing.ensure(f"{BASE}{kind}/{slug}")
    return f"{BASE}{kind}/{slug}"


def _members(iri: str) -> MembersMap | None:
    """Return the map of the front page for the page of an organization that it shows."""
    if not kept.catalogue().is_a(iri, expand("org:Organization")) or not is_drawn(iri):
        return None
    drawn = members_map()
    shown = drawn and any(party.iri == iri and party.kind == "member" for party in drawn.parties)
    return drawn if shown else None


def _see_other(iri: str) -> Response:
    offer = GRAPHS.choose(request.headers.get("Accept", ""), None)
    path = f"{data_path(iri)}.{offer.format.extension}" if offer.format else page_path(iri)
    links = f'<{root()}{page_path(iri)}>; rel="alternate"; type="text/html"'
    return Response(
        status=HTTPStatus.SEE_OTHER,
        headers={"Location": root() + path, "Link": links, "Vary": "Accept"},
    )
