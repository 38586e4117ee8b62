"""Claims: who says what, in which words, where."""

from collections.abc import Iterable
from dataclasses import dataclass

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.site.asking import Row, Term, node, rows

__all__ = [
    "Claim",
    "Evidence",
    "about",
    "claims_where",
    "in_conflict",
    "naming",
    "of_claimant",
    "of_source",
    "one",
    "resting_on",
]

_DFO = PREFIXES["dfo"]
_MOST = 5000

_QUERY = """
SELECT ?claim ?s ?p ?o ?claimant ?standing ?basis ?rule ?note ?voiced ?locator ?evidence ?source
    ?exact ?start ?end ?conflict
WHERE {{
    {{ SELECT DISTINCT ?claim {{ {pattern} }} }}
    ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
    OPTIONAL {{ ?claim dfo:claimant ?claimant }}
    OPTIONAL {{ ?claim dfo:standing ?standing }}
    OPTIONAL {{ ?claim dfo:basis ?basis }}
    OPTIONAL {{ ?claim dfo:rule ?rule }}
    OPTIONAL {{ ?claim skos:editorialNote ?note }}
    OPTIONAL {{ ?claim dfo:voicedIn ?voiced }}
    OPTIONAL {{ ?claim dfo:locator ?locator }}
    OPTIONAL {{
        ?claim dfo:evidence ?evidence
        OPTIONAL {{
            ?evidence oa:hasSource ?source ; oa:hasSelector ?selector .
            ?selector oa:exact ?exact ; oa:start ?start ; oa:end ?end
        }}
    }}
    BIND (EXISTS {{ ?claim dfo:conflictsWith|^dfo:conflictsWith ?other }} AS ?conflict)
}}
LIMIT {most}"""


@dataclass(frozen=True, order=True)
class Evidence:
    """What a claim rests on: a quotation, or the source itself where there is no text to quote."""

    source: str
    start: int
    end: int
    iri: str
    exact: str = ""


@dataclass(frozen=True)
class Claim:
    """A triple as somebody stated it in a source."""

    iri: str
    subject: Term
    predicate: str
    object: Term
    claimant: str = ""
    standing: str = ""
    basis: str = ""
    rule: str = ""
    notes: tuple[Term, ...] = ()
    voiced_in: tuple[str, ...] = ()
    locators: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conflicting: bool = False

    @property
    def asserted(self) -> bool:
        """Whether the graph states it too."""
        return self.standing == f"{_DFO}asserted"

    @property
    def inferred(self) -> bool:
        """Whether its evidence only implies it."""
        return self.basis == f"{_DFO}inferred"

    @property
    def sources(self) -> list[str]:
        """The sources that it rests on."""
        return sorted({item.source for item in self.evidence})

    @property
    def voiced_elsewhere(self) -> tuple[str, ...]:
        """What it was said in, where that is not the source itself."""
        return tuple(iri for iri in self.voiced_in if iri not in self.sources)

    @property
    def own_voice(self) -> bool:
        """Whether the source itself says it."""
        return self.claimant in self.sources


def about(iri: str) -> list[Claim]:
    """Return the claims whose subject is ``iri``."""
    return claims_where(f"?claim rdf:subject {node(iri)}")


def naming(iri: str) -> list[Claim]:
    """Return the attributed claims whose object is ``iri``."""
    return claims_where(f"?claim rdf:object {node(iri)} ; dfo:standing dfo:attributed")


def of_claimant(iri: str) -> list[Claim]:
    """Return the claims that ``iri`` makes."""
    return claims_where(f"?claim dfo:claimant {node(iri)}")


def of_source(iri: str) -> list[Claim]:
    """Return the claims that rest on a source, by quotation or by a place in it."""
    return claims_where(
        f"{{ ?claim dfo:evidence {node(iri)} }} UNION"
        f" {{ ?quote oa:hasSource {node(iri)} . ?claim dfo:evidence ?quote }}"
    )


def resting_on(iri: str) -> list[Claim]:
    """Return the claims whose evidence is ``iri``."""
    return claims_where(f"?claim dfo:evidence {node(iri)}")


def one(iri: str) -> Claim | None:
    """Return a claim by its IRI, or None."""
    found = claims_where(f"?claim a dfo:Claim FILTER (sameTerm(?claim, {node(iri)}))")
    return found[0] if found else None


def in_conflict() -> list[Claim]:
    """Return the claims that contradict another, told by an editor or by a property of one value.

    Those of one value in two degrees of precision are among them.
    """
    return claims_where(
        "{ ?claim dfo:conflictsWith|^dfo:conflictsWith ?other } UNION {"
        " ?p dfo:singleValued true . ?claim rdf:predicate ?p ; rdf:subject ?s ; rdf:object ?o ."
        " ?other rdf:predicate ?p ; rdf:subject ?s ; rdf:object ?differs ."
        " FILTER (!sameTerm(?o, ?differs)) }"
    )


def claims_where(pattern: str) -> list[Claim]:
    """Return the claims that a graph pattern binds to ``?claim``, in the order of their IRIs.

    One query; at most some thousand rows.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows(_QUERY.format(pattern=pattern, most=_MOST)):
        groups.setdefault(row["claim"].value, []).append(row)
    return [_claim(iri, groups[iri]) for iri in sorted(groups)]


def _claim(iri: str, found: list[Row]) -> Claim:
    first = found[0]
    return Claim(
        iri,
        first["s"],
        first["p"].value,
        first["o"],
        _value(first, "claimant"),
        _value(first, "standing"),
        _value(first, "basis"),
        _value(first, "rule"),
        tuple(sorted({row["note"] for row in found if "note" in row})),
        _values(found, "voiced"),
        _values(found, "locator"),
        tuple(sorted(_evidence(found))),
        _value(first, "conflict") == "true",
    )


def _evidence(found: list[Row]) -> Iterable[Evidence]:
    return {
        Evidence(
            row["source"].value if "source" in row else row["evidence"].value,
            int(_value(row, "start") or -1),
            int(_value(row, "end") or -1),
            row["evidence"].value,
            _value(row, "exact"),
        )
        for row in found
        if "evidence" in row
    }


def _value(row: Row, name: str) -> str:
    return row[name].value if name in row else ""


def _values(found: list[Row], name: str) -> tuple[str, ...]:
    return tuple(sorted({row[name].value for row in found if name in row}))
