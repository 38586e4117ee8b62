"""Candidate links for entities that have none: found, scored, ready to be reviewed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sparql_endpoint import __version__
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.link.classes import item_classes
from sparql_endpoint.link.entities import ENTITY_SPACE, Entity
from sparql_endpoint.link.item import Item
from sparql_endpoint.link.links import Link
from sparql_endpoint.link.mapping import PropertyMapping
from sparql_endpoint.link.scoring import LANGUAGES, Judgement, Score, judge
from sparql_endpoint.link.sssom import Row, curie
from sparql_endpoint.link.wikidata import Wikidata
from sparql_endpoint.names import PREFIXES, expand

__all__ = ["Proposal", "candidate_rows", "chosen_entities", "propose"]

_WORTH_SHOWING = 0.4
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Proposal:
    """An item that may be an entity of ours: how sure, why, and by which searches it was found."""

    entity: Entity
    item: Item
    score: Score
    found_by: tuple[str, ...]

    @property
    def predicate(self) -> str:
        """The mapping property to propose, prefixed: that of concepts, or of the same thing.

        How much speaks for it is told by the confidence and not by the property.
        """
        concept = expand("skos:Concept") in self.entity.classes
        return "skos:exactMatch" if concept else "owl:sameAs"


def chosen_entities(
    entities: Mapping[str, Entity],
    links: Iterable[Link],
    judgement: Judgement,
    names: Iterable[str] = (),
) -> list[Entity]:
    """Return the entities named by slug or IRI, or all that Wikidata may have and no link gives.

    Wikidata may have what is of a class that is aligned with one there: states and meetings, not
    our counts and appeals.

    Raises:
        NotFoundError: a name is of no entity.
    """
    wanted = list(names)
    if not wanted:
        linked = {link.subject for link in links if link.identifies}
        unlinked = [entity for iri, entity in entities.items() if iri not in linked]
        return [entity for entity in unlinked if judgement.expected_classes(entity)]
    return [_entity(entities, name) for name in wanted]


def propose(
    wikidata: Wikidata, entity: Entity, judgement: Judgement, limit: int = 5
) -> list[Proposal]:
    """Return the best candidates for ``entity``, the surest first.

    Raises:
        RemoteError: Wikidata does not answer.
    """
    found = _search(wikidata, entity, judgement)
    items = {key: item for key, item in wikidata.items(found).items() if item is not None}
    expected = judgement.expected_classes(entity)
    ids = {item.id for item in items.values()}
    classes = item_classes(wikidata, ids, expected) if ids and expected else {}
    proposals = [
        Proposal(
            entity,
            item,
            judge(entity, item, judgement, classes.get(item.id, _NONE)),
            tuple(found[key]),
        )
        for key, item in items.items()
    ]
    worth = [p for p in proposals if p.score.confidence >= _WORTH_SHOWING]
    return sorted(worth, key=lambda p: (-p.score.confidence, int(p.item.id[1:])))[:limit]


def candidate_rows(proposals: Iterable[Proposal], author: str, today: date) -> list[Row]:
    """Return the proposals as rows of a candidates file, not reviewed."""
    return [_row(proposal, author, today) for proposal in proposals]


def _entity(entities: Mapping[str, Entity], name: str) -> Entity:
    for iri in (name, expand(name), ENTITY_SPACE + name):
        if iri in entities:
            return entities[iri]
    raise NotFoundError(f"{name}: no entity of this name; give a slug such as 'chile'")


def _search(wikidata: Wikidata, entity: Entity, judgement: Judgement) -> dict[str, list[str]]:
    """Return what the searches find, by item id, with the searches that found it."""
    found: dict[str, list[str]] = {}
    for language, text in _labels(entity):
        for hit in wikidata.search(text, language):
            found.setdefault(hit.id, []).append(hit.found_by)
    types = sorted(judgement.expected_classes(entity))
    codes = dict(_known_codes(entity, judgement.mappings))
    for hit in wikidata.reconcile(entity.label(), types, codes):
        found.setdefault(hit.id, []).append(hit.found_by)
    return found


def _labels(entity: Entity) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        texts = [n.text for n in entity.names if n.preferred and n.language == language]
        if texts:
            yield language, texts[0]


def _known_codes(
    entity: Entity, mappings: Mapping[str, PropertyMapping]
) -> Iterator[tuple[str, str]]:
    for mapping in mappings.values():
        values = entity.literals(mapping.ours)
        if mapping.value_type == "ExternalId" and values:
            yield mapping.theirs, values[0]


def _row(proposal: Proposal, author: str, today: date) -> Row:
    composite = proposal.score.compared("code") or proposal.score.compared("class")
    return Row(
        subject_id=curie(proposal.entity.iri),
        subject_label=proposal.entity.label(),
        predicate_id=proposal.predicate,
        predicate_modifier="",
        object_id=curie(PREFIXES["wd"] + proposal.item.id),
        object_label=proposal.item.label(),
        mapping_justification=f"semapv:{'CompositeMatching' if composite else 'LexicalMatching'}",
        author_label=author,
        reviewer_label="",
        mapping_tool=f"forumgraph {__version__}",
        mapping_date=today.isoformat(),
        confidence=f"{proposal.score.confidence:g}",
        comment=proposal.score.reason,
    )
