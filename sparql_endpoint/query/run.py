"""Running a query in this process.

The engine calls any SERVICE, wherever that leads, so each is refused before the query runs.
"""

from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode, Store

from sparql_endpoint.errors import QueryError, UpdateAsQueryError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.bounds import check_chains
from sparql_endpoint.query.comparisons import (
    NAN_FUNCTION,
    has_nan,
    with_nan,
)
from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.query.each_graph import each_graph
from sparql_endpoint.query.escapes import unescaped
from sparql_endpoint.query.merge import Dataset, Merges
from sparql_endpoint.query.outline import Form, Outline, outline
from sparql_endpoint.query.prepare import may_be_relative, prepare
from sparql_endpoint.query.syntax import explain
from sparql_endpoint.query.write import Results
from sparql_endpoint.query.xpath import nan_comparison

__all__ = ["ask", "outline_safe", "run", "run_with_notices"]


def outline_safe(text: str, base: str | None = None) -> Outline:
    """Return the outline of a query that only reads, and only here.

    Raises:
        QuerySyntaxError: as ``outline``.
        QueryTooDeepError: it has too many patterns or operators.
        UpdateAsQueryError: it is an update.
        QueryError: it calls a service.
    """
    check_chains(text)
    told = outline(text, base)
    if told.form is Form.UPDATE:
        raise UpdateAsQueryError
    if told.services:
        service = told.services[0]
        target = f"<{service.target}>" if service.target else "whatever it finds"
        raise QueryError(
            f"line {service.place.line}, column {service.place.column}: SERVICE would send this"
            f" query to {target}; take that part out, and ask there yourself"
        )
    return told


def run(
    store: Store,
    text: str,
    graphs: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
    base: str | None = None,
) -> Results:
    """Return the results of a query, as ``run_with_notices`` does."""
    return run_with_notices(store, text, graphs, base)[0]


def run_with_notices(
    store: Store,
    text: str,
    graphs: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
    base: str | None = None,
) -> tuple[Results, Sequence[Notice]]:
    """Return the results of a query, with our prefixes known to it, and what to warn of.

    Args:
        store: what to ask.
        text: the query.
        graphs: the IRIs of the default graphs and of the named ones to ask, instead of those of
            the query's FROM.
        base: the IRI that relative IRIs of the query resolve against where it has no BASE.

    Raises:
        QuerySyntaxError: it does not parse.
        QueryError: it cannot be run as it stands.
        UpdateAsQueryError: it is an update.
    """
    text = unescaped(text)
    told = outline_safe(text, base)
    wanted = told.dataset if graphs is None else graphs
    seen = Dataset(store) if wanted is None else Merges(store).dataset(*wanted)
    try:
        return ask(seen, text, PREFIXES, base)
    except SyntaxError as fault:
        raise explain(text, fault, base) from None
    except RuntimeError as fault:
        raise QueryError(str(fault)) from None


def ask(
    dataset: Dataset, text: str, prefixes: Mapping[str, str], base: str | None = None
) -> tuple[Results, Sequence[Notice]]:
    """Return the results of a query that has passed all checks, and what to warn of.

    It is prepared for the engine (``prepare``) unless another server answers it. What to warn of
    in that server's answer is there when the results have been read.

    Args:
        dataset: what to ask.
        text: the query, without codepoint escapes (``escapes.unescaped``).
        prefixes: prefixes that it may use without declaring them, and their namespaces.
        base: the IRI that its relative IRIs resolve against where it has no BASE.

    Raises:
        SyntaxError: it does not parse; the error is that of the query as it was written.
        RuntimeError, OSError, ValueError: the engine cannot run it.
        ForumGraphError: the other server has no answer.
    """
    store, known = dataset.store, dict(prefixes)
    default, named = dataset.default_graph, dataset.named_graphs
    if not isinstance(store, Store):
        if base is not None and may_be_relative(text):
            text = f"BASE <{base}> {text}"  # else it would be the other server's address
        results = store.query(text, prefixes=known, default_graph=default, named_graphs=named)
        return results, store.notices
    prepared = prepare(text, base)
    written, more = prepared.text, tuple[Notice, ...]()
    if prepared.by_graph:
        graphs = tuple(store.named_graphs()) if named is None else tuple(named)
        written, more = each_graph(written, graphs)
    functions = prepared.functions
    if prepared.compares and (prepared.names_nan or has_nan(store)):
        written = with_nan(written)
        functions = {**(functions or {}), NamedNode(NAN_FUNCTION): nan_comparison}
    try:
        results = store.query(
            written,
            base_iri=base,
            prefixes=known,
            default_graph=default,
            named_graphs=named,
            custom_functions=functions,
        )
    except SyntaxError as fault:
        raise (fault if written == text else prepared.fault(fault, base)) from None
    return results, prepared.notices + more
