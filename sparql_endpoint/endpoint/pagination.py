"""The next part of an answer that was cut.

By OFFSET behind the query (https://www.w3.org/TR/sparql11-query/#modOffset), without a LIMIT: the
server cuts each part as it cut the first, and says so, down to the last. The parts fit together as
far as the engine keeps the order of solutions from one query to the next; where that matters, ask
with ORDER BY. Labels of blank nodes hold within one part, as ever.
"""

import re
from dataclasses import replace

from sparql_endpoint.endpoint.protocol import QueryRequest
from sparql_endpoint.endpoint.urls import address
from sparql_endpoint.query.evaluation import Result

__all__ = ["next_page"]

_OURS = re.compile(r"\nOFFSET (\d+)\Z")
_BOUND = re.compile(r"\b(?:LIMIT|OFFSET|VALUES)\b", re.IGNORECASE)
_IRI = re.compile(r"<[^<>]*>")
_TEMPLATE = re.compile(
    r"(?:\s|\#[^\n\r]*[\n\r]|BASE\s*<[^<>]*>|PREFIX\s+[^\s:]*:\s*<[^<>]*>)*"
    r"CONSTRUCT\s*(?:WHERE\s*)?\{([^{}]*)\}",
    re.IGNORECASE,
)
_OPAQUE = re.compile(r"[\"'#<>(\[\\~]|_:")
"""What makes a template one that gives blank nodes, or one whose triples are not plain to count."""


def next_page(asked: QueryRequest, result: Result) -> str:
    """Return the relative URL that asks for what is behind an answer that was cut.

    Empty where there is none to give: the answer is whole, the query has bounds of its own, or it
    is a DESCRIBE or a CONSTRUCT of which nobody can tell how many solutions the triples are of.
    """
    if result.complete or not result.rows:
        return ""
    ours = _OURS.search(asked.query)
    start, query = (int(ours[1]), asked.query[: ours.start()]) if ours else (0, asked.query)
    used = result.rows // _most_triples(query) if result.is_graph else result.rows
    if not used or _BOUND.search(query):
        return ""
    return address(
        replace(asked, query=f"{query}\nOFFSET {start + used}", encoded=""), asked.format or ""
    )


def _most_triples(query: str) -> int:
    """Return how many triples one solution gives at most, more than any answer has if unknown.

    An answer is cut by triples and continued by solutions. Those that surely are used up by n
    triples are n divided by this number: so parts overlap, and together are the whole graph. The
    blank nodes of a template would be new ones in each part (SPARQL 1.1 Query, section 16.2.1).
    """
    found = _TEMPLATE.match(query)
    template = _IRI.sub("", found[1]) if found else "_:"
    if _OPAQUE.search(template):
        return 1 << 62
    return 1 + sum(template.count(mark) for mark in ".;,")
