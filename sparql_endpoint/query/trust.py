"""The same graph under a policy of trust: which claims are its facts.

A policy is a query in ``data/trust/`` that selects the claims it trusts as ``?claim``. A claim that
it trusts has the standing that the written rules (``dfo:rule``) give it among the claims that the
policy trusts. So a fact goes with its last trusted claim, and a value that a stronger source kept
from being a fact becomes one where the policy does not trust that source. Opinions, announcements
and what a speaker has a stake in are facts under no policy. What needs no claim, such as labels and
codes, is the same under every policy.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from sparql_endpoint.errors import DataError, UsageError
from sparql_endpoint.graph.disagreement import rivals
from sparql_endpoint.graph.evidence import Claim, objects, read_evidence
from sparql_endpoint.graph.ranking import WEAK, ClaimedTriple, ranks, triple_of
from sparql_endpoint.names import GRAPH, PREFIXES, expand
from sparql_endpoint.paths import DATA
from sparql_endpoint.query.near import nearest

__all__ = ["DEFAULT", "Difference", "Policy", "difference", "facts", "find", "policies", "under"]

DEFAULT = "default"
"""The policy that trusts every claim: its facts are those that stand in the data."""
_HEADER = re.compile(r"# title: (?P<title>\S.*)\n# trusts: (?P<trusts>\S.*)\n")
_ASSERTED = NamedNode(expand("dfo:asserted"))
_BY_RANK = frozenset(
    NamedNode(expand(f"dfo:{name}"))
    for name in (
        "undisputed", "strongestSource", "contemporarySource", "weakerSource", "equalSources",
    )
)  # fmt: skip
"""The rules that decide by what other sources say, and so may decide otherwise without them."""
_CONTEMPORARY = NamedNode(expand("dfo:contemporarySource"))


@dataclass(frozen=True)
class Policy:
    """Which claims are trusted: ``query`` selects them as ``?claim``."""

    name: str
    title: str
    trusts: str
    """What it trusts, in a sentence."""
    query: str


@dataclass(frozen=True)
class Difference:
    """What are facts under one policy and not under the other, as triples in their order."""

    appears: tuple[ClaimedTriple, ...]
    goes: tuple[ClaimedTriple, ...]


def policies(folder: Path | None = None) -> Mapping[str, Policy]:
    """Return the policies of the project by name, sorted, ``default`` first.

    Raises:
        DataError: a file does not open with a title and with what it trusts.
    """
    found = (folder or DATA / "trust").glob("*.rq")
    files = sorted(found, key=lambda path: (path.stem != DEFAULT, path.stem))
    return {path.stem: _read(path) for path in files}


def find(name: str) -> Policy:
    """Return the policy of this name.

    Raises:
        UsageError: there is none; the message names one that is spelt nearly so.
    """
    known = policies()
    if name in known:
        return known[name]
    near = nearest(name, known)
    advice = f"did you mean '{near}'?" if near else f"available: {', '.join(known)}"
    raise UsageError(f"unknown policy of trust '{name}'; {advice}")


def facts(store: Store, policy: Policy) -> frozenset[ClaimedTriple]:
    """Return the claimed triples that are facts under a policy.

    Args:
        store: a graph with its claims in the default graph, as ``load_project`` returns it.
        policy: the policy.

    Raises:
        DataError: the policy's query does not select ``?claim``, or is not SPARQL.
    """
    evidence = read_evidence(store)
    trusted = _trusted(store, policy)
    claims = [claim for claim in evidence.claims if claim.iri in trusted]
    rank = ranks(store, evidence, claims)
    judge = _Judge(store, evidence.claims, trusted, rank)
    return frozenset(triple_of(claim) for claim in claims if judge.asserts(claim))


def under(store: Store, accepted: Iterable[ClaimedTriple]) -> Store:
    """Return a copy of a graph in which exactly these of the claimed triples are facts.

    A fact that the graph does not have comes into its default graph, and into the named graph
    ``<https://w3id.org/forumgraph/graph/trust>``.
    """
    wanted = set(accepted)
    claimed = {triple_of(claim) for claim in read_evidence(store).claims}
    dropped, copy = claimed - wanted, Store()
    copy.extend(
        quad for quad in store if (quad.subject, quad.predicate, quad.object) not in dropped
    )
    for subject, predicate, value in wanted:
        quad = Quad(subject, predicate, value, DefaultGraph())  # type: ignore[arg-type]  # a triple
        if quad not in copy:
            copy.extend([quad, Quad(*quad.triple, NamedNode(f"{GRAPH}trust"))])  # type: ignore[call-arg]
    return copy


def difference(a: Iterable[ClaimedTriple], b: Iterable[ClaimedTriple]) -> Difference:
    """Return what appears and what goes from the facts ``a`` to the facts ``b``."""
    before, after = set(a), set(b)
    return Difference(_ordered(after - before), _ordered(before - after))


class _Judge:
    """Decides which trusted claims are facts."""

    def __init__(
        self,
        store: Store,
        claims: Iterable[Claim],
        trusted: frozenset[NamedNode],
        rank: Mapping[ClaimedTriple, int],
    ) -> None:
        self._store, self._trusted, self._rank = store, trusted, rank
        self._rivals = rivals(store, claims)
        self._alike: defaultdict[ClaimedTriple, set[NamedNode]] = defaultdict(set)
        for claim in claims:
            self._alike[triple_of(claim)].add(claim.iri)

    def asserts(self, claim: Claim) -> bool:
        """Return whether a trusted claim is a fact among those that are trusted."""
        others = self._rivals.get(claim.iri, ())
        bearing = self._alike[triple_of(claim)] | {other.iri for other in others}
        rules = objects(self._store, claim.iri, "dfo:rule")
        if bearing <= self._trusted or not _BY_RANK.issuperset(rules):
            return claim.standing == _ASSERTED
        own = self._rank[triple_of(claim)]
        best = min(
            (self._rank[triple_of(other)] for other in others if other.iri in self._trusted),
            default=None,
        )
        if best is None:
            return own < WEAK
        return own < best or (own == best and _CONTEMPORARY in rules)


def _trusted(store: Store, policy: Policy) -> frozenset[NamedNode]:
    try:
        found = store.query(policy.query, prefixes=dict(PREFIXES))
    except SyntaxError as error:
        raise DataError(f"the policy '{policy.name}' is not SPARQL: {error}") from None
    if not isinstance(found, QuerySolutions) or "claim" not in [v.value for v in found.variables]:
        raise DataError(f"the policy '{policy.name}' does not select ?claim")
    return frozenset(row["claim"] for row in found)


def _read(path: Path) -> Policy:
    text = path.read_text(encoding="utf-8")
    header = _HEADER.match(text)
    if header is None:
        raise DataError(f"{path}: the first lines are not '# title:' and '# trusts:'")
    return Policy(path.stem, header["title"], header["trusts"], text)


def _ordered(triples: Iterable[ClaimedTriple]) -> tuple[ClaimedTriple, ...]:
    return tuple(sorted(triples, key=str))
