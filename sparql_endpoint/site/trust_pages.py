"""``/trust``: which statements are facts under each policy of trust, beside the graph as it is."""

from collections.abc import Mapping

from flask import Blueprint, Response, render_template
from pyoxigraph import BlankNode, Literal, NamedNode

from sparql_endpoint.endpoint.service import service
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.graph.ranking import ClaimedTriple
from sparql_endpoint.query.trust import DEFAULT, Difference, difference, facts, find, policies
from sparql_endpoint.site import answers, kept
from sparql_endpoint.site.asking import Term
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.lists import listing
from sparql_endpoint.site.wording import N_

__all__ = ["blueprint"]

blueprint = Blueprint("trust", __name__)

_COLUMNS = (N_("What it is about"), N_("Property"), N_("Value"))
_MOST_ROWS = 100
"""Statements of a table on a page; the CSV has all."""
Row = tuple[Term, Term, Term]


@blueprint.get("/trust")
def index() -> str:
    """Show the policies, each with how many facts it adds and takes away."""
    _need_own()
    compared = {policy: _difference(name) for name, policy in policies().items()}
    return render_template("site/policies.html", compared=compared, default=DEFAULT)


@blueprint.get("/trust/<name>")
def page(name: str) -> str:
    """Show what appears and what goes under a policy.

    Raises:
        UsageError: there is no such policy.
    """
    _need_own()
    policy, found = find(name), _difference(name)
    return render_template(
        "site/policy.html",
        policy=policy,
        appears=_rows(found.appears)[:_MOST_ROWS],
        goes=_rows(found.goes)[:_MOST_ROWS],
        counts=(len(found.appears), len(found.goes)),
        columns=_COLUMNS,
        cell=answers.cell,
    )


@blueprint.get("/trust/<name>.<any(csv, json):form>")
def data(name: str, form: str) -> Response:
    """Return what appears and what goes under a policy as CSV or JSON.

    Raises:
        UsageError: there is no such policy.
    """
    _need_own()
    found = _difference(find(name).name)
    rows = [
        {"change": change, "subject": row[0].value, "property": row[1].value, "value": row[2].value}
        for change, triples in (("appears", found.appears), ("goes", found.goes))
        for row in _rows(triples)
    ]
    return listing(f"trust-{name}", form, ("change", "subject", "property", "value"), rows)


def _need_own() -> None:
    if not service().about.own:
        raise NotFoundError("other data are served here, for which there is no policy of trust")


def _difference(name: str) -> Difference:
    return kept.once((__name__, name), lambda: difference(_facts(DEFAULT), _facts(name)))


def _facts(name: str) -> frozenset[ClaimedTriple]:
    return kept.once((__name__, "facts", name), lambda: facts(service().runner.store, find(name)))


def _rows(triples: tuple[ClaimedTriple, ...]) -> list[Row]:
    return [(_term(s), _term(p), _term(o)) for s, p, o in triples]


def _term(term: object) -> Term:
    match term:
        case NamedNode(value=value):
            return Term("iri", value)
        case Literal(value=value):
            return Term("literal", value, term.language or "", term.datatype.value)
        case BlankNode(value=value):
            return Term("blank", value)
    return Term("literal", str(term))


def offered() -> Mapping[str, str]:
    """Return the titles of the policies by name, in the reader's language; none of other data."""
    if not service().about.own:
        return {}
    return {name: gettext(policy.title) for name, policy in policies().items()}
