"""Asking the dataset on behalf of a page: the solutions of a query as rows of terms.

Every page asks through ``rows``, so that a test can count what a page costs.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from sparql_endpoint.endpoint.service import service
from sparql_endpoint.errors import NotFoundError, UsageError
from sparql_endpoint.query.evaluation import Query
from sparql_endpoint.query.trust import DEFAULT

__all__ = ["Row", "Term", "node", "rows", "select", "solutions", "turtle", "without_idle_prefixes"]

_PREFIX = re.compile(r"[\w-]+:")


class Term(NamedTuple):
    """A term of RDF: ``kind`` is iri, literal, blank or triple."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""

    @property
    def is_iri(self) -> bool:
        """Whether it is an IRI."""
        return self.kind == "iri"


Row = Mapping[str, Term]
"""A solution: its bound variables by name."""


def rows(query: str, policy: str = DEFAULT) -> list[Row]:
    """Return the solutions of a SELECT over the dataset that is served, under a policy of trust.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    result = service().runner.run(Query(query, graph_format=None, whole=True, trust=policy))
    return solutions(json.loads(result.body.read()))


def select(query: str, most: int) -> tuple[list[str], list[Row]]:
    """Return the variables of a reader's SELECT and its first solutions, ``most`` at most.

    Raises:
        ForumGraphError: the runner has no answer, or it is no SELECT.
    """
    result = service().runner.run(Query(query, graph_format=None, max_rows=most))
    found = json.loads(result.body.read())
    if "results" not in found:
        raise UsageError("only the answer to a SELECT is drawn; ask one")
    return found["head"].get("vars", []), solutions(found)


def solutions(result: Mapping[str, Any]) -> list[Row]:
    """Return the solutions of a SELECT out of SPARQL Results JSON."""
    found = result["results"]["bindings"]
    iris: dict[str, Term] = {}  # the same few stand in most rows
    return [{name: _term(term, iris) for name, term in solution.items()} for solution in found]


def turtle(query: str, policy: str = DEFAULT) -> str:
    """Return the triples of a CONSTRUCT over the dataset that is served, as Turtle.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    result = service().runner.run(Query(query, result_format=None, whole=True, trust=policy))
    return without_idle_prefixes(result.body.read().decode("utf-8"))


def node(iri: str) -> str:
    """Return ``iri`` as it stands in a query.

    Raises:
        NotFoundError: it is no IRI, so nothing can be known of it.
    """
    try:
        return str(NamedNode(iri))
    except ValueError:
        raise NotFoundError(f"'{iri}' is no IRI, so nothing is known of it") from None


def without_idle_prefixes(text: str) -> str:
    """Return Turtle without the declarations of prefixes that it does not use."""
    lines = text.splitlines(keepends=True)
    body = "".join(line for line in lines if not line.startswith("@prefix"))
    used = set(_PREFIX.findall(body))
    return "".join(
        line for line in lines if not line.startswith("@prefix") or line.split()[1] in used
    )


def _term(term: Mapping[str, Any], iris: dict[str, Term]) -> Term:
    """Return a term of SPARQL Results JSON, an IRI that is in ``iris`` from there."""
    value = term["value"]
    match term["type"]:
        case "uri":
            known = iris.get(value)
            if known is None:
                known = iris[value] = Term("iri", value)
            return known
        case "bnode":
            return Term("blank", value)
        case "triple":
            return Term("triple", " ".join(_term(part, iris).value for part in value.values()))
        case _:
            return Term("literal", value, term.get("xml:lang", ""), term.get("datatype", ""))
