"""Which classes items of Wikidata are instances of, through the hierarchy there."""

from collections.abc import Iterable

from sparql_endpoint.link.wikidata import Wikidata
from sparql_endpoint.names import PREFIXES

__all__ = ["item_classes"]

_QUERY = """\
SELECT DISTINCT ?item ?class WHERE {{
  VALUES ?item {{ {items} }}
  VALUES ?class {{ {classes} }}
  ?item <{wdt}P31>/<{wdt}P279>* ?class .
}} ORDER BY ?item ?class"""
_BATCH = 100


def item_classes(
    wikidata: Wikidata, items: Iterable[str], classes: Iterable[str]
) -> dict[str, frozenset[str]]:
    """Return for each item which of ``classes`` it is an instance of, also of their subclasses.

    Raises:
        RemoteError: the query service does not answer.
    """
    asked, named = sorted(set(items)), sorted(set(classes))
    found: dict[str, set[str]] = {item: set() for item in asked}
    for start in range(0, len(asked), _BATCH):
        query = _QUERY.format(
            items=_values(asked[start : start + _BATCH]),
            classes=_values(named),
            wdt=PREFIXES["wdt"],
        )
        for row in wikidata.select(query):
            found[_local(row["item"])].add(_local(row["class"]))
    return {item: frozenset(its) for item, its in found.items()}


def _values(ids: Iterable[str]) -> str:
    return " ".join(f"<{PREFIXES['wd']}{item}>" for item in ids)


def _local(iri: str) -> str:
    return iri.rpartition("/")[2]
