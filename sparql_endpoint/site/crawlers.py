"""What crawlers and other machines ask a site for: ``robots.txt``, a site map, search, an icon."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as Redirect

from sparql_endpoint.describe.rdf import web_root
from sparql_endpoint.endpoint.service import served_project, service
from sparql_endpoint.endpoint.urls import root
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.names import BASE
from sparql_endpoint.site import kept
from sparql_endpoint.site.addresses import page_path
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.questions import questions

__all__ = ["blueprint"]

blueprint = Blueprint("crawlers", __name__)

_MOST = 50_000
"""So many addresses a site map may hold: https://www.sitemaps.org/protocol.html."""
_PAGES = ("", "question", "picture", "browse", "disagreements", "ontology", "help", "changes")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Return what robots may read (RFC 9309): all pages, but not the endpoint."""
    text = f"User-agent: *\nDisallow: /sparql\nSitemap: {web_root()}sitemap.xml\n"
    return Response(text, mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def site_map() -> Response:
    """Return the addresses of the pages of things, questions and the site itself."""
    here = web_root()
    urls = "".join(
        f"<url><loc>{escape(here + path)}</loc></url>\n"
        for path, _ in zip(_paths(), range(_MOST), strict=False)
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    text = f'{head}\n<urlset xmlns="{space}">\n{urls}</urlset>\n'
    return Response(text, mimetype="application/xml")


@blueprint.get("/opensearch.xml")
def open_search() -> Response:
    """Return how a browser searches the site: OpenSearch 1.1, draft 6.

    https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md
    """
    here = escape(web_root())
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
<ShortName>{escape(served_project().name)}</ShortName>
<Description>{gettext("Search in any language")}</Description>
<Image type="image/svg+xml">{here}static/icon.svg</Image>
<Url type="text/html" template="{here}search?q={{searchTerms}}"/>
<Url type="application/json" template="{here}search?q={{searchTerms}}&amp;format=json"/>
</OpenSearchDescription>
"""
    return Response(text, mimetype="application/opensearchdescription+xml")


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Return whom to tell of a fault of security (RFC 9116, section 2.5).

    Raises:
        NotFoundError: the operator has named nobody.
    """
    contact = service().settings.security_contact
    if not contact:
        raise NotFoundError("the operator names no contact for security (--security-contact)")
    expires = datetime.now(UTC) + timedelta(days=90)
    text = f"Contact: {contact}\nExpires: {expires:%Y-%m-%dT00:00:00Z}\n"
    text += f"Canonical: {web_root()}.well-known/security.txt\n"
    return Response(text, mimetype="text/plain")


@blueprint.get("/favicon.ico")
def icon() -> Redirect:
    """Lead browsers that look at the usual place to the icon."""
    return redirect(f"{root()}static/icon.svg")


def _paths() -> Iterator[str]:
    yield from _PAGES
    yield from (f"question/{item.slug}" for item in questions())
    for iri in sorted(kept.catalogue().classes):
        path = page_path(iri) if iri.startswith(BASE) else ""
        if path.startswith("page/"):
            yield path
