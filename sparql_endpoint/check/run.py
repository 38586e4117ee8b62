"""All checks in one go."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode, Store
from rdflib import Graph

from sparql_endpoint.check.checked import Checked
from sparql_endpoint.check.evidence import check_evidence, check_texts, read_texts
from sparql_endpoint.check.finding import Finding
from sparql_endpoint.check.links import check_links
from sparql_endpoint.check.report import Places, Report, order
from sparql_endpoint.check.scope import Scope, read_scope
from sparql_endpoint.check.shapes import check_shapes, check_targets, focus_nodes, read_shapes
from sparql_endpoint.check.syntax import check_syntax
from sparql_endpoint.check.terms import check_terms
from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.evidence import Evidence, read_evidence
from sparql_endpoint.graph.sources import SourceText

__all__ = ["check"]


def check(
    paths: Sequence[Path] = (), sources: Path | None = None, shapes: Path | None = None
) -> Report[Checked]:
    """Check Turtle files, or without ``paths`` the project's ontology, data and shapes.

    Args:
        paths: files and folders to judge; ``sparql_endpoint.check.scope`` says in which context.
        sources: the folder of the sources' texts; without it quotes are not compared with them.
        shapes: a file or folder of shapes instead of the project's.

    Raises:
        NotFoundError: a path does not exist, or a folder has no Turtle file in it.
        DataError: a file is not UTF-8, the shapes have no shape, or nothing is there to check.
        RdfSyntaxError: a file is not Turtle for rdflib or for Oxigraph.
    """
    scope = read_scope(paths, shapes)
    store = scope.store()
    shapes_graph = read_shapes(scope.shapes)
    evidence = read_evidence(store)
    texts = read_texts(evidence, sources) if sources else {}
    figures = _figures(scope, store, shapes_graph, evidence, texts)
    if not figures.focus_nodes and not scope.judged_shapes:
        names = ", ".join(str(document.path) for document in scope.judged)
        raise DataError(f"{names}: nothing to check: the shapes are about nothing in it")
    found = chain(
        *(check_syntax(document) for document in scope.judged),
        check_targets(store, shapes_graph) if scope.judged_shapes else (),
        check_terms(store),
        check_shapes(store, shapes_graph),
        check_evidence(evidence, store),
        check_texts(evidence, texts) if sources else (),
        check_links(store),
    )
    places = Places(scope.graph + scope.shapes, evidence)
    unchecked = () if sources else ("texts not given: quotes not compared with them",)
    return _report(scope, figures, [places.place(finding) for finding in found], unchecked)


def _figures(
    scope: Scope,
    store: Store,
    shapes: Graph,
    evidence: Evidence,
    texts: Mapping[NamedNode, SourceText],
) -> Checked:
    focused = focus_nodes(store, shapes)
    files = [document for document in scope.graph if document.path in scope.asked]
    statements = [quad for document in files for quad in document.statements]
    mine = {node for quad in statements for node in (quad.subject, quad.object)}
    return Checked(
        files=len(files),
        statements=len(statements),
        shapes=len(focused),
        focus_nodes=len(mine & set().union(*focused.values())),
        claims=sum(claim.iri in mine for claim in evidence.claims),
        quotes=sum(quote.iri in mine for quote in evidence.quotes),
        texts=len(texts),
        compared=sum(quote.iri in mine and quote.source in texts for quote in evidence.quotes),
    )


def _report(
    scope: Scope, figures: Checked, findings: Sequence[Finding], unchecked: tuple[str, ...]
) -> Report[Checked]:
    told = [found for found in findings if found.path is None or found.path in scope.asked]
    return Report(order(told), figures, unchecked, elsewhere=len(findings) - len(told))
