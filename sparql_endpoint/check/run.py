"""All checks of Turtle files in one run."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib import Graph

from sparql_endpoint.check.aside import aside
from sparql_endpoint.check.checked import Checked
from sparql_endpoint.check.data import NO_TARGET, NO_TEXTS
from sparql_endpoint.check.evidence import check_evidence, check_texts, read_texts, texts_missing
from sparql_endpoint.check.finding import Finding
from sparql_endpoint.check.identifiers import check_identifiers, last_release
from sparql_endpoint.check.links import check_links
from sparql_endpoint.check.notices import notices
from sparql_endpoint.check.ranking import check_ranking
from sparql_endpoint.check.rdf import are_stored_as_written
from sparql_endpoint.check.report import Places, Report, order
from sparql_endpoint.check.scope import Scope, read_scope
from sparql_endpoint.check.shapes import read_shapes, tally_shapes
from sparql_endpoint.check.syntax import check_syntax
from sparql_endpoint.check.tally import Tally
from sparql_endpoint.check.targets import check_targets, count_focus_nodes, focus_nodes
from sparql_endpoint.check.terms import check_terms, check_terms_of_shapes
from sparql_endpoint.check.validation import Data
from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.document import Document, Term
from sparql_endpoint.graph.evidence import Evidence, read_evidence
from sparql_endpoint.graph.sources import SourceText
from sparql_endpoint.paths import SHAPES, SHAPES_OF_PACKAGE

__all__ = ["check"]

_sound: set[tuple[Path, bytes]] = set()
"""Path and content of files without syntax errors: the bench checks them with each claim."""


def check(
    paths: Sequence[Path] = (),
    sources: Path | None = None,
    shapes: Path | None = None,
    *,
    house_rules: bool = False,
    changed: Mapping[Path, str] | None = None,
) -> Report[Checked]:
    """Check Turtle files, or without ``paths`` the project's ontology, data and shapes.

    Args:
        paths: files and folders to check; ``sparql_endpoint.check.scope`` has their context.
        sources: the folder of the sources' texts; without it quotes are not compared with them.
        shapes: a file or folder of shapes instead of the project's.
        house_rules: whether the project's other rules are added to such shapes.
        changed: files of the project as they are to be, in place of what is on disk, which is
            checked before it is written; without ``paths``.

    Raises:
        NotFoundError: a path does not exist, or a folder has no Turtle file in it.
        DataError: a file is not UTF-8, the shapes have no shape, or nothing is there to check.
        RdfSyntaxError: a file is not Turtle for rdflib or for Oxigraph.
    """
    ours = shapes is None or house_rules
    material = _read(paths, sources, shapes, ours=ours, changed=changed)
    scope, checked = material.scope, material.checked()
    if ours and not checked.focus_nodes and not scope.judged_shapes:
        names = ", ".join(str(document.path) for document in scope.judged)
        raise DataError(f"{names}: nothing to check: {NO_TARGET}")
    if not ours:
        places = Places(scope.graph, material.evidence)
        found = map(places.place, _broken(material, own=False))
        idle = not count_focus_nodes(material.store, material.shapes)
        unchecked = (*notices(material.shapes), *((NO_TARGET,) if idle else ()))
        return _report(scope, checked, list(found), unchecked)
    places = Places(scope.graph + scope.shapes, material.evidence)
    texts = material.texts
    gone = (NO_TEXTS,) if texts is None else texts_missing(material.evidence, texts)
    found = map(places.place, chain(_found(material, own=shapes is None), _gone(scope)))
    return _report(scope, checked, list(found), gone)


@dataclass(frozen=True)
class _Material:
    """The data and shapes of a check; ``focused`` are the focus nodes of each shape."""

    scope: Scope
    store: Store
    shapes: Graph
    focused: Mapping[Term, Collection[Term]]
    evidence: Evidence
    texts: Mapping[NamedNode, SourceText] | None

    def checked(self) -> Checked:
        """Return the figures of the files that were asked for."""
        files = [document for document in self.scope.graph if document.path in self.scope.asked]
        statements = [quad for document in files for quad in document.statements]
        mine = {node for quad in statements for node in (quad.subject, quad.object)}
        quotes = [quote for quote in self.evidence.quotes if quote.iri in mine]
        texts = self.texts or {}
        return Checked(
            files=len(files),
            statements=len(statements),
            shapes=len(self.focused),
            focus_nodes=len(mine.intersection(chain(*self.focused.values()))),
            claims=sum(claim.iri in mine for claim in self.evidence.claims),
            quotes=len(quotes),
            texts=len(texts),
            compared=sum(quote.source in texts for quote in quotes),
        )


def _read(
    paths: Sequence[Path],
    sources: Path | None,
    shapes: Path | None,
    *,
    ours: bool,
    changed: Mapping[Path, str] | None,
) -> _Material:
    scope = read_scope(paths, shapes, with_ontology=ours, changed=changed)
    store = scope.store()
    shapes_graph = read_shapes(scope.shapes)
    evidence = read_evidence(store if ours else Store())
    texts = read_texts(evidence, sources) if sources else None
    focused = focus_nodes(store, shapes_graph)
    return _Material(scope, store, shapes_graph, focused, evidence, texts)


def _found(material: _Material, *, own: bool) -> Iterator[Finding]:
    store, evidence = material.store, material.evidence
    with aside(partial(_check_syntax, material.scope.judged)) as syntax:
        if material.scope.judged_shapes:
            if not _are_taken_over():
                yield from check_targets(material.shapes, material.focused)
            yield from check_terms_of_shapes(store, _statements(material.scope.shapes))
        yield from check_terms(_statements(material.scope.graph + material.scope.shapes))
        yield from _broken(material, own=own)
        yield from check_evidence(evidence, store)
        yield from check_ranking(evidence, store)
        if material.texts is not None:
            yield from check_texts(evidence, material.texts)
        yield from check_links(store)
        yield from syntax()


def _gone(scope: Scope) -> Iterator[Finding]:
    """Yield the IRIs of the last release that the project no longer describes anywhere."""
    if scope.releases is not None:
        yield from check_identifiers(_statements(scope.graph), last_release(scope.releases))


def _are_taken_over() -> bool:
    """Return whether the shapes are copies of the package's; a project may lack their classes."""
    if SHAPES == SHAPES_OF_PACKAGE or not SHAPES.is_dir():
        return False
    return all(
        (SHAPES_OF_PACKAGE / path.relative_to(SHAPES)).is_file()
        and (SHAPES_OF_PACKAGE / path.relative_to(SHAPES)).read_bytes() == path.read_bytes()
        for path in SHAPES.rglob("*.ttl")
    )


def _broken(material: _Material, *, own: bool) -> list[Finding]:
    """Return the findings of the shapes."""
    files = material.scope.graph
    literals = (quad.object for quad in _statements(files) if isinstance(quad.object, Literal))
    as_written = None if are_stored_as_written(literals) else partial(_statements, files)
    tally = Tally()
    tally_shapes(tally, Data(material.store, as_written), material.shapes, own=own)
    return tally.findings


def _statements(documents: Sequence[Document]) -> Iterator[Quad]:
    return chain.from_iterable(document.statements for document in documents)


def _check_syntax(documents: Sequence[Document]) -> list[Finding]:
    findings: list[Finding] = []
    for document in documents:
        if (document.path, document.content) not in _sound:
            found = check_syntax(document)
            findings += found
            if not found:
                _sound.add((document.path, document.content))
    return findings


def _report(
    scope: Scope, figures: Checked, findings: Sequence[Finding], unchecked: tuple[str, ...]
) -> Report[Checked]:
    told = [found for found in findings if found.path is None or found.path in scope.asked]
    return Report(order(told), figures, unchecked, elsewhere=len(findings) - len(told))
