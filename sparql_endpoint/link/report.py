"""The report on the links: their form always, and what Wikidata says of them where it is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.links import check_links
from sparql_endpoint.check.report import Places, Report, order
from sparql_endpoint.check.scope import read_scope
from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.evidence import read_evidence
from sparql_endpoint.link.drift import check_drift
from sparql_endpoint.link.entities import Entity, read_entities
from sparql_endpoint.link.links import Link, read_links
from sparql_endpoint.link.mapping import fitting_classes, property_mappings
from sparql_endpoint.link.scoring import Judgement
from sparql_endpoint.link.wikidata import Wikidata
from sparql_endpoint.names import expand

__all__ = ["LinkFigures", "link_report"]

_OFFLINE = "Wikidata not asked: whether items exist and agree is unknown"


@dataclass(frozen=True)
class LinkFigures:
    """How much was checked: links, the entities they start from, items that Wikidata gave."""

    links: int
    entities: int
    items: int

    def __str__(self) -> str:
        """Return the figures in words."""
        return f"{self.links} links of {self.entities} entities, {self.items} items read"


def link_report(
    paths: Sequence[Path] = (), wikidata: Wikidata | None = None
) -> Report[LinkFigures]:
    """Check the links in Turtle files, or in the project's without ``paths``.

    Without ``wikidata`` only their form, number and reasons are checked.

    Raises:
        DataError: there is no link to check.
        RemoteError: Wikidata does not answer.
        NotFoundError, RdfSyntaxError: as ``check``.
    """
    scope = read_scope(paths)
    store = scope.store()
    links, entities = read_links(store), read_entities(store)
    if not links:
        raise DataError("nothing to check: no link to Wikidata in these files")
    items = wikidata.items(link.item for link in links if link.is_item) if wikidata else {}
    drift: Iterator[Finding] = iter(())
    if wikidata:
        judgement = Judgement(property_mappings(store), fitting_classes(store))
        drift = check_drift(wikidata, links, entities, items, judgement)
    found = chain(check_links(store), _unexplained(links), _unlinked(links, entities), drift)
    places = Places(scope.graph, read_evidence(store))
    figures = LinkFigures(
        len(links),
        len({link.subject for link in links}),
        sum(i is not None for i in items.values()),
    )
    unchecked = () if wikidata else (_OFFLINE,)
    return Report(order(places.place(finding) for finding in found), figures, unchecked)


def _unexplained(links: Sequence[Link]) -> Iterator[Finding]:
    for link in links:
        if not link.reasons:
            yield Finding(
                check="links",
                rule="reason",
                severity=Severity.ERROR,
                message="a link without a reason",
                mend="Say in an owl:Axiom with rdfs:comment why this item, and why this relation.",
                focus=NamedNode(link.subject),
                predicate=NamedNode(expand(link.predicate)),
                value=NamedNode(link.target),
            )


def _unlinked(links: Sequence[Link], entities: dict[str, Entity]) -> Iterator[Finding]:
    linked = {link.subject for link in links if link.identifies}
    state = expand("dfo:State")
    for iri, entity in entities.items():
        if state in entity.classes and iri not in linked:
            yield Finding(
                check="links",
                rule="linked-states",
                severity=Severity.WARNING,
                message="a state that is linked to no item of Wikidata",
                mend=f"Try: forumgraph link propose {entity.slug}",
                focus=NamedNode(iri),
            )
