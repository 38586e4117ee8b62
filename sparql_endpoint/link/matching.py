"""Finding the entity that a name means, and saying why.

How well a name fits is a score from 0 to 100. Exact forms come before abbreviations, these before
likeness, which rapidfuzz measures.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sparql_endpoint.link.entities import Entity, Name
from sparql_endpoint.link.wording import canonical, core, initials, numbers, plain

__all__ = ["CERTAIN", "MARGIN", "Candidate", "NameIndex", "Way", "decided", "similarity"]

CERTAIN = 86.0
"""The score from which a name may be taken for the entity's."""

MARGIN = 5.0
"""How far ahead of the next candidate it must be."""

_WORTH_SHOWING = 60.0
_LIKENESS = 0.97
_CODES = ("dfo:isoAlpha2", "dfo:isoAlpha3", "dfo:unM49")
_LINKS = ("owl:sameAs", "skos:exactMatch")


class Way(StrEnum):
    """How a name fits, in words; the stronger first."""

    IDENTIFIER = "the identifier itself"
    SAME = "same name"
    SPELLING = "same name but for accents, case or punctuation"
    WORDING = "same words but for order, articles or abbreviations"
    CODE = "code of the state"
    INITIALS = "initials of the name"
    CORE = "same but for words such as 'republic'"
    LIKENESS = "alike"
    PROPERTIES = "values of its properties"


_SCORES = {
    Way.IDENTIFIER: 100.0,
    Way.SAME: 100.0,
    Way.SPELLING: 99.0,
    Way.WORDING: 97.0,
    Way.CODE: 95.0,
    Way.INITIALS: 92.0,
    Way.CORE: 88.0,
}
_EXACT = frozenset({*_SCORES} - {Way.CORE})
_OTHER_NUMBER = 80.0


@dataclass(frozen=True)
class Candidate:
    """An entity that a query may mean: how well it fits (0 to 100), in which way, by which name."""

    entity: Entity
    score: float
    way: Way
    name: Name | None

    @property
    def reason(self) -> str:
        """Why this is a candidate, in one line."""
        if self.name is None or self.way is Way.PROPERTIES:
            return str(self.way)
        language = f"@{self.name.language}" if self.name.language else ""
        return f"{self.way}: {self.name.text!r}{language}"


def decided(candidates: list[Candidate]) -> bool:
    """Tell whether the first of the candidates, sorted, is good enough to be taken unseen.

    A name that only shares its core ("Republic of China" with China) never is. Beside one that fits
    exactly, those that are only alike do not count.
    """
    if not candidates or candidates[0].score < CERTAIN or candidates[0].way is Way.CORE:
        return False
    first, *others = candidates
    if first.way in _EXACT:
        others = [other for other in others if other.way in _EXACT]
    return not others or first.score - others[0].score >= MARGIN


def similarity(left: str, right: str) -> float:
    """Return how alike two names are, from 0 to 100, whatever their accents and word order."""
    from rapidfuzz import fuzz  # noqa: PLC0415  # takes 0.1 s of a server's start

    if plain(left) == plain(right):
        return 100.0
    one, other = canonical(left), canonical(right)
    return _SCORES[Way.WORDING] if one == other else _LIKENESS * fuzz.ratio(one, other)


class NameIndex:
    """Every name of the entities in the forms that are compared; built once, then only read."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._rows = [(entity, name) for entity in entities for name in entity.names]
        self._canonical = [canonical(name.text) for _, name in self._rows]
        self._exact: dict[tuple[Way, str], list[tuple[Entity, Name]]] = defaultdict(list)
        for entity, name in self._rows:
            for key in _forms(name.text):
                self._exact[key].append((entity, name))
        for entity in {entity.iri: entity for entity, _ in self._rows}.values():
            for way, form in _identifiers(entity):
                self._exact[way, form].append((entity, Name(form)))

    def candidates(self, text: str, limit: int | None = None) -> list[Candidate]:
        """Return the entities that ``text`` may mean, each once, the best first."""
        best: dict[str, Candidate] = {}
        for candidate in self._found(text):
            known = best.get(candidate.entity.iri)
            if known is None or candidate.score > known.score:
                best[candidate.entity.iri] = candidate
        ranked = sorted(best.values(), key=lambda found: (-found.score, found.entity.iri))
        return ranked[:limit]

    def _found(self, text: str) -> Iterator[Candidate]:
        from rapidfuzz import fuzz, process  # noqa: PLC0415  # as above

        for way, form in _queried(text):
            for entity, name in self._exact.get((way, form), ()):
                yield Candidate(entity, _SCORES[way], way, name)
        wanted = canonical(text)
        for _, likeness, row in process.extract(
            wanted,
            self._canonical,
            scorer=fuzz.ratio,
            limit=50,
            score_cutoff=_WORTH_SHOWING,
        ):
            entity, name = self._rows[row]
            score = round(_LIKENESS * likeness, 1)
            if numbers(wanted) != numbers(self._canonical[row]):
                score = min(score, _OTHER_NUMBER)
            yield Candidate(entity, score, Way.LIKENESS, name)


def _forms(text: str) -> Iterator[tuple[Way, str]]:
    yield Way.SAME, text
    yield Way.SPELLING, plain(text)
    yield Way.WORDING, canonical(text)
    yield Way.CORE, core(text)
    if short := initials(text):
        yield Way.INITIALS, short


def _queried(text: str) -> Iterator[tuple[Way, str]]:
    stripped = text.strip()
    yield Way.IDENTIFIER, stripped
    yield Way.SAME, stripped
    yield Way.SPELLING, plain(stripped)
    yield Way.WORDING, canonical(stripped)
    yield Way.CORE, core(stripped)
    letters = stripped.replace(".", "").replace(" ", "")
    if letters.isupper() or letters.isdigit():
        yield Way.CODE, letters
        yield Way.INITIALS, letters.casefold()


def _identifiers(entity: Entity) -> Iterator[tuple[Way, str]]:
    yield Way.IDENTIFIER, entity.slug
    yield Way.IDENTIFIER, entity.iri
    for item in entity.linked(*_LINKS):
        yield Way.IDENTIFIER, item
    for code in _CODES:
        for value in entity.strings(code):
            yield Way.CODE, value
