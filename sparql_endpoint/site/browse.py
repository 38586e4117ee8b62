"""``/browse``: the classes with how much there is of each; and one class, narrowed by facets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.names import PREFIXES, expand
from sparql_endpoint.site import facets, kept
from sparql_endpoint.site.facets import Item
from sparql_endpoint.site.languages import gettext, language
from sparql_endpoint.site.lists import listing
from sparql_endpoint.site.searching import fold
from sparql_endpoint.site.showing import name_of, text_of
from sparql_endpoint.site.wording import N_

__all__ = ["blueprint"]

blueprint = Blueprint("browse", __name__)

_PAGE = 100
_MOST_COLUMNS = 3
_TOLD = (
    "claimant",
    "standing",
    "kind",
    "state",
    "series",
    "mode",
    "party",
    "tier",
    "language",
    "source",
)
"""The facets that are columns of a list, the most telling first."""
_SHELVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        N_("Who acts"): (
            "dfo:Forum",
            "dfo:Bloc",
            "dfo:State",
            "foaf:Person",
            "org:Post",
            "dfo:Tenure",
            "org:Membership",
            "org:Organization",
        ),
        N_("What happens"): (
            "dfo:Meeting",
            "dfo:MeetingSeries",
            "dfo:Address",
            "dfo:Appeal",
            "schema:Event",
        ),
        N_("What comes of it"): (
            "dfo:OutcomeDocument",
            "dfo:Initiative",
            "dfo:FinancingMeasure",
            "dfo:Count",
        ),
        N_("Where and when"): ("dfo:Region", "schema:City", "schema:Place", "dcterms:PeriodOfTime"),
        N_("What it is about"): ("skos:Concept",),
        N_("Who says so"): ("dfo:Source", "dfo:Claim", "oa:SpecificResource"),
    }
)
_INNER = (
    *(PREFIXES[name] for name in ("dcat", "oa", "owl", "prov", "rdf", "sh", "skos", "void")),
    "http://wikiba.se/ontology#",
)
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "kind": N_("Kind"),
        "year": N_("Year"),
        "state": N_("State"),
        "series": N_("Series"),
        "mode": N_("Mode"),
        "countOf": N_("Count of"),
        "tier": N_("Tier"),
        "party": N_("Party"),
        "language": N_("Language"),
        "standing": N_("Standing"),
        "basis": N_("Basis"),
        "property": N_("Property"),
        "claimant": N_("Claimant"),
        "source": N_("Source"),
    }
)


@dataclass(frozen=True)
class Shelf:
    """Classes that belong together, each with the number of its things."""

    title: str
    classes: list[tuple[str, int]]


@blueprint.get("/browse")
def index() -> str:
    """Show the classes that have things."""
    shelves = [
        Shelf(gettext(title), _counted(map(expand, names))) for title, names in _SHELVES.items()
    ]
    shelves.append(Shelf(gettext("Other"), _counted(_unshelved())))
    full = [shelf for shelf in shelves if shelf.classes]
    return render_template("site/browse.html", shelves=full)


@blueprint.get("/browse/<path:name>")
def one_class(name: str) -> str | Response:
    """Show the things of a class, those that have every value chosen; or return them as data.

    Raises:
        NotFoundError: nothing is of that class.
        UsageError: ``?format=`` is neither csv nor json.
    """
    catalogue = kept.catalogue()
    class_iri = expand(name)
    if class_iri not in catalogue.members:
        raise NotFoundError(f"nothing in the graph is of the class '{name}'")
    chosen = {key: request.args[key] for key in facets.FACETS if request.args.get(key)}
    order = "date" if request.args.get("sort") == "date" else "name"
    items = facets.narrow(_items(class_iri, order), chosen)
    form = request.args.get("format", "")
    if form:
        return listing(name, form, _columns(items), _records(items))
    first = max(request.args.get("page", 1, type=int), 1)
    return render_template(
        "site/class.html",
        class_iri=class_iri,
        facets=facets.facets_of(items, chosen),
        facet_names={key: gettext(message) for key, message in _NAMES.items()},
        value_name=_value_name,
        address=_address,
        chosen=chosen,
        order=order,
        count=len(items),
        items=items[(first - 1) * _PAGE : first * _PAGE],
        page=first,
        pages=-(-len(items) // _PAGE),
        dated=any(item.date for item in items),
        columns=_shown(items, class_iri),
    )


def _shown(items: list[Item], class_iri: str) -> list[str]:
    """Return the facets that a list shows as columns: those that tell its things apart."""
    found: dict[str, set[str]] = {}
    of_claims = any(item.triple for item in items)
    told = [name for name in _TOLD if of_claims or name != "standing"]
    for item in items:
        for name in told:
            found.setdefault(name, set()).update(item.values.get(name, ()))
    found.get("kind", set()).discard(class_iri)
    return [name for name in told if len(found.get(name, ())) > 1][:_MOST_COLUMNS]


def _columns(items: list[Item]) -> list[str]:
    """Return the columns of a list as data: what every list has, and the facets of its things."""
    facets_there = {facet for item in items for facet in item.values}
    parts = ("subject", "predicate", "object") if any(item.triple for item in items) else ()
    return [
        "iri",
        "name",
        "date",
        *parts,
        *(name for name in facets.FACETS if name in facets_there),
    ]


def _records(items: list[Item]) -> Iterable[dict[str, str]]:
    for item in items:
        yield {
            "iri": item.iri,
            "name": _title(item),
            "date": item.date.value if item.date else "",
            **{part: term.value for part, term in item.triple.items()},
            **{name: "; ".join(sorted(values)) for name, values in item.values.items()},
        }


def _unshelved() -> list[str]:
    """Return the classes with things that stand on no shelf, those of vocabularies left out."""
    members = kept.catalogue().members
    shelved = [
        members.get(expand(name), frozenset()) for names in _SHELVES.values() for name in names
    ]
    return sorted(
        name
        for name, things in members.items()
        if not name.startswith(_INNER) and not any(things <= shelf for shelf in shelved)
    )


def _counted(names: Iterable[str]) -> list[tuple[str, int]]:
    members = kept.catalogue().members
    return [(name, len(members[name])) for name in names if name in members]


def _items(class_iri: str, order: str) -> list[Item]:
    """Return the things of a class in an order: asked for once, and sorted once a language."""

    def found() -> list[Item]:
        return facets.items_of(kept.catalogue(), class_iri)

    def ordered() -> list[Item]:
        return _sorted(kept.once((__name__, class_iri), found), order)

    return kept.once((__name__, class_iri, order, language()), ordered)


def _sorted(items: list[Item], order: str) -> list[Item]:
    if order == "date":
        return sorted(items, key=lambda item: (item.date.value if item.date else "9999", item.iri))
    return sorted(items, key=lambda item: (fold(_title(item)), item.iri))


def _title(item: Item) -> str:
    if item.triple:
        return " ".join(text_of(term) for _, term in sorted(item.triple.items(), reverse=True))
    return name_of(item.iri).text


def _value_name(facet: str, key: str) -> str:
    """Return what a value is called; years are themselves."""
    return key if facet == "year" else name_of(expand(key)).text


def _address(**changes: str) -> str:
    """Return the address of this page with other parameters; empty ones are dropped."""
    values = {name: value for name, value in request.args.items() if name != "page"} | changes
    return f"?{urlencode({name: value for name, value in values.items() if value})}"
