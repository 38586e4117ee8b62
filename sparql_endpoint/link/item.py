"""A Wikidata item as the entity JSON gives it.

The format: https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Item", "JsonObject", "parse_item"]

JsonObject = Mapping[str, Any]

_ANY_LANGUAGE = "mul"


@dataclass(frozen=True)
class Item:
    """An item, with its best statements only.

    ``labels`` and ``aliases`` are by language; ``claims`` maps a property id to the JSON values of
    its statements of the best rank, those without a value left out. ``redirected_from`` is the id
    that was asked for, where another item took its place.
    """

    id: str
    labels: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    claims: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    redirected_from: str = ""

    def label(self, language: str = "en") -> str:
        """Return the label in ``language``, else that for any language, in English, or the id."""
        for wanted in (language, _ANY_LANGUAGE, "en"):
            if wanted in self.labels:
                return self.labels[wanted]
        return self.id

    def names(self, *languages: str) -> Iterator[str]:
        """Yield labels and aliases in the languages and in ``mul``; in all where none is named."""
        wanted = {*languages, _ANY_LANGUAGE} if languages else {*self.labels, *self.aliases}
        for language in sorted(wanted):
            if language in self.labels:
                yield self.labels[language]
            yield from self.aliases.get(language, ())

    def items(self, property_id: str) -> tuple[str, ...]:
        """Return the ids of the items that ``property_id`` points to."""
        found = (_item_id(value) for value in self.claims.get(property_id, ()))
        return tuple(item for item in found if item)

    def strings(self, property_id: str) -> tuple[str, ...]:
        """Return the values of ``property_id`` that are strings or external ids."""
        return tuple(v for v in self.claims.get(property_id, ()) if isinstance(v, str))

    def times(self, property_id: str) -> tuple[tuple[str, int], ...]:
        """Return each time of ``property_id`` with its precision (9 year, 10 month, 11 day)."""
        return tuple(
            (str(value["time"]), int(value["precision"]))
            for value in self.claims.get(property_id, ())
            if isinstance(value, Mapping) and "time" in value
        )

    def coordinates(self) -> tuple[tuple[float, float], ...]:
        """Return latitude and longitude of each coordinate location (P625), in degrees."""
        return tuple(
            (float(value["latitude"]), float(value["longitude"]))
            for value in self.claims.get("P625", ())
            if isinstance(value, Mapping) and "latitude" in value
        )


def parse_item(body: JsonObject, asked: str = "") -> Item:
    """Return the item that one value of ``entities`` in a JSON answer describes."""
    given = str(body["id"])
    return Item(
        id=given,
        labels=_texts(body.get("labels")),
        descriptions=_texts(body.get("descriptions")),
        aliases={
            language: tuple(str(alias["value"]) for alias in aliases)
            for language, aliases in _mapping(body.get("aliases")).items()
        },
        claims={
            key: tuple(_best_values(statements))
            for key, statements in _mapping(body.get("claims")).items()
        },
        redirected_from=asked if asked and asked != given else "",
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    """Return a JSON object; PHP writes an empty one as an empty array."""
    return value if isinstance(value, Mapping) else {}


def _texts(value: Any) -> dict[str, str]:
    return {language: str(text["value"]) for language, text in _mapping(value).items()}


def _best_values(statements: list[JsonObject]) -> Iterator[Any]:
    ranked = [s for s in statements if s.get("rank", "normal") != "deprecated"]
    preferred = [s for s in ranked if s.get("rank") == "preferred"]
    for statement in preferred or ranked:
        snak = statement["mainsnak"]
        if snak["snaktype"] == "value":
            yield snak["datavalue"]["value"]


def _item_id(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    if "id" in value:
        return str(value["id"])
    return f"Q{value['numeric-id']}" if "numeric-id" in value else ""
