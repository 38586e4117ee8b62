"""From the IRIs of the project to its pages and back.

``…/id/chile`` has the page ``page/chile`` and the data ``data/chile.ttl``; other kinds of things
keep their kind in the path: ``page/claim/…``, ``data/claim/….ttl``. Links are relative, so the site
works below any path; IRIs in the data stay what they are.
"""

from functools import lru_cache
from urllib.parse import quote, urlencode

from sparql_endpoint.endpoint.urls import root
from sparql_endpoint.names import BASE, PREFIXES, shorten

__all__ = ["KINDS", "data_path", "href", "iri_of", "page_path", "short"]

KINDS = ("claim", "quote", "source", "link")
"""The kinds of things beside those of ``id/``; each is the first part of a path."""

_ONTOLOGY = PREFIXES["dfo"]
_QUESTIONS = f"{BASE}query/"
_WEB = ("http://", "https://")


def iri_of(path: str) -> str:
    """Return the IRI of the thing whose page or data has this path."""
    kind = path.partition("/")[0]
    return BASE + (path if kind in KINDS else f"id/{path}")


@lru_cache(maxsize=10_000)
def page_path(iri: str) -> str:
    """Return the path of an IRI's page below the front page, or nothing where it has none."""
    if iri.startswith(_ONTOLOGY) or iri == _ONTOLOGY[:-1]:
        return _quoted(iri.removeprefix(BASE), safe="#")
    if iri.startswith(_QUESTIONS) and "#" not in iri:
        return f"question/{_quoted(iri.removeprefix(_QUESTIONS))}"
    name = _name(iri)
    if name:
        return f"page/{_quoted(name)}"
    if iri.startswith(BASE):
        return f"thing?{urlencode({'iri': iri})}"
    return ""


@lru_cache(maxsize=10_000)
def short(iri: str) -> str:
    """Return an IRI with its prefix."""
    return shorten(iri)


def data_path(iri: str) -> str:
    """Return the path of the data about an IRI of ours, without the ending that names a format."""
    return f"data/{_quoted(_name(iri))}"


def href(iri: str) -> str:
    """Return where a link to ``iri`` leads from the page that is asked for; nothing where nowhere.

    Only web addresses are followed: a script in an IRI is no link.
    """
    path = page_path(iri)
    if path:
        return root() + path
    return iri if iri.startswith(_WEB) else ""


def _name(iri: str) -> str:
    """Return what names a thing of ours in a path, or nothing for any other IRI."""
    if not iri.startswith(BASE):
        return ""
    local = iri.removeprefix(BASE).partition("#")[0]
    kind, _, slug = local.partition("/")
    if not slug:
        return ""
    return slug if kind == "id" else local if kind in KINDS else ""


def _quoted(path: str, safe: str = "") -> str:
    return quote(path, safe=f"/-._~!$&'()*+,;=:@{safe}")
