"""Literals that the store keeps by their value, and so gives back in another form.

Oxigraph stores what it can compute with as a number, a time or a duration: ``007`` comes back as
``7`` and ``"5"^^xsd:int`` as an ``xsd:integer``. For RDF they are other literals than those that
came in (RDF 1.1 Concepts, section 3.3: https://www.w3.org/TR/rdf11-concepts/#section-Graph-Literal).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from sparql_endpoint.names import PREFIXES, shorten

__all__ = ["Forms", "stored", "stored_quad"]

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
_XSD = PREFIXES["xsd"]
_STRING = f"{_XSD}string"
_SAME = {
    f"{_XSD}{name}": re.compile(pattern)
    for name, pattern in {
        "boolean": "true|false",
        "date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])",
        "dateTime": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3])(:[0-5]\d){2}Z?",
        "decimal": r"-?(0|[1-9]\d{0,14})\.\d{0,13}[1-9]",
        "gYear": r"\d{4}",
        "integer": r"0|-?[1-9]\d{0,17}",
    }.items()
}
"""Literals that come back as they are, so that the store need not be asked about each."""
_SCRATCH = NamedNode("urn:x-forumgraph:literal")
_SHOWN = 60


class Forms:
    """Counts the statements whose value the store changes, and shows the first such literal.

    ``changed`` is called with each of these statements, and ``unchanged`` with each other one whose
    value is stored as such: the store takes ``7`` for the same as ``007``.
    """

    def __init__(
        self,
        changed: Callable[[Quad], object] = lambda _quad: None,
        unchanged: Callable[[Quad], object] = lambda _quad: None,
    ) -> None:
        self._changed, self._unchanged = changed, unchanged
        self.count = 0
        self.example: Literal | None = None

    def watch(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yield ``quads`` as they are."""
        for quad in quads:
            value = quad.object
            if isinstance(value, Triple) or (isinstance(value, Literal) and _is_by_value(value)):
                self._look(quad, value)
            yield quad

    def _look(self, quad: Quad, value: Literal | Triple) -> None:
        if _term(value) == value:
            self._unchanged(quad)
            return
        self.count += 1
        self.example = self.example or _literal(value)
        self._changed(quad)

    @property
    def notice(self) -> str:
        """One line on what changes, empty where nothing does."""
        if self.example is None:
            return ""
        many = "1 literal is" if self.count == 1 else f"{self.count:,} literals are"
        was, now = _shown(self.example), _shown(stored(self.example))
        return (
            f"{many} stored by value and not as written ({was} becomes {now}): queries see the"
            " value; export and dumps keep the form"
        )


def stored(literal: Literal) -> Literal:
    """Return the form in which the store gives a literal back."""
    if not _is_by_value(literal):
        return literal
    same = _SAME.get(literal.datatype.value)
    return literal if same and same.fullmatch(literal.value) else _by_store(literal)


def stored_quad(quad: Quad) -> Quad:
    """Return a statement as the store gives it back."""
    return Quad(quad.subject, quad.predicate, _term(quad.object), quad.graph_name)


def _is_by_value(literal: Literal) -> bool:
    datatype = literal.datatype.value
    return datatype.startswith(_XSD) and datatype != _STRING


def _term(term: Term) -> Term:
    if isinstance(term, Literal):
        return stored(term)
    if isinstance(term, Triple):
        return Triple(term.subject, term.predicate, _term(term.object))
    return term


@lru_cache(maxsize=100_000)
def _by_store(literal: Literal) -> Literal:
    store = Store()
    store.add(Quad(_SCRATCH, _SCRATCH, literal))
    (quad,) = store
    assert isinstance(quad.object, Literal)  # noqa: S101  # as it was put there
    return quad.object


def _literal(value: Literal | Triple) -> Literal:
    """Return the literal, which stands at the end of triple terms."""
    while isinstance(value, Triple):
        value = cast("Literal | Triple", value.object)
    return value


def _shown(literal: Literal) -> str:
    text = literal.value if len(literal.value) <= _SHOWN else f"{literal.value[:_SHOWN]}…"
    return f'"{text}"^^{shorten(literal.datatype.value)}'
