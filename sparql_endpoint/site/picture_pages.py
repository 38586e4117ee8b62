"""``/picture``: pictures out of the graph, each at an address, as a page and as SVG to be embedded.

An SVG may stand in any page: its address names the language (``lang``), ``width=narrow`` for a
phone, and ``colours=light`` or ``dark`` where they shall not follow the reader's device.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from sparql_endpoint.describe.rdf import web_root
from sparql_endpoint.endpoint.service import served_project
from sparql_endpoint.endpoint.urls import root
from sparql_endpoint.errors import NotFoundError, UsageError
from sparql_endpoint.site import answers, svg
from sparql_endpoint.site.answers import Answer
from sparql_endpoint.site.asking import select
from sparql_endpoint.site.fitting import fit
from sparql_endpoint.site.languages import gettext, language
from sparql_endpoint.site.picture import Picture, as_svg, size
from sparql_endpoint.site.pictures import drawings, find
from sparql_endpoint.site.showing import cut

__all__ = ["MOST_DRAWN", "Shown", "blueprint", "shown", "svg_response"]

blueprint = Blueprint("picture", __name__)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors *"
"""An SVG has a style sheet of its own and no script, and may stand in anybody's frame."""
_CHOICES = {"width": ("", "wide", "narrow"), "colours": ("", "light", "dark")}
MOST_DRAWN = 1_000
"""Rows of an answer that is looked at for a picture."""
_LONGEST = 600


@dataclass(frozen=True)
class Shown:
    """A picture in a page: its addresses and sizes for desk and phone, and the same in words."""

    wide: str
    narrow: str
    wide_size: tuple[int, int]
    narrow_size: tuple[int, int]
    alt: str
    embedded: str
    """Its address as SVG with title and credit."""


@blueprint.get("/picture")
def index() -> str:
    """Show all pictures by name."""
    return render_template("site/pictures.html", drawings=drawings())


@blueprint.get("/picture/<slug>")
def page(slug: str) -> str:
    """Show a picture with what it shows as a table.

    Raises:
        NotFoundError: there is no such picture.
    """
    drawing = find(slug)
    picture = drawing.picture()
    return render_template(
        "site/picture.html",
        drawing=drawing,
        question=drawing.question or "disagreements",
        shown=shown(f"picture/{slug}.svg", picture),
        answer=drawing.answer,
        heading=answers.heading,
        cell=answers.cell,
        code=f'<img src="{web_root()}picture/{slug}.svg?lang={language()}" alt="{drawing.title}">',
    )


@blueprint.get("/picture/<slug>.svg")
def drawn(slug: str) -> Response:
    """Return a picture as SVG.

    Raises:
        NotFoundError: there is no such picture, or the data have too little for it.
        UsageError: a parameter has no such value.
    """
    return svg_response(find(slug).picture())


@blueprint.get("/picture.svg")
def of_query() -> Response:
    """Return the picture that fits the answer to ``query``, a SELECT.

    Raises:
        NotFoundError: no picture fits.
        UsageError: a parameter has no such value, or the query is missing or no SELECT.
    """
    text = request.args.get("query", "")
    if not text:
        raise UsageError("give a SELECT as 'query'; its answer is drawn")
    columns, found = select(text, MOST_DRAWN + 1)
    few = len(found) <= MOST_DRAWN
    return svg_response(fit(gettext("Answer"), Answer(columns, found)) if few else None)


def shown(
    path: str, picture: Picture | None, chosen: str = "", *, beside: bool = False
) -> Shown | None:
    """Return a picture for a page; None where there is none, or nothing that draws.

    Args:
        path: that of the SVG below the front page.
        picture: what is drawn.
        chosen: the query string that its address has besides.
        beside: whether the page says right beside it what it shows; then its title is enough.
    """
    if picture is None or not svg.is_drawing():
        return None
    address = f"{root()}{path}?{chosen}{'&' if chosen else ''}lang={language()}"
    return Shown(
        f"{address}&bare=1",
        f"{address}&bare=1&width=narrow",
        size(picture),
        size(picture, narrow=True),
        picture.title if beside else cut(f"{picture.title}. {picture.description}", _LONGEST),
        address,
    )


def svg_response(picture: Picture | None) -> Response:
    """Return a picture as the answer to a request, in the width and colours that it names.

    Raises:
        NotFoundError: there is no picture, or nothing that draws.
        UsageError: a parameter has no such value.
    """
    for name, values in _CHOICES.items():
        if request.args.get(name, "") not in values:
            raise UsageError(f"'{name}' is one of {', '.join(filter(None, values))}")
    if picture is None:
        raise NotFoundError(
            "no picture fits: it takes two rows or more, with days, places or things"
        )
    if not svg.is_drawing():
        raise NotFoundError("this package was built without what draws pictures; install it again")
    bare = "bare" in request.args
    ours = served_project()
    terms = f"{ours.name}, {ours.license_name}" if ours.license_name else ours.name
    credit = "" if bare else f"{terms}: {web_root()}"
    text = as_svg(
        picture,
        narrow=request.args.get("width") == "narrow",
        credit=credit,
        colours=request.args.get("colours", ""),
    )
    response = Response(text, content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Content-Language"] = language()
    response.vary.update(["Accept-Language", "Cookie"])
    return response
