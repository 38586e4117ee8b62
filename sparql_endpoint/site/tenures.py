"""Who held which post, from when until when."""

from dataclasses import dataclass

from sparql_endpoint.names import expand
from sparql_endpoint.site.asking import Term, node, rows

__all__ = ["HAVE_TENURES", "Tenure", "tenures"]

HAVE_TENURES = frozenset(expand(name) for name in ("foaf:Person", "dfo:State", "org:Post"))
"""The classes of things that have tenures: those who hold posts, and the posts."""

_QUERY = """
SELECT ?tenure ?other (MIN(?first) AS ?start) (MAX(?last) AS ?end) {{
    {{ ?tenure org:member {thing} ; dfo:ofPost ?other }}
    UNION {{ ?tenure dfo:ofPost {thing} ; org:member ?other }}
    OPTIONAL {{ ?tenure org:memberDuring/dcat:startDate ?first }}
    OPTIONAL {{ ?tenure org:memberDuring/dcat:endDate ?last }}
}} GROUP BY ?tenure ?other ORDER BY ?start ?tenure"""


@dataclass(frozen=True)
class Tenure:
    """The holding of a post: the post or its holder, whichever is not the thing asked about."""

    iri: str
    other: str
    start: Term | None
    end: Term | None


def tenures(iri: str) -> list[Tenure]:
    """Return the tenures of a holder or of a post, in the order of their beginnings."""
    return [
        Tenure(row["tenure"].value, row["other"].value, row.get("start"), row.get("end"))
        for row in rows(_QUERY.format(thing=node(iri)))
        if "tenure" in row
    ]
