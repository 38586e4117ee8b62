"""Features of SHACL that shapes use and that are not evaluated, so that nobody relies on them."""

from collections.abc import Iterator
from difflib import get_close_matches

from rdflib import OWL, RDF, SH, Graph
from rdflib.term import Node, URIRef

from sparql_endpoint.names import shorten

__all__ = ["notices"]

_ADVANCED = ("expression", "js", "rule", "target")
"""https://www.w3.org/TR/shacl-af/ and https://www.w3.org/TR/shacl-js/."""
_TO_SHAPES = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
_TO_LISTS = (SH["and"], SH["or"], SH.xone)
_TERMS = sorted(
    {"and", "class", "in", "not", "or"} | {str(term).removeprefix(str(SH)) for term in dir(SH)}
)


def notices(shapes: Graph) -> list[str]:
    """Return one sentence for each feature that is not evaluated, sorted.

    These are terms that SHACL does not have, its advanced features, imports (nothing is fetched),
    and shapes that refer to themselves, whose meaning SHACL leaves undefined
    (https://www.w3.org/TR/shacl/#shapes-recursion).
    """
    used = {
        str(name).removeprefix(str(SH))
        for name in shapes.predicates()
        if str(name).startswith(str(SH))
    }
    return [
        *(_unknown(name) for name in sorted(used.difference(_TERMS))),
        *(
            f"sh:{name} belongs to SHACL's extensions, which are not evaluated"
            for name in sorted(used.intersection(_ADVANCED))
        ),
        *(
            f"<{name}> is imported and not fetched: give a folder that has its shapes too"
            for name in sorted(set(shapes.objects(None, OWL.imports)), key=str)
            if (name, RDF.type, OWL.Ontology) not in shapes
        ),
        *(
            f"{shorten(str(shape))} refers to itself, and SHACL does not define recursive shapes: "
            "they are followed some levels deep"
            for shape in sorted(_recursive(shapes))
        ),
    ]


def _unknown(name: str) -> str:
    close = get_close_matches(name, _TERMS, 1)
    hint = f"; did you mean sh:{close[0]}?" if close else ""
    return f"sh:{name} is no term of SHACL and checks nothing{hint}"


def _recursive(shapes: Graph) -> Iterator[URIRef]:
    """Yield the named shapes that refer to themselves, directly or through others."""
    for start in set(shapes.subjects()):
        seen, left = set[Node](), [*_referred(shapes, start)]
        while left and start not in seen:
            shape = left.pop()
            if shape not in seen:
                seen.add(shape)
                left.extend(_referred(shapes, shape))
        if start in seen and isinstance(start, URIRef):
            yield start


def _referred(shapes: Graph, shape: Node) -> Iterator[Node]:
    for name in _TO_SHAPES:
        yield from shapes.objects(shape, name)
    for name in _TO_LISTS:
        for head in shapes.objects(shape, name):
            yield from shapes.items(head)
