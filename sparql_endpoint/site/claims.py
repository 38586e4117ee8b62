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
    "naming",
    "of_source",
    "one",
    "open_to_conflict",
    "resting_on",
]

_DFO = PREFIXES["dfo"]
_MOST = 100_000
_NOTE = f"{PREFIXES['skos']}editorialNote"
_RDF = PREFIXES["rdf"]
_TRIPLE = ("subject", "predicate", "object")

_PARTS = (
    "?claim ?p ?o",
    (
        "?claim dfo:evidence ?quote . ?quote oa:hasSource ?source ; oa:hasSelector ?selector ."
        " ?selector oa:exact ?exact ; oa:start ?start ; oa:end ?end"
    ),
    "?conflict dfo:conflictsWith ?claim",
)
"""What is asked of each claim, apart, since a store joins parts that hang together fastest."""
_VARIABLES = "?claim ?p ?o ?quote ?source ?exact ?start ?end ?conflict"


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
    def marked_basis(self) -> bool:
        """Whether its evidence does not say it in so many words: it is inferred or paraphrased."""
        return self.basis not in {"", f"{_DFO}stated"}

    @property
    def has_words(self) -> bool:
        """Whether the words that carry it are recorded."""
        return any(item.exact for item in self.evidence)

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


def of_source(iri: str) -> list[Claim]:
    """Return the claims that rest on a source, by quotation or by a place in it."""
    return claims_where(f"{node(iri)} (^oa:hasSource)?/^dfo:evidence ?claim")


def resting_on(iri: str) -> list[Claim]:
    """Return the claims whose evidence is ``iri``."""
    return claims_where(f"?claim dfo:evidence {node(iri)}")


def one(iri: str) -> Claim | None:
    """Return a claim by its IRI, or None."""
    found = claims_where(f"VALUES ?claim {{ {node(iri)} }}")
    return found[0] if found else None


def open_to_conflict() -> list[Claim]:
    """Return claims that an editor says conflict, of properties of one value, and with counts."""
    return claims_where(
        "?claim dfo:conflictsWith|^dfo:conflictsWith ?other",
        "?single dfo:singleValued true . ?claim rdf:predicate ?single",
        "?single a owl:FunctionalProperty . ?claim rdf:predicate ?single",
        "?claim rdf:predicate dfo:hasCount",
    )


def claims_where(*patterns: str) -> list[Claim]:
    """Return the claims that any of some graph patterns binds to ``?claim``, ordered by IRI.

    One query; at most some thousand claims.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    branches = " UNION ".join(
        f"{{ {pattern} . {part} }}" for pattern in patterns for part in _PARTS
    )
    groups: dict[str, list[Row]] = {}
    for row in rows(f"SELECT DISTINCT {_VARIABLES} {{ {branches} }} LIMIT {_MOST}"):
        groups.setdefault(row["claim"].value, []).append(row)
    made = (_claim(iri, groups[iri]) for iri in sorted(groups))
    return [claim for claim in made if claim is not None]


def _claim(iri: str, found: list[Row]) -> Claim | None:
    """Return a claim of what is known of it, or None where that is no triple."""
    values: dict[str, list[Term]] = {}
    for row in found:
        if "p" in row and row["o"] not in (known := values.setdefault(row["p"].value, [])):
            known.append(row["o"])  # a row stands once for each claim that conflicts
    subject, predicate, object_ = (values.get(f"{_RDF}{part}") for part in _TRIPLE)
    if not (subject and predicate and object_):
        return None

    def of(name: str) -> tuple[str, ...]:
        terms = values.get(_DFO + name)
        return tuple(sorted(term.value for term in terms)) if terms else ()

    return Claim(
        iri,
        subject[0],
        predicate[0].value,
        object_[0],
        "".join(of("claimant")[:1]),
        "".join(of("standing")[:1]),
        "".join(of("basis")[:1]),
        "".join(of("rule")[:1]),
        tuple(sorted(values.get(_NOTE, ()))),
        of("voicedIn"),
        of("locator"),
        _evidence(of("evidence"), found),
        bool(of("conflictsWith")) or any("conflict" in row for row in found),
    )


def _evidence(named: Iterable[str], found: list[Row]) -> tuple[Evidence, ...]:
    """Return quotations with their words, and sources that have no text as they are."""
    quotes = {
        row["quote"].value: Evidence(
            row["source"].value,
            int(row["start"].value),
            int(row["end"].value),
            row["quote"].value,
            row["exact"].value,
        )
        for row in found
        if "quote" in row
    }
    return tuple(sorted(quotes.get(iri, Evidence(iri, -1, -1, iri)) for iri in named))
